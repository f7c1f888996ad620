"""The application: endpoints, pages, and the edge around them."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI

from service.api import articles, documented, faults, queue, standing
from service.api.access import Access
from service.api.desk import Desk
from service.api.edge import Edge
from service.console import routes as console


def make_app(desk: Desk, access: Access, rate: float) -> Edge:
    """Everything that the service answers over HTTP."""
    app = FastAPI(
        title="Presswatch",
        version=version("presswatch"),
        docs_url=None,  # it would load its scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.desk = desk
    faults.handle(app)
    for router in (queue.router, articles.router, standing.router, console.router):
        app.include_router(router)
    app.openapi = lambda: documented.document(app)  # type: ignore[method-assign]
    edge = Edge(app, access, rate)
    app.state.answers = edge.answers
    return edge
