"""What the tests of pages share."""

import pytest

from pages.components.frame import old_show
from pages.components.frame import show as frame


@pytest.fixture
def shown(monkeypatch):
    """Every figure a page shows, by id, as it was drawn last."""
    seen = {}
    original, older = frame.show, old_show.show

    def remember(one, picture, *more, **named):
        seen[one.id] = one
        return original(one, picture, *more, **named)

    def remember_older(one, picture):
        seen[one.id] = one
        return older(one, picture)

    monkeypatch.setattr(frame, "show", remember)
    monkeypatch.setattr(old_show, "show", remember_older)
    return seen
