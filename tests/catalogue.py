"""The faults that Presswatch is to stand, and which tests show that it does.

A test says which faults it covers: `@pytest.mark.fault("H4", "H1")`, or `marks=` of
one `pytest.param`. `python tests/catalogue.py` reads the tests, without running
them, and writes the table in docs/reliability.md; a test of the documents objects
when it is stale. A fault that a test expects to fail (`xfail`), or that has an entry
in `GAPS`, is shown as what it is.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parent / "docs" / "reliability.md"
_BEGIN = "<!-- written by tests/catalogue.py: begin -->"
_END = "<!-- written by tests/catalogue.py: end -->"

#: Every fault: what happens, and what is promised then.
FAULTS: dict[str, dict[str, tuple[str, str]]] = {
    "Process": {
        "P1": ("kill -9 at any moment", "nothing lost, nothing queued twice"),
        "P2": ("SIGTERM with downloads hanging", "out within 25 s, what hung is due"),
        "P3": ("a second SIGTERM or SIGINT", "out at once, as durable as with one"),
        "P4": ("two daemons on one database", "the second names the first and exits 1"),
        "P5": ("the event loop is stuck", "no word to the watchdog, so a restart"),
        "P6": ("a job never ends", "the others go on; an alert tells it"),
        "P7": ("memory grows", "ends by itself past its ceiling, exit 75"),
        "P8": ("a worker is killed, hangs or leaks", "its page ends; a new worker"),
        "P9": ("no file descriptors left", "waits and goes on, no crash"),
        "P10": ("an error of ours in one outlet's work", "the others go on"),
        "P11": ("stdout closed, log on a full disk", "the daemon goes on"),
    },
    "Disk and database": {
        "D1": ("power cut", "no commit lost, the file opens"),
        "D2": ("disk full", "one alert, acks go on, resumes by itself"),
        "D3": ("disk nearly full", "fetching pauses before it is"),
        "D4": ("I/O error on write", "rolled back, tried again, then exit 74"),
        "D5": ("another program holds the lock", "waits; a reader is told to retry"),
        "D6": ("a reader that never ends", "an alert when the log grows"),
        "D7": ("the file is corrupt", "refused, with the backup to restore"),
        "D8": ("the -wal file is gone", "opens, or says what is missing"),
        "D9": ("the schema is newer than the program", "refused, both numbers named"),
        "D10": ("a migration is killed", "old or new, never half; can be run again"),
        "D11": ("a network file system, a read-only directory", "refused, says why"),
        "D12": ("backup under load", "sound and complete, writers hardly wait"),
        "D13": ("yesterday's backup is restored", "the same messages, the same ids"),
    },
    "Clock": {
        "C1": ("the clock goes back an hour", "polling goes on within a minute"),
        "C2": ("the clock jumps a day ahead", "no stampede, leases do not all end"),
        "C3": ("daylight saving, another time zone", "no job doubled or missed"),
        "C4": ("articles dated 1970 or 2099", "kept; order and retention go by ours"),
    },
    "Network": {
        "N1": ("refused, reset, unreachable", "counted once, tried later"),
        "N2": ("names that do not resolve, or only after a minute", "others unhurt"),
        "N3": ("the uplink is down", "nobody is blamed, one alert, resumes"),
        "N4": ("bytes that drip", "ended at the total time"),
        "N5": ("accepts and never answers", "ended at the total time"),
        "N6": ("certificates: expired, self-signed, wrong host", "the cause is named"),
    },
    "Addresses": {
        "S1": ("private addresses in any spelling", "blocked, not one connection"),
        "S2": ("private by redirect, robots, sitemap, canonical", "the same"),
        "S3": ("rebinding, mixed answers", "only the address that was judged"),
        "S4": ("file:, data:, javascript:, userinfo, backslashes", "refused by name"),
        "S5": ("secrets on a redirect to another host", "taken off"),
    },
    "HTTP": {
        "H1": ("compression bombs, nested, fifty encodings", "stopped at the cap"),
        "H2": ("endless bodies, lying lengths", "stopped at the cap"),
        "H3": (
            "header floods, endless 1xx",
            "hung up at a cap of bytes, lines, answers",
        ),
        "H4": ("bodies cut short, mislabelled gzip", "never an article"),
        "H5": ("redirect loops and chains", "ended after five hops"),
        "H6": ("a feed moves for good", "followed; its new address after a while"),
        "H7": ("429, 503 with any Retry-After", "no request meanwhile, a day at most"),
        "H8": ("304 although it changed", "found by an audit, told"),
        "H9": ("a crash between fetch and commit", "no validator without its URLs"),
        "H10": ("an error page as a feed", "fails; what was known is kept"),
        "H11": ("a bot challenge", "named; no storm of retries"),
        "H12": ("robots.txt in every state", "RFC 9309"),
    },
    "Feeds and sitemaps": {
        "F1": ("XML bombs, entities, external DTDs", "quick, small, nothing fetched"),
        "F2": ("50,000 entries, 20 MB", "the newest are taken, the rest counted"),
        "F3": ("odd identifiers and links", "the canonical URL counts"),
        "F4": ("every URL changes", "the texts are recognised; told"),
        "F5": ("sitemaps that name each other, or millions", "bounded"),
        "F6": ("calendars, endless pagination", "not walked"),
        "F7": ("audio, PDF, video as an article", "refused after the headers"),
        "F8": ("broken XML, encodings, NULs", "what can be read is read"),
        "F9": ("old entries as new", "not queued again"),
    },
    "Pages and texts": {
        "T1": ("pages that cost minutes or gigabytes", "ended; the next is clean"),
        "T2": ("consent, paywall, empty shells", "not a text; looked at again"),
        "T3": ("one text at many URLs", "one text; told"),
        "T4": ("a soft 404, a login page", "no revision of the article"),
        "T5": ("surrogates, NULs, endless lines", "stored as valid Unicode"),
        "T6": ("a text that flaps", "bounded revisions"),
        "T7": ("a language nobody can tell", "und, never an error"),
    },
    "Config and consumers": {
        "K1": ("a config with mistakes", "exit 2 with file and line; reload keeps"),
        "K2": ("a pattern that explodes", "bounded; the outlet is named"),
        "Q1": ("a consumer dies with a lease", "delivered again"),
        "Q2": ("an ack too late, or twice", "stale is refused, repeated is fine"),
        "Q3": ("a message that always fails", "a dead letter with its reason"),
        "Q4": ("no consumer for weeks", "the queue grows; told"),
        "Q5": ("an ack on a full disk", "told to the consumer; nothing lost"),
        "Q6": ("two consumers", "one lease at a time"),
        "Q7": ("a consumer slower than its lease", "the same id, to be dropped"),
    },
}

#: What a fault's tests do not show although they pass: said in the table.
GAPS: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Shown:
    """A test that covers faults. `missing`: why it is expected to fail."""

    test: str
    faults: tuple[str, ...]
    missing: str | None = None


def covered(tests: Path = TESTS) -> list[Shown]:
    """What the tests cover, in the order of files and lines."""
    found: list[Shown] = []
    for path in sorted(tests.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "fault(" in text:
            found += _in_module(path.relative_to(tests).as_posix(), text)
    return found


def _in_module(name: str, text: str) -> Iterator[Shown]:
    tree = ast.parse(text)
    tables = dict(_tables(tree))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for decorator in node.decorator_list:
                yield from _shown(f"{name}::{node.name}", decorator, node, tables)


def _tables(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield ast.unparse(node.target), node.value


def _shown(
    test: str,
    decorator: ast.expr,
    function: ast.FunctionDef,
    tables: dict[str, ast.expr],
) -> Iterator[Shown]:
    if faults := _faults(decorator):
        yield Shown(test, faults, _missing(function.decorator_list))
        return
    names = {n.id for n in ast.walk(decorator) if isinstance(n, ast.Name)}
    for part in [decorator, *(tables[name] for name in names if name in tables)]:
        for marks in _marks_of_cases(part):
            if faults := tuple(key for mark in marks for key in _faults(mark)):
                yield Shown(test, faults, _missing(marks))


def _marks_of_cases(node: ast.expr) -> Iterator[list[ast.expr]]:
    """The marks of each `pytest.param` in an expression."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _name(call) == "param":
            for word in call.keywords:
                if word.arg == "marks":
                    value = word.value
                    yield value.elts if isinstance(value, ast.List) else [value]


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _faults(node: ast.expr) -> tuple[str, ...]:
    if not (isinstance(node, ast.Call) and _name(node) == "fault"):
        return ()
    return tuple(str(ast.literal_eval(argument)) for argument in node.args)


