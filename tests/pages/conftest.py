"""What the tests of pages share."""

import pytest

from pages.components.frame import old_show as figure


@pytest.fixture
def shown(monkeypatch):
    """Every figure a page shows, by id, as it was drawn last."""
    seen = {}
    original = figure.show

    def remember(one, picture):
        seen[one.id] = one
        return original(one, picture)

    monkeypatch.setattr(figure, "show", remember)
    return seen
