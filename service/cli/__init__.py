"""The command line: a table of commands, each loaded when it is called.

`queue ack` runs in shell loops and must start fast, so nothing here imports what a
command needs. Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import errno
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import click

from service.cli import leaving

#: Command -> "module:attribute", in the order that the help lists them.
COMMANDS: Final[dict[str, str]] = {
    "run": "service.cli.run:run",
    "once": "service.cli.once:once",
    "demo": "service.cli.demo:demo",
    "clean": "service.cli.clean:clean",
    "try": "service.cli.trying:try_",
    "explain": "service.cli.explain:explain",
    "story": "service.cli.story:story",
    "relate": "service.cli.relate:relate",
    "status": "service.cli.status:status",
    "articles": "service.cli.articles:articles",
    "forget": "service.cli.forget:forget",
    "reclean": "service.cli.reclean:reclean",
    "capture": "service.cli.capture:capture",
    "alerts": "service.cli.alerts:alerts",
    "requests": "service.cli.requests:requests",
    "queue": "service.cli.queue:queue",
    "init": "service.cli.init:init",
    "check": "service.cli.check:check",
    "plan": "service.cli.plan:plan",
    "show": "service.cli.show:show",
    "outlets": "service.cli.outlets:outlets",
    "import": "service.cli.exchange:import_",
    "export": "service.cli.exchange:export",
    "backup": "service.cli.backup:backup",
    "restore": "service.cli.restore:restore",
    "migrate": "service.cli.migrate:migrate",
    "doctor": "service.cli.doctor:doctor",
}

#: The commands as the overview groups them, each in a few words.
SECTIONS: Final[dict[str, dict[str, str]]] = {
    "Watch": {
        "run": "Watch the outlets until SIGTERM or Ctrl-C.",
        "once": "Make one pass over all sources, and exit.",
        "demo": "Watch small newspapers on this machine; no internet needed.",
    },
    "Look": {
        "status": "How things stand: process, outlets, queue, alerts.",
        "articles": "The stored articles, the latest first.",
        "explain": "All that is known of a URL.",
        "story": "Who carries a story, and who had it first.",
        "alerts": "What needs a person.",
        "requests": "What was asked of every host, when and what for.",
    },
    "Consume": {"queue": "Take new texts, and say what became of them."},
    "Texts and pages": {
        "clean": "Clean saved pages or flattened texts.",
        "try": "Dry run: what a source lists, what a page would become.",
        "relate": "How texts relate: copies, revisions, overlaps.",
        "reclean": "Clean the stored pages again, by today's rules.",
        "capture": "Keep a page as the outlet's own test.",
        "forget": "Take an article, or an outlet's, out for good.",
    },
    "Config": {
        "init": "Write a first config.",
        "check": "Find every mistake of the config.",
        "plan": "What the config will ask of whom, before it goes live.",
        "show": "Every value that holds for an outlet, and who said it.",
        "outlets": "List the outlets, find new ones, look closer at one.",
        "import": "Take over the feeds of a feed reader (OPML).",
        "export": "The outlets' feeds as OPML.",
    },
    "Database": {
        "backup": "Make a verified copy, also while the service runs.",
        "restore": "Put a copy back.",
        "migrate": "Bring an older database up to this program's schema.",
        "doctor": "Look the installation over: ok, warn or bad, and what to do.",
    },
}

#: What shells report for a program that Ctrl-C ended (128 + SIGINT).
_INTERRUPTED: Final = 130


#: What the system says of a disk that is full, failing or may not be written.
_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})
_EX_IOERR: Final = 74
_EX_USAGE: Final = 2


def exit_code(error: Exception) -> int | None:
    """The exit code of an error that operators can mend; None: it is a bug."""
    if isinstance(error, OSError) and (error.errno in _DISK or error.filename):
        return _EX_IOERR
    code = getattr(error, "exit_code", None)
    return code if isinstance(code, int) else None


def words_of(error: Exception) -> str:
    """An error in one line. Of the system's own, the file comes first."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}; check the path, owner, permissions"
    return str(error)


class Commands(click.Group):
    """The table as a click group. Turns what operators can mend into one line."""

    _words: tuple[str, ...] = ()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands whose modules are installed."""
        return [name for name, place in COMMANDS.items() if _is_there(place)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        place = COMMANDS.get(cmd_name)
        if place is None or not _is_there(place):
            return None
        module, _, attribute = place.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 (for the type checker)
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The overview, by what one wants to do; loads none of the commands."""
        there = set(self.list_commands(ctx))
        for section, told in SECTIONS.items():
            rows = [(name, words) for name, words in told.items() if name in there]
            with formatter.section(section):
                formatter.write_dl(rows)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As click's, over standard streams that are open."""
        leaving.open_standard_streams()
        self._words = tuple(args[0] if args else kwargs.get("args") or sys.argv[1:])
        try:
            return super().main(*args, **kwargs)
        except OSError as error:  # the help could not be printed
            code = leaving.output_failure(error)
            if code is None:
                raise
            sys.exit(code)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's; of a name that is none, the nearest is told."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib  # rarely needed

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near:
                raise
            words = f"{error.message} Did you mean {near[0]!r}?"
            raise click.UsageError(words, ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command. Errors meant for operators carry their exit code.

        ConfigError and StoreError are such: they print as one plain message. Other
        exceptions are bugs and keep their traceback.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(_INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError):
                code = leaving.output_failure(error)
                if code is not None:
                    ctx.exit(code)
            ctx.exit(self._told(error))

    def _told(self, error: Exception) -> int:
        """Tells an error that operators can mend; its exit code. Raises any other."""
        if isinstance(error, UnicodeEncodeError):
            for word in self._words:
                if not _is_text(word):
                    click.echo(f"presswatch: {word!r} is not UTF-8", err=True)
                    return _EX_USAGE
        code = exit_code(error)
        if code is None:
            raise error
        click.echo(f"presswatch: {words_of(error)}", err=True)
        return code


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.version_option(package_name="presswatch", message="%(package)s %(version)s")
def main() -> None:
    """Presswatch watches news outlets and hands every new, clean text on, once.

    \b
    Examples:
      presswatch demo
      presswatch clean page.html
      presswatch run --config config
    """


def _is_text(word: str) -> bool:
    """Whether a word of the command line was UTF-8."""
    return not any("\ud800" <= letter <= "\udfff" for letter in word)


def _is_there(place: str) -> bool:
    return find_spec(place.partition(":")[0]) is not None
