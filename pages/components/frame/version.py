"""What is running here: ``/version`` for whoever looks after the server."""

from __future__ import annotations

import os

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ics_core import __version__, catalogue
from ics_core.errors import ExplorerError


def route(base: str = "") -> Route:
    """The answer's address, under the path the app is served from."""
    root = f"/{base.strip('/')}" if base.strip("/") else ""
    return Route(f"{root}/version", say)


async def say(request: Request) -> Response:
    """Version, commit (where ``ICS_EXPLORER_COMMIT`` tells it), model version and data release."""
    try:
        from ics_core.scenario.codec import MODEL_VERSION  # the server starts without the models and their data

        told = {"version": __version__, "model": MODEL_VERSION, "data_release": catalogue.release()}
    except ExplorerError as problem:
        return JSONResponse({"version": __version__, "problem": str(problem)}, 503)
    if commit := os.environ.get("ICS_EXPLORER_COMMIT", ""):
        told["commit"] = commit[:40]
    return JSONResponse(told, headers={"Cache-Control": "no-store"})
