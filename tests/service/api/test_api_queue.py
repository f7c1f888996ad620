"""The queue over HTTP: the same semantics as from the shell."""

from __future__ import annotations

import json
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from newsstand import FERRY, Newsstand
from served import Served, stored

from program import run
from service.api.problems import KINDS, MEDIA_TYPE


def settle(message: dict[str, str], way: str) -> str:
    return f"/v1/queue/default/messages/{message['id']}/{way}"


def problem(answer: object, kind: str) -> None:
    """An answer is the problem document of a kind."""
    told = answer.json  # type: ignore[attr-defined]
    assert told["type"] == f"/problems#{kind}", told
    assert answer.status == told["status"] == KINDS[kind].status  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == MEDIA_TYPE  # type: ignore[attr-defined]
    assert told["title"] == KINDS[kind].title
    assert told["detail"]


def test_a_lease_is_what_the_command_prints(api: Served, database: Path) -> None:
    (message,) = api.lease()
    with stored(database) as store:
        store.queue.release(message["id"], message["token"])
    (printed,) = map(
        json.loads, run("queue", "lease", "--database", database).splitlines()
    )
    assert printed.pop("token") != message.pop("token")
    assert printed == message
    assert message["kind"] == "new"
    assert message["article"]["also_at"][0]["outlet"] == "hills"


def test_leased_acknowledged_and_so_again(api: Served) -> None:
    first, second = api.lease("limit=10&for=10m")
    assert api.lease() == []
    token = {"token": first["token"]}
    assert api.post(settle(first, "ack"), token).json == {
        "id": first["id"],
        "state": "done",
    }
    assert api.post(settle(first, "ack"), token).status == 200
    problem(api.post(settle(first, "ack"), {"token": second["token"]}), "stale-lease")
    stats = api.get("/v1/queue/default").json
    assert (stats["done"], stats["leased"]) == (1, 1)
    assert api.get("/v1/queue").json["subscriptions"] == [stats]


def test_many_are_settled_in_one_go(api: Served) -> None:
    first, second = api.lease("limit=2")
    held = [{"id": one["id"], "token": one["token"]} for one in (first, second)]
    wrong = [{**held[0], "token": "x"}, {"id": "unheard-of", "token": "x"}]
    answer = api.post("/v1/queue/default/ack", {"messages": [*wrong, *held]})
    assert answer.status == 200
    assert answer.json["settled"] == [first["id"], second["id"]]
    kinds = [one["problem"]["type"] for one in answer.json["refused"]]
    assert kinds == ["/problems#stale-lease", "/problems#unknown-message"]
    assert api.get("/v1/queue/default").json["done"] == 2


def test_failed_delayed_dead_and_redriven(api: Served) -> None:
    (message,) = api.lease()
    reason = {"token": message["token"], "reason": "no such language"}
    failed = api.post(settle(message, "fail"), reason).json
    assert failed["state"] == "delayed"
    assert failed["available_at"] > api.now.isoformat()
    problem(api.post(settle(message, "fail"), reason), "stale-lease")
    api.later(minutes=5)
    again = next(one for one in api.lease("limit=9") if one["id"] == message["id"])
    assert again["attempt"] == 2
    given_up = {"token": again["token"], "reason": "never", "permanent": True}
    assert api.post(settle(again, "fail"), given_up).json == {
        "id": message["id"],
        "state": "dead",
        "available_at": None,
    }
    (letter,) = api.get("/v1/queue/default/dead").json["messages"]
    assert (letter["id"], letter["last_error"]) == (message["id"], "never")
    assert api.post("/v1/queue/default/redrive", {"ids": None}).json == {"redriven": 1}
    problem(api.post("/v1/queue/default/redrive", {"ids": [message["id"]]}), "not-dead")
    assert [one["id"] for one in api.lease("limit=9")] == [message["id"]]


def test_a_lease_is_extended(api: Served) -> None:
    (message,) = api.lease("for=1m")
    longer = {"token": message["token"], "for": "1h"}
    told = api.post(settle(message, "extend"), longer).json
    assert told["lease_until"] == (api.now + timedelta(hours=1)).isoformat()
    api.later(minutes=30)
    assert message["id"] not in [one["id"] for one in api.lease("limit=9")]


def test_paused_it_gives_nothing(api: Served) -> None:
    assert api.post("/v1/queue/default/pause").json["paused"] is True
    assert api.lease("wait=10ms") == []
    assert api.post("/v1/queue/default/resume").json["paused"] is False
    assert len(api.lease("limit=9")) == 2


