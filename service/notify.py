"""Tells systemd how the service is (sd_notify(3)); silent where nobody listens.

The protocol is one datagram of `KEY=value` lines to the socket that $NOTIFY_SOCKET
names. A service manager that is gone or deaf is no reason to fail.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Manager:
    """The service manager. `patience`: seconds of silence after which it restarts us.

    Without a socket every message goes nowhere; without a watchdog, `patience` is
    None.
    """

    address: str | None = None
    patience: float | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str], pid: int | None = None) -> Manager:
        """What the environment says of it ($NOTIFY_SOCKET, $WATCHDOG_USEC, _PID)."""
        meant = environment.get("WATCHDOG_PID", "")
        ours = not meant or meant == str(os.getpid() if pid is None else pid)
        usec = environment.get("WATCHDOG_USEC", "")
        patience = int(usec) / 1e6 if ours and usec.isdigit() and int(usec) else None
        return cls(environment.get("NOTIFY_SOCKET") or None, patience)

    def ready(self, status: str) -> None:
        """The service works, or works again after `reloading`."""
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """A new config is being read."""
        usec = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._tell("RELOADING=1", f"MONOTONIC_USEC={usec}")

    def stopping(self, status: str) -> None:
        """The service is on its way out."""
        self._tell("STOPPING=1", f"STATUS={status}")

    def alive(self, status: str) -> None:
        """The service does its work; what the watchdog waits for."""
        self._tell("WATCHDOG=1", f"STATUS={status}")

    def unwell(self, status: str) -> None:
        """What is stuck; the watchdog hears nothing."""
        self._tell(f"STATUS={status}")

    def _tell(self, *lines: str) -> None:
        if self.address is None:
            return
        # A leading @ stands for the abstract namespace of Linux.
        name = "\0" + self.address[1:] if self.address[0] == "@" else self.address
        message = "\n".join(" ".join(line.split("\n")) for line in lines)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.setblocking(False)
                out.connect(name)
                out.send(message.encode())
        except OSError as error:
            log.debug("the service manager does not listen: %s", error)