def _missing(marks: list[ast.expr]) -> str | None:
    for mark in marks:
        if isinstance(mark, ast.Call) and _name(mark) == "xfail":
            said = [word.value for word in mark.keywords if word.arg == "reason"]
            return str(ast.literal_eval(said[0])) if said else "expected to fail"
    return None


def table() -> str:
    """The catalogue as Markdown, with what is shown and what is not."""
    shown = covered()
    lines = [_totals(shown)]
    for group, faults in FAULTS.items():
        lines += ["", f"**{group}**", "", "| | fault | promise | holds | shown by |"]
        lines.append("|---|---|---|---|---|")
        for key, (fault, promise) in faults.items():
            mine = [each for each in shown if key in each.faults]
            cells = [key, fault, promise, _verdict(key, mine), _witnesses(mine)]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _totals(shown: list[Shown]) -> str:
    keys = [key for faults in FAULTS.values() for key in faults]
    words = [_verdict(key, [s for s in shown if key in s.faults]) for key in keys]
    holds = sum(word == "yes" for word in words)
    untested = sum(word == "not shown" for word in words)
    partly = len(keys) - holds - untested
    return (
        f"Of {len(keys)} faults, {holds} hold, {partly} hold in part or not yet, and"
        f" {untested} have no test that shows it."
    )


def _verdict(key: str, shown: list[Shown]) -> str:
    if not shown:
        return "not shown"
    missing = [each.missing for each in shown if each.missing]
    if len(missing) == len(shown):
        return f"no: {missing[0]}"
    parts = [*missing, *([GAPS[key]] if key in GAPS else [])]
    return f"in part: {'; '.join(parts)}" if parts else "yes"


def _witnesses(shown: list[Shown]) -> str:
    tests = dict.fromkeys(each.test for each in shown)
    told = [_told(test) for test in list(tests)[:2]]
    more = len(tests) - len(told)
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _told(test: str) -> str:
    path, _, function = test.partition("::")
    words = function.removeprefix("test_").replace("_", " ")
    return f"[{words}](../tests/{path})"


def rewritten(document: str) -> str:
    """The document with the table as the tests have it now."""
    pattern = re.compile(f"{re.escape(_BEGIN)}.*{re.escape(_END)}", re.DOTALL)
    written = f"{_BEGIN}\n{table()}\n{_END}"
    return pattern.sub(lambda _: written, document, count=1)


def main() -> None:
    """Write the table into its document, or to standard output with `-`."""
    if sys.argv[1:] == ["-"]:
        sys.stdout.write(table() + "\n")
        return
    document = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(rewritten(document), encoding="utf-8")


if __name__ == "__main__":
    main()
