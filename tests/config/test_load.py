"""A directory becomes a Config, or every problem with file, line, cause and hint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, Field, ValidationError

from config import (
    Config,
    ConfigError,
    Problem,
    SourceKind,
    database_path,
    load,
    tree,
    wording,
)

GOOD = "sources:\n  - feed: https://good.example/rss\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files (`__` in a name is a slash) and gives the directory."""

    def write_files(files: dict[str, str | bytes]) -> Path:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write_files


def problems_of(directory: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(directory)
    assert caught.value.exit_code == 2
    return caught.value.problems


# What works


def test_the_least_config(write: Write) -> None:
    found = load(write({"outlets/good.yaml": GOOD}))
    outlet = found.outlets["good"]
    assert (outlet.name, outlet.home) == ("good", "https://good.example/")
    assert outlet.sources[0].kind is SourceKind.FEED
    assert outlet.every == timedelta(minutes=15)
    assert found.database == Path("data/presswatch.db")
    assert list(found.queue.subscriptions) == ["default"]


def test_settings_alone_are_a_config(write: Write) -> None:
    found = load(write({"presswatch.yaml": "database: x.db\n"}))
    assert (found.database, found.outlets) == (Path("x.db"), {})


def test_the_config_of_a_test(write: Write) -> None:
    found = load(
        write(
            {
                "presswatch.yaml": "database: d/x.db\n"
                "network: {allow_private: ['127.0.0.1:8080']}\n"
                "defaults: {delay: 0s}\n",
                "outlets/a.yaml": "home: http://127.0.0.1:8080/\n"
                "sources: [{sitemap: 'http://127.0.0.1:8080/map.xml', every: 0s}]\n",
            }
        )
    )
    (outlet,) = found.outlets.values()
    assert outlet.delay == timedelta(0)
    assert outlet.interval(outlet.sources[0]) == timedelta(0)
    assert found.network.allow_private == ("127.0.0.1:8080",)


def test_outlets_come_in_the_order_of_their_files(write: Write) -> None:
    files = {
        f"outlets/{key}": f"sources: [feed: 'https://{key}.example/']"
        for key in ("b.yml", "c.yaml", "a.yaml")
    }
    assert list(load(write(files)).outlets) == ["a", "b", "c"]


def test_other_files_are_left_alone(write: Write) -> None:
    files = dict.fromkeys(("x.yaml~", ".#a.yaml", ".a.yaml.swp", "README.md"), "{")
    directory = write(
        {"outlets/good.yaml": GOOD, **{f"outlets/{f}": "{" for f in files}}
    )
    assert list(load(directory).outlets) == ["good"]


def test_defaults_are_what_outlets_do_not_say(write: Write) -> None:
    found = load(
        write(
            {
                "presswatch.yaml": "defaults:\n  every: 1h\n  language: de\n"
                "  on_add: latest 5\n  revisit: never\n"
                "  clean: {remove: [.ad], partial: true}\n",
                "outlets/a.yaml": GOOD + "every: 5m\nclean: {remove: [.box]}\n",
            }
        )
    )
    outlet = found.outlets["a"]
    assert (outlet.every, outlet.language) == (timedelta(minutes=5), "de")
    assert (str(outlet.on_add), outlet.revisit) == ("latest 5", None)
    assert (outlet.clean.remove, outlet.clean.partial) == ((".box",), True)


def test_a_home_directory_is_expanded(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    directory = write({"presswatch.yaml": "database: ~/x.db\n"})
    assert load(directory).database == Path("/somewhere/x.db")
    assert database_path(directory) == Path("/somewhere/x.db")


# What does not: one row a problem. The file is outlets/a.yaml, all its problems are
# given as (line, key, part of the message, part of the hint).


@pytest.mark.parametrize(
    ("text", "line", "key", "message", "hint"),
    [
        pytest.param(
            "sources:\n  - feed: https://a.example/\n  - fed: https://b.example/\n",
            3,
            "sources[1].fed",
            "unknown key",
            'did you mean "feed"?',
            id="misspelt key",
        ),
        pytest.param(
            GOOD + "Every: 5m\n",
            3,
            "Every",
            "unknown key",
            'did you mean "every"?',
            id="capital letter",
        ),
        pytest.param(
            GOOD + "on-add: all\n",
            3,
            "on-add",
            "unknown key",
            'did you mean "on_add"?',
            id="hyphen",
        ),
        pytest.param(
            GOOD + "allow: [x]\n",
            3,
            "allow",
            "unknown key",
            'did you mean "articles.allow"?',
            id="key of a section",
        ),
        pytest.param(
            "feeds: https://a.example/\n" + GOOD,
            1,
            "feeds",
            "unknown key",
            'did you mean "sources.feed"?',
            id="feeds instead of sources",
        ),
        pytest.param(
            GOOD + "articles:\n  alow: [x]\n",
            4,
            "articles.alow",
            "unknown key",
            'did you mean "allow"?',
            id="misspelt inside a section",
        ),
        pytest.param(
            GOOD + "clean: {whatever: 1}\n",
            3,
            "clean.whatever",
            "unknown key",
            "known here: remove, keep, remove_lines, partial, min_characters",
            id="nothing near",
        ),
        pytest.param(
            GOOD + "key: b\n",
            3,
            "key",
            "unknown key",
            "known here",
            id="the key itself",
        ),
        pytest.param(
            GOOD + "<<: {a: b}\n", 3, '["<<"]', "unknown key", "known", id="merge key"
        ),
        pytest.param(
            GOOD + "every: 5m\nevery: 6m\n",
            4,
            "every",
            "twice, first on line 3",
            "keep one",
            id="key given twice",
        ),
        pytest.param(
            GOOD + "language: no\n",
            3,
            "language",
            "YAML reads no as false",
            'write "no"',
            id="Norwegian",
        ),
        pytest.param(
            GOOD + "name: 1843\n",
            3,
            "name",
            "YAML reads this as a number",
            'write "1843"',
            id="a number as name",
        ),
        pytest.param(
            GOOD + "name: [x]\n", 3, "name", "must be text", None, id="a list as name"
        ),
        pytest.param(
            GOOD + "name: ' '\n", 3, "name", "is empty", None, id="blank name"
        ),
        pytest.param(
            GOOD + 'name: "a\\nb"\n', 3, "name", "line break", None, id="line break"
        ),
        pytest.param(
            GOOD + "name:\n", 3, "name", "has no value", "leave the key out", id="null"
        ),
        pytest.param(
            GOOD + "clean:\n", 3, "clean", "has no value", "leave", id="empty section"
        ),
        pytest.param(
            GOOD + "clean: all\n",
            3,
            "clean",
            "must be a section",
            None,
            id="no section",
        ),
        pytest.param(
            GOOD + "language: english\n",
            3,
            "language",
            '"english" is not a language code',
            "two letters",
            id="language by name",
        ),
        pytest.param(
            GOOD + "every: 15\n",
            3,
            "every",
            '"15" has no unit: 15s, 15m',
            None,
            id="no unit",
        ),
        pytest.param(
            GOOD + "delay: soon\n", 3, "delay", "not a duration", None, id="no duration"
        ),
        pytest.param(
            GOOD + "delay: [1s]\n", 3, "delay", "must be a duration", "90s", id="a list"
        ),
        pytest.param(
            GOOD + "between: 2m\n",
            3,
            "between",
            "must be the shortest and the longest interval",
            "write e.g. [2m, 6h]",
            id="one bound",
        ),
        pytest.param(
            GOOD + "between: [6h, 2m]\n",
            3,
            "between",
            "must begin with the shorter",
            "write e.g. [2m, 6h]",
            id="bounds the wrong way round",
        ),
        pytest.param(
            GOOD + "between: [0s, 2m]\n",
            3,
            "between",
            "must begin with the shorter",
            "write e.g. [2m, 6h]",
            id="no lower bound",
        ),
        pytest.param(
            GOOD + "every: automatic\n",
            3,
            "every",
            "is not a duration",
            None,
            id="nearly auto",
        ),
        pytest.param(
            GOOD + "revisit: sometimes\n",
            3,
            "revisit",
            "not a duration",
            None,
            id="revisit",
        ),
        pytest.param(
            GOOD + "priority: high\n",
            3,
            "priority",
            "must be a whole number",
            None,
            id="priority in words",
        ),
        pytest.param(
            GOOD + "priority: 1000000\n",
            3,
            "priority",
            "too large",
            "at most 1000",
            id="priority too high",
        ),
        pytest.param(
            GOOD + "robots: 'no'\n",
            3,
            "robots",
            "must be true or false",
            None,
            id="quoted no",
        ),
        pytest.param(
            GOOD + "duplicates: each-outlet\n",
            3,
            "duplicates",
            'not one of "once", "each outlet" or "all"',
            'did you mean "each outlet"?',
            id="choice",
        ),
        *(
            pytest.param(
                GOOD + f"on_add: {value}\n",
                3,
                "on_add",
                message,
                hint,
                id=f"on_add: {value}",
            )
            for value, message, hint in (
                ("latest", "not a choice here", "latest 20"),
                ("latest -1", "not a choice here", "latest 20"),
                ("since", "not a choice here", "since 24h"),
                ("since 24", "has no unit", None),
                ("{kind: all}", "not a choice here", "latest 20"),
            )
        ),
        pytest.param(
            "sources: []\n", 1, "sources", "is empty", "at least one", id="no sources"
        ),
        pytest.param(
            "name: x\n", 1, "sources", "is missing", None, id="no sources key"
        ),
        pytest.param(
            "sources: https://a.example/\n",
            1,
            "sources",
            "must be a list",
            'write ["https://a.example/"]',
            id="no list",
        ),
        pytest.param(
            "sources:\n  - https://a.example/rss\n",
            2,
            "sources[0]",
            "must be a section",
            "- feed: https://www.example.org/rss",
            id="a source without its kind",
        ),
        pytest.param(
            "sources:\n  - every: 5m\n",
            2,
            "sources[0]",
            "must be one of feed, sitemap and section",
            "- feed:",
            id="a source without a URL",
        ),
        pytest.param(
            "sources:\n  - feed: https://a.example/1\n    sitemap: https://a.example/2\n",
            2,
            "sources[0]",
            "must be one of",
            "- feed:",
            id="two kinds in one",
        ),
        pytest.param(
            "sources:\n  - feed: a.example/rss\n",
            2,
            "sources[0].feed",
            "not an http or https URL",
            "did you mean https://a.example/rss?",
            id="no scheme",
        ),
        pytest.param(
            "sources:\n  - feed: https://a.example/x y\n",
            2,
            "sources[0].feed",
            "no spaces",
            "%20",
            id="a space in a URL",
        ),
        pytest.param(
            "sources:\n  - feed: https://u:p@a.example/\n",
            2,
            "sources[0].feed",
            "user and password",
            "request.auth",
            id="password in a URL",
        ),
        pytest.param(
            "sources:\n  - feed: https://a.example/\n  - section: https://A.example:443\n",
            3,
            "sources[1].section",
            "this source is there already, in",
            None,
            id="a source twice in one file",
        ),
        pytest.param(
            GOOD + "home: https://\n", 3, "home", "not an http", None, id="half a home"
        ),
        pytest.param(
            GOOD + "articles: {allow: /x/}\n",
            3,
            "articles.allow",
            "must be a list",
            'write ["/x/"]',
            id="a rule without its list",
        ),
        pytest.param(
            GOOD + 'articles:\n  deny:\n    - "/a/"\n    - "(x"\n',
            6,
            "articles.deny[1]",
            "expression: missing ), unterminated subpattern at position 0",
            None,
            id="bad regex",
        ),
        pytest.param(
            GOOD + "articles: {deny: ['']}\n",
            3,
            "articles.deny[0]",
            "matches everything",
            "nothing would be left",
            id="denies everything",
        ),
        pytest.param(
            GOOD + "articles: {sites: ['https://b.example/x']}\n",
            3,
            "articles.sites[0]",
            "more than a host",
            "write b.example",
            id="a URL as site",
        ),
        pytest.param(
            GOOD + "clean: {remove_lines: ['(i?)x']}\n",
            3,
            "clean.remove_lines[0]",
            "not a flag",
            'did you mean "(?i)"?',
            id="flag the wrong way round",
        ),
        pytest.param(
            GOOD + "clean: {remove: ['div[']}\n",
            3,
            "clean.remove[0]",
            "not a CSS selector",
            None,
            id="bad CSS",
        ),
        pytest.param(
            GOOD + "clean: {keep: ['//a[']}\n",
            3,
            "clean.keep[0]",
            "not an XPath",
            None,
            id="bad XPath",
        ),
        pytest.param(
            GOOD + "clean: {remove: [.a, {rule: .b, until: soon}]}\n",
            3,
            "clean.remove[1].until",
            '"soon" is not a date',
            "2026-05-01",
            id="until is no date",
        ),
        pytest.param(
            GOOD + "clean: {keep: [{rule: 'div[', until: 2026-05-01}]}\n",
            3,
            "clean.keep[0].rule",
            "not a CSS selector",
            None,
            id="dated selector",
        ),
        pytest.param(
            GOOD + "clean: {remove_lines: [{rule: '.*', until: 2026-05-01}]}\n",
            3,
            "clean.remove_lines[0].rule",
            "matches everything",
            "nothing would be left",
            id="dated pattern",
        ),
        pytest.param(
            GOOD + "clean: {remove: [{rule: .b}]}\n",
            3,
            "clean.remove[0].until",
            "is missing",
            None,
            id="until is missing",
        ),
        pytest.param(
            GOOD + "clean: {remove: [{rule: .b, until: 2026-05-01, rules: .c}]}\n",
            3,
            "clean.remove[0].rules",
            "unknown key",
            '"rule"',
            id="slip in a dated rule",
        ),
        pytest.param(
            GOOD + "clean: {remove: [.a, 5]}\n",
            3,
            "clean.remove[1]",
            "number, not as text",
            '"5"',
            id="a rule is a number",
        ),
        pytest.param(
            GOOD + "clean: {min_characters: -1}\n",
            3,
            "clean.min_characters",
            "too small",
            "at least 0",
            id="less than nothing",
        ),
        pytest.param(
            GOOD + "request: {auth: secret}\n",
            3,
            "request.auth",
            'must be "user:password"',
            None,
            id="password without user",
        ),
        pytest.param(
            GOOD + "request:\n  headers:\n    X-A: 1\n",
            5,
            "request.headers.X-A",
            "YAML reads this as a number",
            'write "1"',
            id="a number as header",
        ),
        pytest.param(
            GOOD + "request: {headers: {'a b': x}}\n",
            3,
            'request.headers["a b"]',
            "not the name of an HTTP header",
            None,
            id="no header name",
        ),
        pytest.param(
            GOOD + 'request: {headers: {A: "x\\r\\nB: y"}}\n',
            3,
            "request.headers.A",
            "line break",
            None,
            id="header injection",
        ),
        pytest.param(
            GOOD + "request: {proxy: 'socks5://x:1'}\n",
            3,
            "request.proxy",
            "not an http or https URL",
            None,
            id="proxy of another kind",
        ),
        pytest.param(
            GOOD + "request: {timeout: 0s}\n",
            3,
            "request.timeout",
            '"0s" is too small',
            "more than 0 seconds",
            id="no time to answer",
        ),
        pytest.param("- a\n", 1, None, "must be a section", None, id="a list as file"),
        pytest.param("", None, None, "is empty", "its sources", id="empty file"),
        pytest.param(
            "# x\n", None, None, "is empty", "its sources", id="only comments"
        ),
        pytest.param("a: [\n", 2, None, "not valid YAML", None, id="broken YAML"),
        pytest.param(b"a: \xff\n", 1, None, "not UTF-8", "as UTF-8", id="not UTF-8"),
    ],
)
def test_a_problem_of_an_outlet(
    write: Write,
    text: str | bytes,
    line: int | None,
    key: str | None,
    message: str,
    hint: str | None,
) -> None:
    directory = write({"outlets/a.yaml": text})
    (problem,) = problems_of(directory)
    assert problem.file == directory / "outlets/a.yaml"
    assert (problem.line, problem.key) == (line, key)
    assert message in problem.message
    assert (hint or "") in (problem.hint or "")
    assert (hint is None) == (problem.hint is None)


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        pytest.param("databse: x\n", 1, "databse", "unknown key", id="misspelt"),
        pytest.param("outlets: {}\n", 1, "outlets", "unknown key", id="outlets here"),
        pytest.param("directory: x\n", 1, "directory", "unknown key", id="directory"),
        pytest.param("database: 5\n", 1, "database", "not the path", id="a number"),
        pytest.param("database: ''\n", 1, "database", "not the path", id="empty path"),
        pytest.param("user_agent: ''\n", 1, "user_agent", "is empty", id="no agent"),
        pytest.param("user_agent: Zeitungsläufer\n", 1, "user_agent", "ASCII", id="ä"),
        pytest.param(
            "network:\n  allow_private: [localhost]\n",
            2,
            "network.allow_private[0]",
            "not an address or network",
            id="a name as address",
        ),
        pytest.param(
            "network: {proxy: x}\n", 1, "network.proxy", "not an http", id="proxy"
        ),
        pytest.param(
            "defaults: {every: 5}\n", 1, "defaults.every", "has no unit", id="default"
        ),
        pytest.param(
            "defaults: {sources: []}\n",
            1,
            "defaults.sources",
            "unknown key",
            id="no default sources",
        ),
        pytest.param(
            "retention: {texts: for ever}\n",
            1,
            "retention.texts",
            "not a duration",
            id="retention",
        ),
        pytest.param(
            "queue: {subscriptions: {A B: {}}}\n",
            1,
            'queue.subscriptions["A B"]',
            "is no name for this",
            id="subscription name",
        ),
        pytest.param(
            "queue: {subscriptions: {archive: {filter: x}}}\n",
            1,
            "queue.subscriptions.archive.filter",
            "unknown key",
            id="subscription keys",
        ),
        pytest.param(
            "queue: {subscriptions: [default]}\n",
            1,
            "queue.subscriptions",
            "must be a section",
            id="subscriptions as list",
        ),
        pytest.param(
            "console: {bind: 8480}\n",
            1,
            "console.bind",
            "YAML reads this as a number",
            id="port alone",
        ),
        pytest.param(
            "console:\n  bind: 0.0.0.0:8480\n",
            1,
            "console",
            "0.0.0.0 can be reached by others, and asks no token",
            id="open to all",
        ),
        pytest.param(
            "console: {tokens: {env: X, file: y}}\n",
            1,
            "console.tokens",
            "must be one of env and file",
            id="two places of a secret",
        ),
        pytest.param(
            "console: {tokens: {env: 4d9e-secret}}\n",
            1,
            "console.tokens.env",
            "is not the name of an environment variable",
            id="the secret itself",
        ),
        pytest.param(
            "console: {tokens: {env: X, fil: y}}\n",
            1,
            "console.tokens.fil",
            "unknown key",
            id="misspelt in a secret",
        ),
        pytest.param(
            "queue: {subscriptions: {a: {push: {}}}}\n",
            1,
            "queue.subscriptions.a.push",
            "must be one of webhook, jsonl and redis",
            id="push to nowhere",
        ),
        pytest.param(
            "queue: {subscriptions: {a: {push: {webhook: 'https://a.example/'}}}}\n",
            1,
            "queue.subscriptions.a.push",
            "a webhook needs a secret",
            id="a webhook without a secret",
        ),
        pytest.param(
            "queue:\n  subscriptions:\n    a: {push: {jsonl: x, stream: y}}\n",
            3,
            "queue.subscriptions.a.push",
            "stream goes with redis, not jsonl",
            id="push of two minds",
        ),
        pytest.param(
            "queue: {subscriptions: {a: {push: {redis: '127.0.0.1:6379'}}}}\n",
            1,
            "queue.subscriptions.a.push.redis",
            "is not the URL of a Redis server",
            id="a redis without a scheme",
        ),
        pytest.param(
            "queue: {subscriptions: {a: {push: {redis: 'redis://:pw@h/0'}}}}\n",
            1,
            "queue.subscriptions.a.push.redis",
            "a password does not belong",
            id="a password in the config",
        ),
        pytest.param("[]\n", 1, None, "must be a section", id="a list"),
        pytest.param("", None, None, "is empty", id="empty: a save cut short?"),
    ],
)
def test_a_problem_of_the_settings(
    write: Write, text: str, line: int | None, key: str | None, message: str
) -> None:
    directory = write({"presswatch.yaml": text, "outlets/good.yaml": GOOD})
    (problem,) = problems_of(directory)
    assert problem.file == directory / "presswatch.yaml"
    assert (problem.line, problem.key) == (line, key)
    assert message in problem.message


