"""Look-ups of names: each within its deadline, none at another's cost."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.task import Clock

from crawlers import lookup
from crawlers.lookup import CROWDED, DEADLINE, HANGS, KEPT, Lookups

ROW = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 0))
ROW6 = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::7", 0, 0, 0))


class Reactor(Clock):
    """Time by hand; what threads report waits until it is let in."""

    def __init__(self) -> None:
        super().__init__()
        self.reported = threading.Semaphore(0)
        self._reports: list[Callable[[], None]] = []

    def callFromThread(self, call: Callable[..., None], *args: Any) -> None:  # noqa: N802
        self._reports.append(lambda: call(*args))
        self.reported.release()

    def let_in(self) -> None:
        """Waits for one report of a thread."""
        assert self.reported.acquire(timeout=10)
        self._reports.pop(0)()


class Names:
    """A name server that answers when it is told to, and counts questions."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answering = threading.Event()
        self.rows: list[Any] = [ROW]

    def __call__(self, name: str, *_: Any) -> list[Any]:
        self.asked.append(name)
        assert self.answering.wait(10)
        if not self.rows:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return self.rows


class Receiver:
    def __init__(self) -> None:
        self.found: list[tuple[str, int]] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        assert not self.complete

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.found.append((address.host, address.port))

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


@pytest.fixture
def reactor() -> Reactor:
    return Reactor()


@pytest.fixture
def names() -> Any:
    server = Names()
    yield server
    server.answering.set()


@pytest.fixture
def lookups(reactor: Reactor, names: Names) -> Lookups:
    return Lookups(reactor, names, reactor.seconds)


def ask(lookups: Lookups, name: str, port: int = 80) -> Receiver:
    receiver = Receiver()
    lookups.resolveHostName(receiver, name, port)
    return receiver


def test_a_name_becomes_its_addresses(
    lookups: Lookups, reactor: Reactor, names: Names
) -> None:
    names.rows = [ROW, ROW6]
    names.answering.set()
    receiver = ask(lookups, "paper.test", 8080)
    assert not receiver.complete
    reactor.let_in()
    assert receiver.found == [("192.0.2.7", 8080), ("2001:db8::7", 8080)]
    assert receiver.complete


def test_an_answer_is_kept_for_a_while_and_for_every_port(
    lookups: Lookups, reactor: Reactor, names: Names
) -> None:
    names.answering.set()
    ask(lookups, "paper.test", 80)
    reactor.let_in()
    assert ask(lookups, "PAPER.test", 443).found == [("192.0.2.7", 443)]
    reactor.advance(KEPT + 1)
    assert not ask(lookups, "paper.test").complete
    reactor.let_in()
    assert names.asked == ["paper.test", "paper.test"]


def test_those_who_ask_the_same_meanwhile_share_one_answer(
    lookups: Lookups, reactor: Reactor, names: Names
) -> None:
    receivers = [ask(lookups, "paper.test", port) for port in (80, 443)]
    names.answering.set()
    reactor.let_in()
    assert [r.found[0][1] for r in receivers] == [80, 443]
    assert names.asked == ["paper.test"]


def test_a_name_that_hangs_has_no_address_after_the_deadline(
    lookups: Lookups, reactor: Reactor, names: Names
) -> None:
    receiver = ask(lookups, "slow.test")
    reactor.advance(DEADLINE + 0.1)
    assert (receiver.complete, receiver.found) == (True, [])
    assert lookups.reason("slow.test") == HANGS
    reactor.advance(3600)
    assert ask(lookups, "slow.test").complete  # no second thread for it
    names.answering.set()
    reactor.let_in()
    assert ask(lookups, "slow.test").found == [("192.0.2.7", 80)]
    assert names.asked == ["slow.test"]
    assert lookups.reason("slow.test") is None


def test_a_name_that_does_not_exist_is_no_crash(
    lookups: Lookups, reactor: Reactor, names: Names
) -> None:
    names.rows = []
    names.answering.set()
    receiver = ask(lookups, "nothing.test")
    reactor.let_in()
    assert (receiver.complete, receiver.found) == (True, [])
    assert lookups.reason("nothing.test") is None


def test_beyond_so_many_that_hang_none_is_begun(
    lookups: Lookups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MOST_RUNNING", 2)
    waiting = [ask(lookups, f"slow{n}.test").complete for n in range(3)]
    assert waiting == [False, False, True]
    assert lookups.reason("slow2.test") == CROWDED


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        pytest.param("127.1", "127.0.0.1", id="short"),
        pytest.param("0x7f000001", "127.0.0.1", id="hexadecimal"),
        pytest.param("017700000001", "127.0.0.1", id="octal"),
        pytest.param("2130706433", "127.0.0.1", id="decimal"),
        pytest.param("::ffff:10.0.0.1", "::ffff:10.0.0.1", id="mapped"),
    ],
)
def test_addresses_are_known_at_once(
    lookups: Lookups, names: Names, spelling: str, address: str
) -> None:
    receiver = ask(lookups, spelling)
    assert receiver.found == [(address, 80)]
    assert names.asked == []
