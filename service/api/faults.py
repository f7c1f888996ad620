"""Exceptions become problem documents; for who reads the console, pages that say so."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from pipelines.store.errors import (
    QueueError,
    StaleLease,
    StoreBusy,
    StoreError,
    UnknownMessage,
    UnknownSubscription,
)
from service.api.problems import BY_STATUS, Problem, ProblemError
from service.console.rendering import render

#: The first that fits.
_KINDS: Final[tuple[tuple[type[StoreError], str], ...]] = (
    (StaleLease, "stale-lease"),
    (UnknownMessage, "unknown-message"),
    (UnknownSubscription, "unknown-subscription"),
    (QueueError, "not-dead"),
    (StoreBusy, "store-busy"),
    (StoreError, "store-failed"),
)


def problem_of(error: StoreError) -> Problem:
    """What a refusal of the store is over HTTP."""
    kind = next(kind for of, kind in _KINDS if isinstance(error, of))
    wait = {"Retry-After": "1"} if kind.startswith("store-") else {}
    return Problem(kind, error.cause, error.step, headers=wait)


def handle(app: FastAPI) -> None:
    """Has the application answer all its errors with problem documents."""
    app.add_exception_handler(ProblemError, _of_problem)
    app.add_exception_handler(StoreError, _of_store)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(Exception, _of_bug)  # which the edge then logs


def _answer(request: Request, problem: Problem) -> Response:
    """The document; a page, where a browser shows one to a person."""
    reads_pages = "text/html" in request.headers.get("accept", "")
    if not reads_pages or request.url.path.startswith("/v1/"):
        return problem.response()
    now = request.app.state.desk.now()
    page = render("problem.html", now, problem={"next": None, **problem.document()})
    return HTMLResponse(page, problem.status, dict(problem.headers))


def _of_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 (for the type checker)
    return _answer(request, error.problem)


def _of_store(request: Request, error: Exception) -> Response:
    assert isinstance(error, StoreError)  # noqa: S101
    return _answer(request, problem_of(error))


def _of_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [_fault(one) for one in error.errors()]
    words = "; ".join(f"{one['where']}: {one['message']}" for one in faults[:5])
    problem = Problem("invalid", words, "see /openapi.json", errors=faults)
    return _answer(request, problem)


def _fault(error: dict[str, Any]) -> dict[str, str]:
    """What is wrong, without what was sent: a token may be in it."""
    where = ".".join(str(step) for step in error["loc"])
    return {"where": where, "message": str(error["msg"])}


def _of_bug(_: Request, __: Exception) -> Response:
    return Problem("internal", "the log has the traceback").response()


def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    kind = BY_STATUS.get(error.status_code, "bad-request")
    words = {
        "not-found": f"nothing is at {request.url.path[:200]}",
        "method-not-allowed": f"{request.method[:20]} is not for this address",
    }
    detail = words.get(kind, str(error.detail))
    return _answer(request, Problem(kind, detail, headers=dict(error.headers or {})))
