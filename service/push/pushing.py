"""All pushes of a service: made from the config, started, reloaded, ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from w3lib.url import safe_url_string

from config import ConfigError, secrets
from config.load import read_settings
from config.models import Config
from config.problems import KeyPath, Unfit
from config.push import Push
from crawlers.session import Session
from service.api.desk import Desk
from service.push import lines, signing, stream, webhook
from service.push.delivery import Sink
from service.push.pump import Pump

log = logging.getLogger(__name__)

#: Seconds that a batch which is under way may take to end in.
PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One push, judged: what the config says and the secrets it names."""

    push: Push
    keys: tuple[bytes, ...] = ()
    password: str | None = None

    def __repr__(self) -> str:
        return f"Plan({self.push.place})"


def plans(config: Config) -> dict[str, Plan]:
    """The pushes of a config; ConfigError if a secret or a library is missing."""
    found: dict[str, Plan] = {}
    for name, said in config.queue.subscriptions.items():
        if said.push is not None:
            path: KeyPath = ("queue", "subscriptions", name, "push")
            try:
                found[name] = _plan(said.push)
            except Unfit as error:
                tree = read_settings(config.directory)
                problem = tree.problem(path, str(error), error.hint)
                raise ConfigError((problem,)) from None
    return found


def _plan(push: Push) -> Plan:
    if push.secret is not None:
        keys = tuple(signing.key(word) for word in secrets.words(push.secret))
        return Plan(push, keys)
    if push.redis is None:
        return Plan(push)
    try:
        stream.library()
    except stream.NoRedis as error:
        raise Unfit("the extra redis is not installed", str(error)) from None
    password = secrets.words(push.password)[0] if push.password else None
    return Plan(push, password=password)


class Pushing:
    """The pumps of a service. One that breaks does not hurt the others."""

    def __init__(self, session: Session, desk: Desk) -> None:
        self._session = session
        self._desk = desk
        self._running: dict[str, tuple[Plan, Pump, asyncio.Task[None]]] = {}

    def start(self, wanted: Mapping[str, Plan]) -> None:
        """Has these run, and no others: what has not changed goes on."""
        ending: dict[str, asyncio.Task[None]] = {}
        for name, (plan, pump, task) in list(self._running.items()):
            if wanted.get(name) != plan:
                pump.stop()
                ending[name] = task
                del self._running[name]
        for name, plan in wanted.items():
            if name not in self._running:
                pump = Pump(name, plan.push.place, self._sink(name, plan), self._desk)
                task = asyncio.create_task(_run(pump, ending.get(name)))
                self._running[name] = (plan, pump, task)
                log.info("push %s: %s", name, plan.push.place)

    def hurry(self) -> None:
        """The end is near: nothing new is begun."""
        for _, pump, _ in self._running.values():
            pump.stop()

    async def stop(self) -> None:
        """Ends them all; a batch under way may end, or comes again."""
        self.hurry()
        tasks = [task for _, _, task in self._running.values()]
        if tasks:
            _, hanging = await asyncio.wait(tasks, timeout=PATIENCE)
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)

    def _sink(self, name: str, plan: Plan) -> Sink:
        push, session = plan.push, self._session
        if push.webhook is not None:
            target = webhook.Target(
                safe_url_string(push.webhook),
                plan.keys,
                push.timeout.total_seconds(),
                session.config.user_agent,
            )
            return webhook.Webhook(target, session.now, session.guard.refused)
        if push.jsonl is not None:
            place = lines.Place(name, push.jsonl, push.rotate_size, push.rotate_after)
            return lines.Lines(place, self._desk.readers.opened, session.now)
        return stream.Stream(
            stream.Target(push.redis or "", push.stream, push.max_length, plan.password)
        )


async def _run(pump: Pump, before: asyncio.Task[None] | None) -> None:
    """Runs a pump once the one that it takes over from has ended."""
    if before is not None:
        await asyncio.wait([before])
    await pump.run()
