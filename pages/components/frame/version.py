"""What is running here: ``/version`` for whoever looks after the server."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ics_core import catalogue
from ics_core.errors import ExplorerError

_PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


def route(base: str = "") -> Route:
    """The answer's address, under the path the app is served from."""
    root = f"/{base.strip('/')}" if base.strip("/") else ""
    return Route(f"{root}/version", say)


async def say(request: Request) -> Response:
    """Version, commit (where ``ICS_EXPLORER_COMMIT`` tells it), model version and data release."""
    try:
        from ics_core.scenario.codec import MODEL_VERSION  # the server starts without the models and their data

        told = {"version": _version(), "model": MODEL_VERSION, "data_release": catalogue.release()}
    except ExplorerError as problem:
        return JSONResponse({"version": _version(), "problem": str(problem)}, 503)
    if commit := os.environ.get("ICS_EXPLORER_COMMIT", ""):
        told["commit"] = commit[:40]
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


@cache
def _version() -> str:
    return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
