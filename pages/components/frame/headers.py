"""Around every answer of the server: what browsers may do with it, and what is refused before it is read.

Streamlit's own page needs inline scripts (its front page has some, without a nonce, and parts of pages are loaded from
blobs), inline styles (its style sheets are written by script) and ``unsafe-eval`` (Vega compiles its expressions, and
folium's maps are scripts in a text); everything else is held to this server. ``ICS_EXPLORER_FRAMED_BY`` names the
sites, parted by spaces, that may show the app in a frame of theirs, such as a council's; without it only this server
may. ``ICS_EXPLORER_REFRESH=on`` lets whoever opens the app bring official files in by upload, and so change its
data.
"""

from __future__ import annotations

import asyncio
import logging
import os

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger(__name__)

FRAMED_BY = "ICS_EXPLORER_FRAMED_BY"
SLOWEST = 20  # seconds to wait for the head of a request, or for the next piece of its body
LARGEST_BODY = 1_500_000  # bytes: a file of 1 MB with what a form puts around it
REFRESH = "ICS_EXPLORER_REFRESH"
LARGEST_FILE = 100  # MB: the largest of the official files is a zip of 85 MB
_UPLOAD = "/_stcore/upload_file/"
_STREETS = "https://tile.openstreetmap.org"  # pictures of streets, when a reader asks for them on a map
_METRICS = "/_stcore/metrics"
_MEDIA = "/media/"  # named by what is in them: asked for again at each change of the address, were they not kept
_TOO_SLOW = "The rest of that did not come in time.\n"
_TOO_LONG = "That is longer than anything this server takes.\n"


def takes_files() -> bool:
    """Whether official files may be brought in by upload."""
    return os.environ.get(REFRESH, "").strip().lower() in ("on", "1", "true", "yes")


def policy() -> str:
    """The content security policy: nothing comes from elsewhere but streets on a map, nothing is sent elsewhere."""
    others = [one for one in os.environ.get(FRAMED_BY, "").split() if not set(one) & set(";,")]
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob: {_STREETS}",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(["frame-ancestors 'self'", *others]),
        ]
    )


class SafeAnswers:
    """Middleware: headers for answers that have none of their own; long bodies and strangers at the metrics refused."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files = takes_files()
        self.headers = {
            "Content-Security-Policy": policy(),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",  # an address may hold a scenario's name: other sites do not learn it
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if _MEDIA in scope["path"] and message["status"] == 200:
                    headers.setdefault("Cache-Control", "private, max-age=86400, immutable")
            await send(message)

        headers, got, whole = Headers(scope=scope), 0, False
        most = LARGEST_FILE * 1024**2 + LARGEST_BODY if self.files and _UPLOAD in scope["path"] else LARGEST_BODY
        said = headers.get("content-length", "0")
        if not (said.isascii() and said.isdecimal() and int(said[:12]) <= most):
            await self._refuse(413, _TOO_LONG, scope, receive, answer)
            return
        if scope["path"].endswith(_METRICS) and not _from_this_machine(scope, headers):
            await self._refuse(404, "Not found\n", scope, receive, answer)
            return

        async def limited() -> Message:
            nonlocal got, whole
            try:
                message = await asyncio.wait_for(receive(), None if whole else SLOWEST)
            except TimeoutError:
                raise HTTPException(408, _TOO_SLOW) from None
            whole = not message.get("more_body", False)
            got += len(message.get("body", b""))
            if got > most:
                raise HTTPException(413, _TOO_LONG)
            return message

        try:
            await self.app(scope, limited, answer)
        except HTTPException as refused:
            if begun:
                raise
            await self._refuse(refused.status_code, refused.detail, scope, receive, answer)

    async def _refuse(self, status: int, why: str, scope: Scope, receive: Receive, send: Send) -> None:
        _LOG.warning("A request was refused (%d): %s %s", status, scope["method"], scope["path"][:100])
        response = PlainTextResponse(why, status, {"Connection": "close"})
        await response(scope, receive, send)


def _from_this_machine(scope: Scope, headers: Headers) -> bool:
    """Whether a request comes from here and from nobody behind a proxy."""
    client = scope.get("client")
    forwarded = any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    return client is not None and client[0] in ("127.0.0.1", "::1") and not forwarded
