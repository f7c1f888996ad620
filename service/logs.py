"""Logging for people: one line per event on standard error."""

from __future__ import annotations

import logging
import sys

#: Libraries whose INFO is noise to an operator.
_QUIET = ("scrapy", "twisted", "trafilatura", "asyncio", "filelock")


def configure(level: int) -> None:
    """Sends our log to standard error; libraries only from WARNING on.

    On a terminal the time is enough; a journal adds its own date. A log that cannot
    be written (a full disk, a reader that has gone) is no reason to fail, nor to print
    about it.
    """
    logging.raiseExceptions = False
    logging.basicConfig(
        level=level,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)-7s %(message)s",
        datefmt="%H:%M:%S",
        force=True,
    )
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # Scrapy warns of each download it ends; our own line says so with the outlet.
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    # What it says of late and failed jobs, the scheduler's door says once.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
