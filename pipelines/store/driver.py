"""The SQLite driver: the one sqlite-utils picked, so that its errors are the same.

That is pysqlite3 where it is installed, which carries a recent SQLite (those before
3.51.3 can corrupt a write-ahead log), else the standard library's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

__all__ = ["sqlite3"]
