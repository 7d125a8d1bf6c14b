"""What the workshop's own pages share: safe headers, forms of limited length, who may post, templates."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ics_core.errors import WorkshopError

_FOLDER = Path(__file__).parent
_LONGEST_FORM = 200_000  # bytes: a comment of ten thousand emoji is refused in words, not by breaking off
_FILES = {
    "phone.css": "text/css",
    "phone.js": "text/javascript",
    "enter.js": "text/javascript",
    "paper.css": "text/css",
}
_WORKER = "worker.js"
_PLAIN = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
_SAFE = _PLAIN | {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    # Not "no-referrer": browsers would then hide the origin of our own forms from us.
    "Referrer-Policy": "same-origin",
}


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def fragment(template: str, **values: Any) -> str:
    """A template filled in; whatever people typed stands in it as text."""
    return _templates().get_template(template).render(**values)


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page with headers that allow nothing from elsewhere."""
    return HTMLResponse(fragment(template, mark=mark, **values), status, dict(_SAFE))


def part(content: str) -> HTMLResponse:
    """A part of a page, for a page that is already there."""
    return HTMLResponse(content, headers=dict(_PLAIN))


@cache
def _file(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


@cache
def mark(name: str) -> str:
    """A few characters that change whenever the file does, so that a browser may keep it for ever."""
    return hashlib.sha256(_file(name)).hexdigest()[:8]


async def file(request: Request) -> Response:
    """A style or script of these pages."""
    name = request.path_params["name"]
    if name not in _FILES:
        return Response("Not found", 404)
    kept = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(_file(name), media_type=_FILES[name], headers=kept)


async def worker(request: Request) -> Response:
    """The service worker of one workshop: its path is all that the browser lets it see."""
    headers = _SAFE | {"Service-Worker-Allowed": request.url.path.rpartition("/")[0]}
    return Response(_file(_WORKER), media_type="text/javascript", headers=headers)


async def form(request: Request) -> dict[str, str]:
    """The fields of a form. Raises ``WorkshopError`` if it came from another site, or is far too long."""
    if not same_origin(request):
        raise WorkshopError("This was sent from another site, so it was not counted. Please use the page itself.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            raise WorkshopError("That is far too long. Please shorten it.")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=40)
    except ValueError:
        raise WorkshopError("This form cannot be read. Please use the page itself.") from None
    return {name: values[-1] for name, values in fields.items()}


def same_origin(request: Request) -> bool:
    """Whether a form comes from a page of this server: another site cannot send these headers as it likes."""
    headers = request.headers
    ours = {headers.get("host"), headers.get("x-forwarded-host")} - {None}
    if sent := headers.get("origin") or headers.get("referer"):
        return urlsplit(sent).netloc in ours
    return headers.get("sec-fetch-site") in ("same-origin", "none")


def address(request: Request) -> str:
    """Where a request comes from, to be counted and forgotten."""
    return request.client.host if request.client else ""


def is_secure(request: Request) -> bool:
    """Whether the browser came over HTTPS, here or at a proxy before us."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))
