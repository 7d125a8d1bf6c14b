"""What a page says of itself where a link to it is shared: title and description in the HTML that is sent first.

The rest of a page comes over a stream, which whoever draws a preview of a link (a message, a search) never opens.
"""

from __future__ import annotations

from functools import cache
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ics_core import ambitions, catalogue
from ics_core.area import AREA
from ics_core.errors import ExplorerError

_TITLE = b"<title>Streamlit</title>"
_UNASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")  # the page is written anew


@cache
def _told() -> dict[str, str]:
    """What each page says, by its path: worked out once, as every file the server sends is looked up here."""
    words = dict(catalogue.toml("text/pages")["preview"])
    of_ambitions = words.pop("ambition")
    told = {ambitions.slug(number): of_ambitions.format(**ambitions.ambition(number)) for number in range(1, 9)}
    return {"": words["home"]} | words | told


def said(path: str) -> str | None:
    """A sentence or two on the page with that path; None where there is no such page, or its text is missing."""
    try:
        return _told().get(path)
    except ExplorerError:
        return None


def _head(description: str) -> bytes:
    title, about = escape(AREA.title), escape(description)
    return (
        f'<title>{title}</title><meta name="description" content="{about}"><meta property="og:type" content="website">'
        f'<meta property="og:title" content="{title}"><meta property="og:description" content="{about}">'
    ).encode()


class Previews:
    """Middleware: gives the first HTML of each page its title and description."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        about = said(scope["path"].rpartition("/")[2]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if about is None:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def answer(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            if Headers(raw=start["headers"]).get("content-type", "").startswith("text/html"):
                body = body.replace(_TITLE, _head(about), 1)
                headers = MutableHeaders(raw=start["headers"])
                headers["content-length"] = str(len(body))
                del headers["etag"], headers["last-modified"]
            await send(start)
            await send({"type": "http.response.body", "body": body})

        asked = [(name, value) for name, value in scope["headers"] if name not in _UNASKED]
        await self.app(scope | {"headers": asked}, receive, answer)
