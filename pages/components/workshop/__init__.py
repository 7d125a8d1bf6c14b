"""The workshop's own pages beside the app: for phones, and what a facilitator prints."""

from starlette.routing import Route

from pages.components.workshop import desk, phone


def routes(base: str = "") -> list[Route]:
    """All of them, under the path the app is served from."""
    return [*phone.routes(base), *desk.routes(base)]
