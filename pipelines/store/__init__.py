"""The SQLite store; all SQL lives here."""