# Problems of more than one file


def test_all_problems_of_all_files_come_at_once_in_reading_order(write: Write) -> None:
    directory = write(
        {
            "outlets/b.yaml": "sources: [feed: x]\nname: 5\nevery: 5\n",
            "outlets/a.yaml": "a: [\n",
            "presswatch.yaml": "databse: x\nretention: {texts: 5}\n",
            "outlets/Ü.yaml": GOOD,
        }
    )
    found = [
        (problem.file.name, problem.line, problem.key)
        for problem in problems_of(directory)
    ]
    assert found == [
        ("presswatch.yaml", 1, "databse"),
        ("presswatch.yaml", 2, "retention.texts"),
        ("a.yaml", 2, None),
        ("b.yaml", 1, "sources[0].feed"),
        ("b.yaml", 2, "name"),
        ("b.yaml", 3, "every"),
        ("Ü.yaml", None, None),
    ]


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        pytest.param("BBC News.yaml", "outlet's key", "bbc-news.yaml", id="capitals"),
        pytest.param(
            "_x.yaml", "outlet's key", "such as x.yaml", id="underscore first"
        ),
        pytest.param("新聞.yaml", "outlet's key", "use a-z", id="other letters"),
        pytest.param("bbc.YAML", "is not read", "end the name in .yaml", id="suffix"),
    ],
)
def test_a_file_name_that_makes_no_key(
    write: Write, name: str, message: str, hint: str
) -> None:
    (problem,) = problems_of(write({f"outlets/{name}": GOOD}))
    assert message in problem.message
    assert hint in (problem.hint or "")


