"""Standard streams that are closed or broken, and how the program leaves then.

A pipe whose reader has gone ends the program as it ends others, without a word; an
output that cannot be written (a full disk, a closed descriptor) is an error in one
line, since results were lost.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import suppress
from typing import Final, NoReturn

#: What shells report for a program that a broken pipe ended.
BROKEN_PIPE: Final = 128 + signal.SIGPIPE
#: Results could not be written (EX_IOERR of sysexits.h).
UNWRITABLE: Final = 74

#: The libraries that print; they write nothing else.
_PRINTERS: Final = frozenset({"click", "rich"})
_OF_A_STREAM: Final = frozenset({errno.EPIPE, errno.EBADF})


def open_standard_streams() -> None:
    """Sees that descriptors 0 to 2 are open, so that no file of ours becomes one.

    A library that prints would else write into the database. What is written to a
    standard output that was closed fails, as it should; a closed input is empty.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:  # the lowest free number is this one
            os.open(os.devnull, os.O_WRONLY if number == 2 else os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def output_failure(error: OSError) -> int | None:
    """The exit code if it was standard output that failed, told where it should be.

    None for any other error.
    """
    if error.filename is not None:
        return None
    if error.errno not in _OF_A_STREAM and not _output_failed(error):
        return None  # another file, on a disk that is full
    drop_output()
    if error.errno == errno.EPIPE:
        return BROKEN_PIPE
    with suppress(OSError, AttributeError):
        sys.stderr.write(
            f"presswatch: standard output cannot be written: {error.strerror}\n"
        )
    return UNWRITABLE


def _output_failed(error: OSError) -> bool:
    """Whether it was printing that failed, or would: unwritten output is buffered."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is not None:
        module = place.tb_frame.f_globals.get("__name__", "")
        if module.partition(".")[0] in _PRINTERS:
            return True
    try:
        sys.stdout.flush()
    except OSError:
        return True
    return False


def drop_output() -> None:
    """Forgets standard output: what is buffered is not tried again at the exit."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def leave(code: int) -> NoReturn:
    """Ends the process at once, whatever its threads still do."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
