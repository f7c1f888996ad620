"""Runs `presswatch` for as long as its standard input is open: no orphan stays.

`python -m service.demo.leash run ...` is `presswatch run ...` that also ends, as by
SIGTERM, when whoever started it has gone without saying so.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from service.cli import main


def _watch() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.argv[0] = "presswatch"  # the name that `presswatch status` shows
    threading.Thread(target=_watch, daemon=True).start()
    main(prog_name="presswatch")
