"""Articles, stories, standing and metrics over HTTP: what the commands print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from newsstand import COPY, FERRY, FERRY_TEXT, LOST, STORY, Newsstand
from served import Served, stored

from program import records, run
from service import watch


def printed(*words: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*words).splitlines()]


def test_articles_are_those_of_the_command_oldest_first(
    api: Served, database: Path
) -> None:
    told = api.get("/v1/articles").json
    assert (
        told["articles"] == records("articles", "--database", database, "--json")[::-1]
    )
    assert [article["url"] for article in told["articles"]] == [COPY, STORY]
    assert told["articles"][0]["copy_of"]["url"] == STORY


def test_from_page_to_page_nothing_is_missed(api: Served, database: Path) -> None:
    first = api.get("/v1/articles?limit=1").json
    second = api.get(f"/v1/articles?limit=1&since={first['next']}").json
    assert [one["url"] for one in (*first["articles"], *second["articles"])] == [
        COPY,
        STORY,
    ]
    end = api.get(f"/v1/articles?since={second['next']}").json
    assert end == {"articles": [], "next": second["next"]}
    with stored(database) as store:
        changed = (*FERRY_TEXT, "It sails at eleven, says the captain.")
        Newsstand(store).publish("hills", COPY, changed, "Ferry is back")
    (again,) = api.get(f"/v1/articles?since={end['next']}").json["articles"]
    assert (again["url"], again["revision"]) == (COPY, 2)


@pytest.mark.parametrize(
    ("query", "urls"),
    [
        ("outlet=ferry", [STORY]),
        ("outlet=nobody", []),
        ("language=en", [COPY, STORY]),
        ("language=de", []),
        ("stored_after=2000-01-01T00:00:00Z", [COPY, STORY]),
        ("stored_after=2999-01-01T00:00:00%2B01:00", []),
    ],
)
def test_articles_of_a_kind(api: Served, query: str, urls: list[str]) -> None:
    told = api.get(f"/v1/articles?{query}").json
    assert [article["url"] for article in told["articles"]] == urls


@pytest.mark.parametrize("at", ["0.5", "1764063000", "2026-11-25T09:30:00", "soon"])
def test_a_time_without_zone_or_form_is_refused(api: Served, at: str) -> None:
    answer = api.get(f"/v1/articles?stored_after={at}")
    assert answer.status == 422
    assert answer.json["errors"][0]["where"] == "query.stored_after"


def test_one_article_in_full(api: Served, database: Path) -> None:
    (story,) = records("explain", STORY, "--database", database, "--json")
    told = api.get(f"/v1/articles/{story['article']['id']}").json
    for name in ("article", "metadata", "blocks", "revisions", "also_at", "messages"):
        assert told[name] == story[name], name
    removed = [block for block in told["blocks"] if not block["kept"]]
    assert [block["reason"] for block in removed] == ["caption", "related"]
    assert removed[0]["evidence"] == "a figcaption"


def test_one_article_as_it_was(api: Served) -> None:
    first = api.get("/v1/articles/1?revision=1").json
    assert first["article"]["revision"] == 1
    kept = [block["text"] for block in first["blocks"] if block["kept"]]
    assert kept == list(FERRY_TEXT)
    assert api.get("/v1/articles/1?revision=3").json["type"] == (
        "/problems#unknown-article"
    )


def test_the_story_of_a_url(api: Served, database: Path) -> None:
    told = api.get(f"/v1/stories?url={LOST}").json
    assert told["url"] == LOST
    assert told["stories"] == printed("explain", LOST, "--database", database, "--json")
    unknown = api.get(f"/v1/stories?url={FERRY}/unheard-of")
    assert unknown.json["type"] == "/problems#unknown-url"
    assert unknown.json["next"] == f"presswatch try {FERRY}/unheard-of"
    assert api.get("/v1/stories?url=mailto:x").status == 404


def test_status_is_that_of_the_command(api: Served, database: Path) -> None:
    told = api.get("/v1/status").json
    (command,) = printed("status", "--database", database, "--json")
    volatile = {"now", "database", "queue"}
    assert {k: v for k, v in told.items() if k not in volatile} == {
        k: v for k, v in command.items() if k not in volatile
    }
    assert told["ok"] is False


def test_alerts_open_and_closed(api: Served, database: Path) -> None:
    (alert,) = api.get("/v1/alerts").json["alerts"]
    assert printed("alerts", "--database", database, "--json") == [alert]
    with stored(database) as store:
        store.alerts.close(alert["key"], api.now)
    assert api.get("/v1/alerts").json["alerts"] == []
    (closed,) = api.get("/v1/alerts?all=true").json["alerts"]
    assert closed["closed"] is not None


def test_it_lives_until_its_heart_stops(api: Served, database: Path) -> None:
    from pipelines.store import DatabaseLock

    assert api.get("/healthz").json["status"] == "ok"
    assert api.get("/readyz").json["status"] == "ok"
    with DatabaseLock(database), stored(database) as store:
        api.later(seconds=5)
        watch.beat(store, api.now)
        assert api.get("/healthz").json["heartbeat"] == api.now.isoformat()
        api.later(minutes=3)
        answer = api.get("/healthz")
    assert (answer.status, answer.json["type"]) == (503, "/problems#hangs")


def test_a_database_that_cannot_be_read_is_said_so(api: Served, database: Path) -> None:
    database.rename(database.with_name("gone.db"))
    answer = api.get("/readyz")
    assert (answer.status, answer.json["type"]) == (503, "/problems#store-failed")
    assert answer.json["next"]


def test_metrics_can_be_parsed_and_tell_the_queue(api: Served) -> None:
    answer = api.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert all(float(value) >= 0 for value in values.values())
    label = 'subscription="default",state="ready"'
    assert values[f"presswatch_queue_messages{{{label}}}"] == "2.0"
    assert values['presswatch_outlet_sources_failing{outlet="hills"}'] == "1.0"
    assert values["presswatch_alerts_open"] == "1.0"
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {name.partition("{")[0] for name in values} <= named


def test_the_document_is_openapi_3_1_and_names_every_operation(api: Served) -> None:
    document = api.get("/openapi.json").json
    assert document["openapi"].startswith("3.1")
    operations = [
        operation
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for operation in operations:
        assert operation["summary"]
        for status, answer in operation["responses"].items():
            if status != "200":
                assert list(answer["content"]) == ["application/problem+json"]
        assert {"401", "413", "422", "429", "500", "503"} <= set(operation["responses"])
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    for reference in set(text.split('"#/components/schemas/')[1:]):
        assert reference.partition('"')[0] in document["components"]["schemas"]
