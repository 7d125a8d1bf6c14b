"""The workshop's own pages beside the app: for phones, and what a facilitator prints."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_BOTH = ["GET", "POST"]
_FIRST, _EVERY = 120.0, 3600.0  # seconds after the server's start, and between two looks for what has expired
_LOG = logging.getLogger(__name__)


def routes(base: str = "") -> list[Route]:
    """All of them, under the path the app is served from."""
    root = f"/{base.strip('/')}" if base.strip("/") else ""
    join, desk = f"{root}/join", f"{root}/facilitate"
    return [
        Route(join, _later("phone", "door"), methods=_BOTH),
        Route(f"{join}/files/{{name}}", _later("web", "file")),
        Route(f"{join}/{{code}}", _later("phone", "seat"), methods=_BOTH),
        Route(f"{join}/{{code}}/answer", _later("phone", "answer"), methods=["POST"]),
        Route(f"{join}/{{code}}/now", _later("phone", "now")),
        Route(f"{join}/{{code}}/worker.js", _later("web", "worker")),
        Route(f"{desk}/files/{{name}}", _later("web", "file")),
        Route(f"{desk}/{{code}}", _later("desk", "enter"), methods=_BOTH),
        Route(f"{desk}/{{code}}/record", _later("desk", "record_page")),
        Route(f"{desk}/{{code}}/record.zip", _later("desk", "record_csv")),
        Route(f"{desk}/{{code}}/briefing.{{kind}}", _later("desk", "briefing_file")),
        Route(f"{desk}/{{code}}/sheets", _later("desk", "sheets")),
    ]


def _later(module: str, name: str) -> Callable[[Request], Awaitable[Response]]:
    """A handler that is imported when it is first asked for: the server starts without the models and their data."""

    async def handle(request: Request) -> Response:
        return await getattr(import_module(f"pages.components.workshop.{module}"), name)(request)

    return handle


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """While the server runs, workshops go when their time is over, whether or not anybody asks for one."""
    sweeping = asyncio.create_task(_sweep())
    yield
    sweeping.cancel()


async def _sweep() -> None:
    pause = _FIRST
    while True:
        await asyncio.sleep(pause)
        pause = _EVERY
        try:
            await run_in_threadpool(lambda: import_module("ics_core.workshop.store").shared().sweep())
        except Exception:
            _LOG.exception("Expired workshops could not be deleted; the next try is in an hour.")
