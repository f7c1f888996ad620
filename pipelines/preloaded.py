"""What the fork server imports once, so that workers are born with it.

Imported by nothing else: unlike every other module it works at import. A worker
forked from here is ready in milliseconds instead of the second and a half that
trafilatura, lxml and the language profiles take to load.
"""

from __future__ import annotations

import gc
import signal
from contextlib import suppress

from pipelines import language, reading

# Whoever stops the service signals the whole process group; the fork server and the
# workers end when their pipe does, after the page at hand has been answered.
signal.signal(signal.SIGTERM, signal.SIG_IGN)

language.load()
# One page read here imports, compiles and parses what reading needs: trafilatura, the
# vocabularies, the public suffix list.
# Should it fail, so will the first page in a worker, which can say so.
with suppress(Exception):
    reading.read(
        reading.PageInput(b"<html><p>.</p></html>", url="https://example.org/")
    )
# What is loaded now stays: keep the collector from touching, and so copying, the
# pages of memory that the workers share.
gc.freeze()
