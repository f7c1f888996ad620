"""Trials told to programs as JSON. Pure."""

from __future__ import annotations

from typing import Any

from pipelines.article import Reading
from service import telling
from service.telling import iso
from service.trying import Found, PageTrial, SourceTrial, Trial


def as_json(trial: Trial) -> dict[str, Any]:
    """A trial for programs; `trial` says of what."""
    if isinstance(trial, SourceTrial):
        return {"trial": "source", **_source(trial)}
    return {"trial": "page", **_page(trial)}


def _source(trial: SourceTrial) -> dict[str, Any]:
    wanted = trial.wanted
    return {
        "outlet": trial.outlet,
        "kind": trial.kind,
        "url": trial.url,
        "outcome": trial.poll.outcome,
        "status": trial.poll.status,
        "error": trial.poll.error,
        "listed": len(trial.found),
        "new": sum(not found.known for found in wanted),
        "refused": len(trial.refused),
        "urls": [_found(found) for found in trial.found],
    }


def _found(found: Found) -> dict[str, Any]:
    said = found.listed.candidate
    return {
        "url": said.url,
        "title": said.title,
        "published": iso(said.published),
        "updated": iso(said.updated),
        "known": found.known,
        "outcome": found.listed.outcome,
        "detail": found.listed.detail,
    }


def _page(trial: PageTrial) -> dict[str, Any]:
    answer = trial.answer
    return {
        "url": trial.url,
        "outlet": trial.outlet,
        "rule": trial.rule,
        "outcome": trial.outcome,
        "detail": trial.detail,
        "status": trial.status,
        "final_url": None if answer is None else answer.url,
        "content_type": None if answer is None else answer.content_type,
        "bytes": None if answer is None else len(answer.body),
        "identity": trial.identity,
        **_reading(trial.reading),
    }


def _reading(reading: Reading | None) -> dict[str, Any]:
    """The keys of `clean --json`, and each block in its place."""
    if reading is None:
        return {"title": None, "text": "", "removed": [], "blocks": []}
    about, cleaned = reading.metadata, reading.cleaned
    return {
        "title": reading.title,
        "authors": list(about.authors),
        "published": iso(about.published.at if about.published else None),
        "language": reading.language,
        "text": cleaned.text,
        "removed": [
            {
                "text": removed.text,
                "reason": removed.reason,
                "at": removed.at,
                "evidence": removed.evidence,
            }
            for removed in cleaned.removed
        ],
        "metadata": telling.metadata_json(about),
        "blocks": [
            telling.block_json(block)
            for block in telling.blocks(cleaned.text, cleaned.removed)
        ],
    }
