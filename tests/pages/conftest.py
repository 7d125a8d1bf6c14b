"""What the tests of pages share."""

import pytest

from pages.components.frame import show as frame


@pytest.fixture
def shown(monkeypatch):
    """Every figure a page shows, by id, as it was drawn last."""
    seen = {}
    original = frame.draw

    def remember(one, picture, *more, **named):
        seen[one.id] = one
        return original(one, picture, *more, **named)

    monkeypatch.setattr(frame, "draw", remember)
    monkeypatch.setattr(frame, "folded", frame.show)  # its box opened
    return seen
