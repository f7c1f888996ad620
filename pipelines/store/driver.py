"""The SQLite driver: the one sqlite-utils picks, so that its errors are the same.

That is pysqlite3 where it is installed, which carries a recent SQLite (those before
3.51.3 can corrupt a write-ahead log), else the standard library's. sqlite-utils itself
is loaded when it is used: it takes longer to load than an acknowledgement to write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["sqlite3"]
