"""The queue: messages, and where each stands with every subscription.

Delivery is at least once; the id of a message never changes, so that a consumer can
make its effect exactly-once. A lease is held by whoever has its token; it ends by
`ack`, by `fail`, or by its time. The work is done in `messages`, `subscriptions`,
`offering`, `leases`, `dead_letters` and `tallies`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from pipelines.store import (
    dead_letters,
    leases,
    messages,
    offering,
    readiness,
    subscriptions,
    tallies,
)
from pipelines.store.dead_letters import Dead, Ending
from pipelines.store.leases import (
    LONGEST_DELAY,
    MOST_ATTEMPTS,
    Failure,
    Leased,
    half_to_one_and_a_half,
    retry_delay,
)
from pipelines.store.messages import EXPORT_CHUNK, Exported, Message
from pipelines.store.reserve import on_reserve
from pipelines.store.session import Session
from pipelines.store.subscriptions import DEFAULT, SubscriptionSpec
from pipelines.store.tallies import Stats

__all__ = [
    "DEFAULT",
    "EXPORT_CHUNK",
    "LONGEST_DELAY",
    "MOST_ATTEMPTS",
    "Dead",
    "Deliveries",
    "Ending",
    "Exported",
    "Leased",
    "Message",
    "Stats",
    "SubscriptionSpec",
    "half_to_one_and_a_half",
    "retry_delay",
]


class Deliveries:
    """The queue of a database."""

    def __init__(
        self, session: Session, jitter: Callable[[], float] = half_to_one_and_a_half
    ) -> None:
        self._session = session
        self._jitter = jitter

    # The service's side

    def add(self, message: Message, now: datetime) -> bool:
        """Queue a message for every subscription that wants it.

        False if its id was queued before.
        """
        return messages.add(self._session, message, now)

    def sync_subscriptions(
        self, specs: Iterable[SubscriptionSpec], now: datetime
    ) -> None:
        """Make the active subscriptions those given; see `subscriptions.sync`."""
        subscriptions.sync(self._session, specs, now)

    def fill(self) -> bool:
        """Offer new subscriptions some of what was queued before; True: there is more.

        `lease` does so by itself; this is for doing it ahead of time.
        """
        unfilled = offering.unfilled(self._session)
        return any(offering.fill(self._session, name) for name in unfilled)

    # The consumer's side

    @on_reserve
    def lease(
        self,
        subscription: str = DEFAULT,
        *,
        limit: int = 1,
        duration: timedelta,
        now: datetime,
    ) -> list[Leased]:
        """Take up to `limit` messages for `duration`: oldest first within priority.

        Messages whose lease has run out come back first. A paused subscription
        gives nothing.
        """
        return leases.lease(self._session, subscription, limit, duration, now)

    @on_reserve
    def ack(
        self, message_id: str, token: str, now: datetime, subscription: str = DEFAULT
    ) -> None:
        """Settle a message for good. Repeating it with the same token is fine.

        A lease that has run out may still be settled as long as nobody else has
        taken the message. Raises StaleLease or UnknownMessage.
        """
        leases.ack(self._session, subscription, message_id, token, now)

    @on_reserve
    def extend(
        self,
        message_id: str,
        token: str,
        duration: timedelta,
        now: datetime,
        subscription: str = DEFAULT,
    ) -> datetime:
        """Have the lease end `duration` from now; returns when. Raises StaleLease."""
        return leases.extend(
            self._session, subscription, message_id, token, now + duration
        )

    @on_reserve
    def fail(
        self,
        message_id: str,
        token: str,
        reason: str,
        *,
        now: datetime,
        permanent: bool = False,
        subscription: str = DEFAULT,
    ) -> datetime | None:
        """Give a message back: it returns after a growing delay; says when.

        None: it is dead, at once if `permanent`, else after MOST_ATTEMPTS leases.
        Raises StaleLease or UnknownMessage.
        """
        return leases.fail(
            self._session,
            subscription,
            (message_id, token),
            Failure(reason, permanent),
            jitter=self._jitter(),
            now=now,
        )

    def release(self, message_id: str, token: str, subscription: str = DEFAULT) -> None:
        """Give a message back as if it had never been leased. Raises StaleLease."""
        leases.release(self._session, subscription, message_id, token)

    def any_ready(self, now: datetime, subscription: str = DEFAULT) -> bool:
        """Whether a lease would find something; False of an unknown subscription."""
        return readiness.any_ready(self._session, subscription, now)

    def export(self, since: int = 0, subscription: str = DEFAULT) -> Iterator[Exported]:
        """The subscription's messages after number `since`, in order of queueing."""
        return messages.export(self._session, subscription, since)

    def last_seq(self) -> int:
        """The number of the latest message; 0 if none was ever queued."""
        return messages.last_seq(self._session)

    def seq_before(self, latest: int, subscription: str = DEFAULT) -> int:
        """What to give to `export` to begin with the `latest` messages."""
        return messages.seq_before(self._session, subscription, latest)

    # The operator's side

    def dead(self, subscription: str = DEFAULT) -> list[Dead]:
        """The messages that were given up, oldest first."""
        return dead_letters.dead(self._session, subscription)

    def redrive(
        self,
        message_ids: Sequence[str] | None,
        now: datetime,
        subscription: str = DEFAULT,
    ) -> int:
        """Have dead messages (None: all) delivered afresh; returns how many.

        Raises QueueError, and changes nothing, if one of them is not dead.
        """
        return dead_letters.redrive(self._session, subscription, message_ids, now)

    def pause(self, subscription: str = DEFAULT) -> None:
        """Give out nothing until `resume`; messages go on to be queued."""
        subscriptions.set_paused(self._session, subscription, paused=True)

    def resume(self, subscription: str = DEFAULT) -> None:
        """Give out messages again."""
        subscriptions.set_paused(self._session, subscription, paused=False)

    def is_paused(self, subscription: str = DEFAULT) -> bool:
        """Whether the subscription gives out nothing. Raises UnknownSubscription."""
        return bool(subscriptions.check(self._session, subscription)["paused"])

    def remove(self, subscription: str) -> int:
        """Forget a subscription that the config no longer has.

        Returns how many messages it had not settled. Raises QueueError if it is in use.
        """
        return subscriptions.remove(self._session, subscription)

    def stats(self, now: datetime) -> list[Stats]:
        """Every subscription's deliveries. Leases that have run out count as ready."""
        return tallies.stats(self._session, now)
