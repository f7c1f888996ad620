"""The OpenAPI 3.1 document: what FastAPI makes, with our problems in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.api import models
from service.api.problems import KINDS, MEDIA_TYPE

#: What any request may be answered with.
ALWAYS: Final = (
    "bad-request",
    "no-token",
    "too-slow",
    "too-large",
    "wrong-host",
    "invalid",
    "too-many-requests",
    "internal",
    "store-busy",
    "store-failed",
    "overloaded",
)

DESCRIPTION: Final = """\
The queue, the articles and the standing of one Presswatch service.

Every answer that is no success is a problem document (RFC 9457). Answers may gain
fields: ignore what you do not know. If the service is configured with tokens, send one
as `Authorization: Bearer TOKEN`.
"""

TAGS: Final = [
    {"name": "queue", "description": "Take new texts, and say what became of them."},
    {"name": "articles", "description": "What is stored, and why it is as it is."},
    {"name": "standing", "description": "How everything stands."},
]


def responses(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The problems that an endpoint may answer with, those of all included."""
    by_status: dict[int, list[str]] = {}
    for kind in dict.fromkeys((*kinds, *ALWAYS)):
        by_status.setdefault(KINDS[kind].status, []).append(kind)
    return {status: _response(of) for status, of in sorted(by_status.items())}


def _response(kinds: Iterable[str]) -> dict[str, Any]:
    titles = "; ".join(KINDS[kind].title for kind in kinds)
    examples = {
        kind: {
            "value": {
                "type": f"/problems#{kind}",
                "title": KINDS[kind].title,
                "status": KINDS[kind].status,
                "detail": "...",
            }
        }
        for kind in kinds
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "examples": examples}}
    return {"description": titles, "content": content}


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="Presswatch",
            version=app.version,
            description=DESCRIPTION,
            routes=app.routes,
            tags=TAGS,
            license_info={"name": "MIT", "identifier": "MIT"},
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for model in (models.Fault, models.Problem):
            told = model.model_json_schema(ref_template="#/components/schemas/{model}")
            told.pop("$defs", None)
            schemas[model.__name__] = told
        made["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"}
        }
        made["security"] = [{"token": []}, {}]
        app.openapi_schema = made
    return app.openapi_schema
