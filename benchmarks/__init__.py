"""Every figure in the docs was measured by a script of this folder."""
