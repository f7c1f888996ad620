"""A fetched page becomes a stored, queued article."""
