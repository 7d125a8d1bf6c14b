"""The workshop's own pages beside the app: for phones, and what a facilitator prints."""

from collections.abc import Awaitable, Callable
from importlib import import_module

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_BOTH = ["GET", "POST"]


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
