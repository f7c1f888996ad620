"""Webhooks: signed as the standard says, judged, and sent by the running service."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from standardwebhooks import Webhook as Verifier

from config.problems import Unfit
from pipelines.store import Alert, Store, StoreError
from pipelines.store.deliveries import Stats
from program import exported
from service.demo.client import Site
from service.push import signing
from service.push.delivery import Trouble
from service.push.webhook import Answer, Refused, judge

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
OTHER = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
NOW = datetime.now(UTC)
PATIENCE = 40


def test_what_is_signed_is_verified_by_the_standards_own_library() -> None:
    body = json.dumps({"type": "text.new", "data": {"title": "Füße"}}).encode()
    made = signing.headers([signing.key(SECRET)], "msg_1", datetime.now(UTC), body)
    assert Verifier(SECRET).verify(body, made) == json.loads(body)
    with pytest.raises(Exception, match="No matching signature"):
        Verifier(OTHER).verify(body, made)
    with pytest.raises(Exception, match="No matching signature"):
        Verifier(SECRET).verify(body + b" ", made)


def test_old_and_new_secret_sign_side_by_side() -> None:
    made = signing.headers(
        map(signing.key, (OTHER, SECRET)), "msg_1", datetime.now(UTC), b"{}"
    )
    assert len(made["webhook-signature"].split()) == 2
    for secret in (SECRET, OTHER):
        assert Verifier(secret).verify(b"{}", made) == {}


@pytest.mark.parametrize("secret", ["whsec_", "whsec_AAAA", "not base64!", "x" * 200])
def test_a_secret_that_will_not_do(secret: str) -> None:
    with pytest.raises(Unfit) as caught:
        signing.key(secret)
    assert secret not in str(caught.value) or secret == "whsec_"


@pytest.mark.parametrize(
    ("status", "headers", "verdict"),
    [
        (200, {}, None),
        (204, {}, None),
        (400, {}, Refused("HTTP 400: no")),
        (404, {}, Refused("HTTP 404: no")),
        (500, {}, Refused("HTTP 500: no", ill=True)),
        (
            302,
            {"location": "http://elsewhere.example/"},
            Refused("HTTP 302: http://elsewhere.example/: redirects are not followed"),
        ),
        (410, {}, Trouble("HTTP 410: no", gone=True)),
        (429, {"retry-after": "120"}, Trouble("HTTP 429: no", wait=120)),
        (503, {}, Trouble("HTTP 503: no")),
        (502, {"retry-after": "soon"}, Trouble("HTTP 502: no")),
    ],
)
def test_what_an_answer_means(
    status: int, headers: dict[str, str], verdict: object
) -> None:
    assert judge(Answer(status, headers, " no\n"), NOW) == verdict


@dataclass
class Receiver:
    """Takes webhooks: what came, by path; `answers` are given first, then 204."""

    answers: dict[str, list[tuple[int, dict[str, str]]]]
    came: dict[str, list[tuple[dict[str, str], bytes]]] = field(default_factory=dict)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def receiving(**answers: list[tuple[int, dict[str, str]]]) -> Iterator[Receiver]:
    receiver = Receiver({f"/{name}": said for name, said in answers.items()})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): said for name, said in self.headers.items()}
            receiver.came.setdefault(self.path, []).append((headers, body))
            script = receiver.answers.get(self.path)
            status, more = script.pop(0) if script else (204, {})
            self.send_response(status)
            for name, said in {**more, "Content-Length": "0"}.items():
                self.send_header(name, said)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Not on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def hook(url: str) -> dict[str, object]:
    return {"push": {"webhook": url, "secret": {"env": "HOOK_SECRET"}}}


def looked(config: Path) -> tuple[dict[str, Stats], list[Alert]]:
    with Store.open(config / "data" / "presswatch.db", read_only=True) as store:
        stats = store.queue.stats(datetime.now(UTC))
        return {one.subscription: one for one in stats}, list(store.alerts.list())


def test_the_service_pushes_and_stands_what_receivers_do(
    site: Site, tmp_path: Path
) -> None:
    """One service with five receivers: good, busy, gone, moved, and forbidden."""
    gone, moved = (410, {}), (301, {"Location": "http://127.0.0.1:1/"})
    busy = [(503, {"Retry-After": "1"}), (429, {})]
    many = 100
    with (
        receiving(busy=busy, gone=[gone] * many, moved=[moved] * many) as receiver,
        receiving() as forbidden,
    ):
        subscriptions = {
            name: hook(receiver.url(f"/{name}"))
            for name in ("good", "busy", "gone", "moved")
        }
        subscriptions["forbidden"] = hook(forbidden.url("/"))
        config = site.config(
            tmp_path,
            outlets=["courier"],
            sources=["feed"],
            queue={"subscriptions": subscriptions},
        )
        allow(config, f"127.0.0.1:{receiver.port}")
        wanted = len(site.truth("courier"))
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "run", "--config", str(config)],
            stderr=subprocess.PIPE,
            text=True,
            env={"HOOK_SECRET": f"{SECRET} {OTHER}", "PATH": "/usr/bin:/bin"},
        )
        try:
            wait_for(config, wanted)
            process.terminate()
            _, log = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
            process.communicate()
        found, alerts = looked(config)

    ids = [message["id"] for message in exported(config)]
    good = receiver.came["/good"]
    assert sorted(headers["webhook-id"] for headers, _ in good) == sorted(ids)
    for headers, body in (*good, *receiver.came["/busy"]):
        told = Verifier(SECRET).verify(body, headers)
        assert told["type"] == "text.new"
        assert told["data"]["id"] == headers["webhook-id"]
        assert told["data"]["article"]["text"]
        assert "token" not in told["data"]
        assert headers["user-agent"].startswith("presswatch-demo")
    # What a busy receiver sent away comes again under the same id.
    again = [headers["webhook-id"] for headers, _ in receiver.came["/busy"]]
    assert again[0] == again[1] == again[2]
    assert sorted(set(again)) == sorted(ids)
    assert found["gone"].paused
    assert found["gone"].ready == wanted
    assert len(receiver.came["/gone"]) == 1
    assert found["moved"].delayed == wanted
    assert found["forbidden"].ready == wanted
    assert forbidden.came == {}
    told = {alert.key: alert.text for alert in alerts}
    assert "wants no more: HTTP 410" in told["push:gone"]
    assert "private address: 127.0.0.1" in told["push:forbidden"]
    assert "Traceback" not in log
    assert "whsec" not in log


def allow(config: Path, address: str) -> None:
    file = config / "presswatch.yaml"
    said = yaml.safe_load(file.read_text())
    said["network"]["allow_private"].append(address)
    file.write_text(yaml.safe_dump(said))


def wait_for(config: Path, wanted: int) -> None:
    """Until each receiver has got as far as it will."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(0.2)
        try:
            found, alerts = looked(config)
        except StoreError:  # the first moments: the database is being made
            continue
        if len(found) < 6:
            continue
        done = [found[name].done for name in ("good", "busy")] == [wanted, wanted]
        told = {alert.key for alert in alerts}
        if done and found["moved"].delayed == wanted and len(told) == 2:
            return
    raise AssertionError(looked(config))