def test_the_log_is_read_by_its_numbers(api: Served) -> None:
    everything = api.get("/v1/queue/default/messages").json
    first = api.get("/v1/queue/default/messages?limit=1").json
    rest = api.get(f"/v1/queue/default/messages?since={first['next']}").json
    assert first["messages"] + rest["messages"] == everything["messages"]
    assert [one["kind"] for one in everything["messages"]] == ["new", "revision"]
    end = api.get(f"/v1/queue/default/messages?since={rest['next']}").json
    assert end == {"messages": [], "next": rest["next"]}


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "where"),
    [
        ("POST", "/v1/queue/nobody/lease", None, "unknown-subscription", None),
        ("GET", "/v1/queue/nobody", None, "unknown-subscription", None),
        ("GET", "/v1/queue/nobody/dead", None, "unknown-subscription", None),
        ("GET", "/v1/queue/nobody/messages", None, "unknown-subscription", None),
        ("POST", "/v1/queue/nobody/pause", None, "unknown-subscription", None),
        (
            "POST",
            "/v1/queue/nobody/ack",
            {"messages": [{"id": "x", "token": "y"}]},
            "unknown-subscription",
            None,
        ),
        (
            "POST",
            "/v1/queue/default/messages/x/ack",
            {"token": "y"},
            "unknown-message",
            None,
        ),
        ("POST", "/v1/queue/default/lease?limit=0", None, "invalid", "query.limit"),
        ("POST", "/v1/queue/default/lease?for=soon", None, "invalid", "query.for"),
        ("POST", "/v1/queue/default/lease?for=100h", None, "invalid", "query.for"),
        ("POST", "/v1/queue/default/lease?wait=2m", None, "invalid", "query.wait"),
        ("POST", "/v1/queue/default/ack", b"{", "invalid", "body.1"),
        ("POST", "/v1/queue/default/ack", {}, "invalid", "body.messages"),
        (
            "POST",
            "/v1/queue/default/messages/x/ack",
            {"tokn": "secret", "token": "secret"},
            "invalid",
            "body.tokn",
        ),
        (
            "POST",
            "/v1/queue/default/redrive",
            b'{"ids": ["\\ud800"]}',
            "invalid",
            "body.ids.0",
        ),
        (
            "POST",
            "/v1/queue/default/messages/%ff%00/ack",
            {"token": "a\0b"},
            "unknown-message",
            None,
        ),
        ("DELETE", "/v1/queue/default", None, "method-not-allowed", None),
        ("GET", "/v1/queue/default/", None, "not-found", None),
    ],
)
def test_what_does_not_fit_is_a_problem(
    api: Served, method: str, path: str, body: object, kind: str, where: str | None
) -> None:
    answer = api.ask(method, path, body)
    problem(answer, kind)
    assert "secret" not in answer.text
    if where is not None:
        assert answer.json["errors"][0]["where"] == where


def test_who_waits_gets_a_message_as_soon_as_it_comes(
    api: Served, database: Path
) -> None:
    assert len(api.lease("limit=9")) == 2
    found: list[object] = []
    waiting = threading.Thread(
        target=lambda: found.extend(api.lease("wait=30s&limit=9"))
    )
    waiting.start()
    while not api.desk.waiting.subscriptions:
        time.sleep(0.01)
    with stored(database) as store:
        stand = Newsstand(store)
        stand.publish("ferry", f"{FERRY}/late", ("The late ferry came early.",))
    waiting.join(20)
    assert [one["article"]["url"] for one in found] == [f"{FERRY}/late"]  # type: ignore[index]


def test_a_lease_that_runs_out_ends_the_waiting(api: Served) -> None:
    api.lease("limit=9&for=1m")
    api.later(minutes=2)
    assert len(api.lease("wait=30s&limit=9")) == 2


def test_waiting_ends_with_the_service_and_at_its_time(api: Served) -> None:
    api.lease("limit=9")
    assert api.lease("wait=50ms") == []
    found: list[object] = [None]

    def wait() -> None:
        found[:] = api.lease("wait=60s")

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not api.desk.waiting.subscriptions:
        time.sleep(0.01)
    api.end()
    waiting.join(20)
    assert found == []


def test_who_went_away_gets_nothing(api: Served, database: Path) -> None:
    api.lease("limit=9")
    with socket.create_connection(("127.0.0.1", api.port)) as gone:
        gone.sendall(
            b"POST /v1/queue/default/lease?wait=60s HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        while not api.desk.waiting.subscriptions:
            time.sleep(0.01)
    with stored(database) as store:
        stand = Newsstand(store)
        stand.publish("ferry", f"{FERRY}/late", ("The late ferry came early.",))
    (message,) = api.lease("wait=20s")
    assert message["attempt"] == 1
