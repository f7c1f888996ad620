"""The endpoints of the queue: what `presswatch queue` does, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from config import durations
from pipelines.store import Store
from pipelines.store.errors import QueueError
from service.api import models
from service.api.desk import Desk, DeskOf
from service.api.documented import responses
from service.api.faults import problem_of
from service.queue_json import dead_json, exported_json, leased_json, stats_json
from service.telling import iso

router = APIRouter(prefix="/v1/queue", tags=["queue"])

Name = Annotated[
    str,
    Path(description="The subscription.", max_length=200, examples=["default"]),
]
MessageId = Annotated[
    str,
    Path(description="The message.", max_length=200, examples=[models.MESSAGE_ID]),
]
NAMED = responses("unknown-subscription", "cross-site")
HELD = responses("unknown-subscription", "unknown-message", "stale-lease", "cross-site")


@router.get("", operation_id="listSubscriptions", responses=responses())
async def subscriptions(desk: DeskOf) -> models.Subscriptions:
    """How many messages stand where, for every subscription."""
    found = await desk.read(lambda store: _stats(store, desk.now()))
    return models.Subscriptions.model_validate({"subscriptions": found})


@router.get(
    "/{subscription}",
    operation_id="getSubscription",
    responses=responses("unknown-subscription"),
)
async def subscription_stats(desk: DeskOf, subscription: Name) -> models.Stats:
    """The same for one subscription."""

    def question(store: Store) -> dict[str, Any]:
        store.queue.is_paused(subscription)  # there is such a one
        found = _stats(store, desk.now())
        return next(one for one in found if one["subscription"] == subscription)

    return models.Stats.model_validate(await desk.read(question))


def _stats(store: Store, now: datetime) -> list[dict[str, Any]]:
    return [stats_json(stats, now) for stats in store.queue.stats(now)]


@router.post(
    "/{subscription}/lease",
    operation_id="leaseMessages",
    responses=NAMED,
    response_model_exclude_unset=True,
)
async def lease(
    request: Request,
    desk: DeskOf,
    subscription: Name,
    limit: Annotated[
        int, Query(ge=1, le=1000, description="The most messages to take.")
    ] = 1,
    for_: Annotated[
        models.LeaseSpan,
        Query(alias="for", description="How long they are held; at most 99h."),
    ] = "5m",
    wait: Annotated[
        models.WaitSpan,
        Query(description="How long to wait if none is ready; at most 60s."),
    ] = "0s",
) -> models.Lease:
    """Take the oldest messages, the highest priority first.

    Whoever takes a message settles it (`ack`), gives it back (`fail`) or lets its
    lease run out; then others may take it. A paused subscription gives nothing.
    """
    duration = durations.parse(for_)
    patience = durations.parse(wait).total_seconds()
    until = asyncio.get_running_loop().time() + patience
    await request.body()  # what comes behind it can only be the client's leaving
    while True:
        leased = await desk.write(
            lambda store: store.queue.lease(
                subscription, limit=limit, duration=duration, now=desk.now()
            )
        )
        if leased or not await _come(request, desk, subscription, until):
            found = [leased_json(message) for message in leased]
            return models.Lease.model_validate({"messages": found})


async def _come(request: Request, desk: Desk, subscription: str, until: float) -> bool:
    """Whether a message came, and the one who asked for it is still there."""
    left = until - asyncio.get_running_loop().time()
    if not await desk.waiting.until_ready(subscription, left):
        return False
    return not await request.is_disconnected()


@router.post(
    "/{subscription}/messages/{message_id}/ack",
    operation_id="ackMessage",
    responses=HELD,
)
async def ack(
    desk: DeskOf, subscription: Name, message_id: MessageId, held: models.Holding
) -> models.Settled:
    """Settle a message for good. Repeating it with the same token is fine."""
    await desk.write(
        lambda store: store.queue.ack(message_id, held.token, desk.now(), subscription)
    )
    return models.Settled(id=message_id, state="done")


@router.post(
    "/{subscription}/ack",
    operation_id="ackMessages",
    responses=NAMED,
    response_model_exclude_unset=True,
)
async def ack_many(
    desk: DeskOf, subscription: Name, held: models.Holdings
) -> models.Acknowledged:
    """Settle many messages in one commit.

    Those that cannot be settled are named, each with its problem; the others are.
    """

    def action(store: Store) -> list[QueueError | None]:
        store.queue.is_paused(subscription)  # there is such a one
        return list(_settle(store, subscription, held.messages, desk.now()))

    ends = list(zip(held.messages, await desk.write(action), strict=True))
    settled = [one.id for one, error in ends if error is None]
    refused = [
        {"id": one.id, "problem": problem_of(error).document()}
        for one, error in ends
        if error is not None
    ]
    told = {"settled": settled, "refused": refused}
    return models.Acknowledged.model_validate(told)


def _settle(
    store: Store, subscription: str, messages: Iterable[models.Held], now: datetime
) -> Iterable[QueueError | None]:
    for one in messages:
        try:
            store.queue.ack(one.id, one.token, now, subscription)
        except QueueError as error:
            yield error
        else:
            yield None


@router.post(
    "/{subscription}/messages/{message_id}/fail",
    operation_id="failMessage",
    responses=HELD,
)
async def fail(
    desk: DeskOf, subscription: Name, message_id: MessageId, failure: models.Failure
) -> models.Failed:
    """Give a message back: it comes again after a growing delay.

    After eight leases, or at once if `permanent`, it is dead.
    """
    again = await desk.write(
        lambda store: store.queue.fail(
            message_id,
            failure.token,
            failure.reason,
            now=desk.now(),
            permanent=failure.permanent,
            subscription=subscription,
        )
    )
    state = "dead" if again is None else "delayed"
    told = {"id": message_id, "state": state, "available_at": iso(again)}
    return models.Failed.model_validate(told)


@router.post(
    "/{subscription}/messages/{message_id}/extend",
    operation_id="extendLease",
    responses=HELD,
)
async def extend(
    desk: DeskOf, subscription: Name, message_id: MessageId, longer: models.Extension
) -> models.Extended:
    """Hold a message for longer."""
    duration = durations.parse(longer.for_)
    until = await desk.write(
        lambda store: store.queue.extend(
            message_id, longer.token, duration, desk.now(), subscription
        )
    )
    return models.Extended(id=message_id, lease_until=until.isoformat())


@router.get(
    "/{subscription}/dead",
    operation_id="listDeadMessages",
    responses=responses("unknown-subscription"),
)
async def dead(desk: DeskOf, subscription: Name) -> models.DeadMessages:
    """The messages that were given up, and why, oldest first."""
    found = await desk.read(lambda store: store.queue.dead(subscription))
    told = {"messages": [dead_json(letter) for letter in found]}
    return models.DeadMessages.model_validate(told)


@router.post(
    "/{subscription}/redrive",
    operation_id="redriveMessages",
    responses=responses(
        "unknown-subscription", "unknown-message", "not-dead", "cross-site"
    ),
)
async def redrive(
    desk: DeskOf, subscription: Name, which: models.Redrive
) -> models.Redriven:
    """Deliver dead messages afresh. If one of them is not dead, none is."""
    count = await desk.write(
        lambda store: store.queue.redrive(which.ids, desk.now(), subscription)
    )
    return models.Redriven(redriven=count)


@router.post("/{subscription}/pause", operation_id="pause", responses=NAMED)
async def pause(desk: DeskOf, subscription: Name) -> models.Switch:
    """Give out nothing until `resume`; messages go on to be queued."""
    await desk.write(lambda store: store.queue.pause(subscription))
    return models.Switch(subscription=subscription, paused=True)


@router.post("/{subscription}/resume", operation_id="resume", responses=NAMED)
async def resume(desk: DeskOf, subscription: Name) -> models.Switch:
    """Give out messages again."""
    await desk.write(lambda store: store.queue.resume(subscription))
    return models.Switch(subscription=subscription, paused=False)


@router.get(
    "/{subscription}/messages",
    operation_id="exportMessages",
    response_model_exclude_unset=True,
    responses=responses("unknown-subscription"),
)
async def export(
    desk: DeskOf,
    subscription: Name,
    since: Annotated[
        int,
        Query(ge=0, le=2**53, description="Only messages queued after this number."),
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> models.Log:
    """The messages as they were queued, in order; takes none of them."""
    found = await desk.read(
        lambda store: list(islice(store.queue.export(since, subscription), limit))
    )
    last = found[-1].seq if found else since
    told = {"messages": [exported_json(one) for one in found], "next": last}
    return models.Log.model_validate(told)