def test_one_key_in_two_files(write: Write) -> None:
    other = "sources: [feed: 'https://other.example/']"
    (problem,) = problems_of(write({"outlets/a.yaml": GOOD, "outlets/a.yml": other}))
    assert problem.file.name == "a.yml"
    assert "the outlet a is there twice" in problem.message


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        pytest.param("name: The Day", "name: ' THE  day'", "name", id="name"),
        pytest.param(
            "home: https://a.example", "home: https://A.example/", None, id="home"
        ),
        pytest.param("", "# no difference", None, id="nothing said"),
    ],
)
def test_two_outlets_that_are_one(
    write: Write, one: str, other: str, key: str | None
) -> None:
    directory = write(
        {
            "outlets/a.yaml": f"{one}\nsources: [feed: 'https://x.example/1']\n",
            "outlets/b.yaml": f"{other}\nsources: [feed: 'https://x.example/2']\n",
        }
    )
    if key is None:
        assert len(load(directory).outlets) == 2
        return
    (problem,) = problems_of(directory)
    assert (problem.file.name, problem.line, problem.key) == ("b.yaml", 1, key)
    assert f"this {key} is there already, in {directory}/outlets/a.yaml:1" in str(
        problem
    )


def test_a_source_in_two_outlets(write: Write) -> None:
    directory = write(
        {
            "outlets/a.yaml": "sources: [feed: 'https://x.example/rss#top']\n",
            "outlets/b.yaml": "name: b\nsources:\n - sitemap: https://x.example/rss\n",
        }
    )
    (problem,) = problems_of(directory)
    assert (problem.line, problem.key) == (3, "sources[0].sitemap")
    assert f"{directory}/outlets/a.yaml:1" in problem.message


