"""Web pages to look at what is going on. They change nothing."""
