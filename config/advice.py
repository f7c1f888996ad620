"""What is valid in a config and still asks for a second look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from config.addresses import permit
from config.load import OUTLETS, SETTINGS_FILE
from config.models import EXAMPLE_CONTACT, Config
from config.problems import Problem

_CONTACT = re.compile(r"https?://\S|\S@\S")


def advice(config: Config) -> tuple[Problem, ...]:
    """Everything about `config` that its operator should know before running it."""
    return (*_contact(config), *_outlets(config), *_exposure(config))


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


def _exposure(config: Config) -> Iterator[Problem]:
    host = config.console.bind.rpartition(":")[0].strip("[]")
    if not _is_loopback(host):
        hint = "it asks for no password"
        yield _about(config, "console.bind", f"{host} can be reached by others", hint)
    for text in config.network.allow_private:
        if permit(text).network.prefixlen == 0:
            hint = "name the addresses that are meant"
            message = f"{text} switches the guard of private addresses off"
            yield _about(config, "network.allow_private", message, hint)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