def test_a_clash_is_seen_in_a_file_that_is_broken_otherwise(write: Write) -> None:
    directory = write({"outlets/a.yaml": GOOD, "outlets/b.yaml": GOOD + "every: 5\n"})
    assert [problem.key for problem in problems_of(directory)] == [
        "sources[0].feed",
        "every",
    ]


# The directory


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda path: None, "no such directory", id="missing"),
        pytest.param(lambda path: path.mkdir(), "has neither", id="empty"),
        pytest.param(lambda path: path.touch(), "is not a directory", id="a file"),
    ],
)
@pytest.mark.parametrize("read", [load, database_path])
def test_no_config_there(
    tmp_path: Path,
    make: Callable[[Path], None],
    message: str,
    read: Callable[[Path], Config | Path],
) -> None:
    make(tmp_path / "config")
    with pytest.raises(ConfigError) as caught:
        read(tmp_path / "config")
    assert str(caught.value).startswith(f"{tmp_path}/config: {message}")
    assert "presswatch init" in str(caught.value)


def test_the_other_suffix_is_pointed_out(write: Write) -> None:
    directory = write({"presswatch.yml": "database: x\n", "outlets/good.yaml": GOOD})
    (problem,) = problems_of(directory)
    assert problem.hint == "call it presswatch.yaml"


