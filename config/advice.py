"""What is valid in a config and still asks for a second look."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator

from config.addresses import permit
from config.load import OUTLETS, SETTINGS_FILE
from config.models import EXAMPLE_CONTACT, Config, fixed_requests
from config.problems import Problem, Unfit
from config.secrets import Secret, exposed, tokens, words

_CONTACT = re.compile(r"https?://\S|\S@\S")


def advice(config: Config) -> tuple[Problem, ...]:
    """Everything about `config` that its operator should know before running it."""
    found = (_contact, _outlets, _subscriptions, _budget, _exposure)
    return tuple(problem for look in found for problem in look(config))


def _about(config: Config, key: str, message: str, hint: str) -> Problem:
    return Problem(config.directory / SETTINGS_FILE, None, key, message, hint)


def _contact(config: Config) -> Iterator[Problem]:
    hint = "put in an address at which an outlet reaches you"
    if EXAMPLE_CONTACT in config.user_agent:
        yield _about(config, "user_agent", "still has the example contact", hint)
    elif not _CONTACT.search(config.user_agent):
        yield _about(config, "user_agent", "names no contact (a URL or address)", hint)


def _outlets(config: Config) -> Iterator[Problem]:
    if not config.outlets:
        hint = "add one, see outlets/tag24.yaml of the samples"
        yield Problem(config.directory / OUTLETS, None, None, "has no outlets", hint)


def _subscriptions(config: Config) -> Iterator[Problem]:
    for name, subscription in config.queue.subscriptions.items():
        for key in subscription.outlets:
            if key not in config.outlets:
                near = difflib.get_close_matches(key, config.outlets, n=1)
                hint = f"did you mean {near[0]}?" if near else "it gets nothing of it"
                message = f"there is no outlet {key}"
                place = f"queue.subscriptions.{name}.outlets"
                yield _about(config, place, message, hint)


def _budget(config: Config) -> Iterator[Problem]:
    budget, fixed = config.polling.budget, fixed_requests(config)
    if budget is not None and fixed > budget:
        message = f"sources with a fixed interval ask {fixed:,.0f} times a day already"
        hint = "give them a longer every, or a larger budget"
        yield _about(config, "polling.budget", message, hint)


def _exposure(config: Config) -> Iterator[Problem]:
    console = config.console
    if not console.local:
        message = f"{console.host} can be reached by others, and speaks no TLS"
        hint = "put a server before it that does, or keep to a network you trust"
        yield _about(config, "console.bind", message, hint)
    if console.tokens is not None:
        yield from _secret(config, "console.tokens", console.tokens, tokens)
    for name, said in config.queue.subscriptions.items():
        for key in ("secret", "password"):
            secret = getattr(said.push, key, None)
            if secret is not None:
                place = f"queue.subscriptions.{name}.push.{key}"
                yield from _secret(config, place, secret, words)
    for text in config.network.allow_private:
        if permit(text).network.prefixlen == 0:
            hint = "name the addresses that are meant"
            message = f"{text} switches the guard of private addresses off"
            yield _about(config, "network.allow_private", message, hint)


def _secret(
    config: Config, key: str, secret: Secret, read: Callable[[Secret], object]
) -> Iterator[Problem]:
    try:
        read(secret)
    except Unfit as error:
        hint = error.hint or "the service will not start like this"
        yield _about(config, key, str(error), hint)
    if exposed(secret):
        message = f"{secret} may be read by others on this machine"
        yield _about(config, key, message, f"chmod 600 {secret}")
