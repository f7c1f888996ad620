"""A process that publishes what another one publishes at the same moment.

Run as `python twins.py DATABASE OUTLET`; begins when a line comes in.
"""

from __future__ import annotations

import sys
from pathlib import Path

from newsdesk import Newsdesk, words

from pipelines.store import Store

STORIES = 25


def main(path: Path, outlet: str) -> None:
    """Publish every story under the outlet's own lead."""
    with Store.open(path) as store:
        desk = Newsdesk(store)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for number in range(STORIES):
            text = f"{words(f'{outlet} {number}', 8)}\n{words(f'story {number}')}"
            desk.publish(f"https://{outlet}.example/{number}", text, outlet=outlet)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