def test_outlets_that_cannot_be_listed(write: Write) -> None:
    directory = write({"presswatch.yaml": "database: x\n", "outlets": "a file\n"})
    (problem,) = problems_of(directory)
    assert "unreadable: Not a directory" in problem.message


def test_a_problem_in_one_line(write: Write) -> None:
    directory = write({"outlets/x.yaml": "sources:\n\n  - fed: https://a.example/\n"})
    with pytest.raises(ConfigError) as caught:
        load(directory)
    assert str(caught.value) == (
        f"{directory}/outlets/x.yaml:3: sources[0].fed: unknown key;"
        ' did you mean "feed"?'
    )


def test_a_fault_without_words_of_its_own_is_told_in_pydantic_s() -> None:
    class Short(BaseModel):
        name: str = Field(max_length=2)

    one = tree.parse(b"name: long\n", Path("x.yaml"))
    with pytest.raises(ValidationError) as caught:
        Short.model_validate(one.values)
    (problem,) = wording.problems(caught.value, Short, one)
    assert str(problem) == "x.yaml:1: name: string should have at most 2 characters"


# The database alone


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"outlets/a.yaml": "broken: ["}, id="broken outlet"),
        pytest.param({"presswatch.yaml": "every: x\ndatabase: y.db"}, id="other key"),
    ],
)
def test_the_database_is_known_whatever_else_is_wrong(
    write: Write, files: dict[str, str]
) -> None:
    expected = "y.db" if "presswatch.yaml" in files else "data/presswatch.db"
    assert database_path(write(files)) == Path(expected)


@pytest.mark.parametrize("text", ["database: [\n", "database: 5\n", "database:\n"])
def test_a_database_that_is_not_said_clearly(write: Write, text: str) -> None:
    with pytest.raises(ConfigError, match=r"presswatch.yaml:\d"):
        database_path(write({"presswatch.yaml": text}))
