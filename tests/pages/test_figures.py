"""Every figure on every page keeps the promises of the frame."""

import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ics_core import catalogue
from pages.components.frame import old_show as figure

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")


@pytest.fixture(params=PAGES, ids=lambda path: path.stem, scope="module")
def shown(request):
    """The figures a page shows when it is opened plainly."""
    seen = []
    original = figure.show

    def remember(one, picture):
        seen.append(one)
        return original(one, picture)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figure, "show", remember)
        page = AppTest.from_file(str(request.param), default_timeout=120).run()
    assert not page.exception, page.exception
    return seen


def test_the_lines_of_python_give_the_table_on_screen(shown):
    for one in shown:
        names = {}
        exec(compile(one.code, one.id, "exec"), names)  # noqa: S102 - our own lines, the point of the test
        pd.testing.assert_frame_equal(
            names["table"].reset_index(drop=True),
            one.table.reset_index(drop=True),
            check_dtype=False,
            check_categorical=False,
            obj=one.id,
        )


def test_every_figure_has_a_finding_a_source_a_method_and_words_for_the_picture(shown):
    for one in shown:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id), one.id
        assert one.title[0].isupper() or one.title[0].isdigit(), one.title
        assert "nan" not in (one.title + one.subtitle + one.alt).lower().split(), one.title
        assert len(one.alt) > 30 and len(one.method) > 30, one.id
        assert one.kind in figure.KINDS
        assert one.sources and all(catalogue.source(name).publisher for name in one.sources)
    assert len({one.id for one in shown}) == len(shown)


def test_the_csv_of_every_figure_says_what_it_is_and_where_it_comes_from(shown):
    for one in shown:
        text = figure.csv(one)
        notes = [row for row in text.splitlines() if row.startswith("# ")]
        assert notes[0] == "# " + " ".join(one.title.split())
        assert any(row.startswith("# Source: ") for row in notes)
        assert text.splitlines()[len(notes)].split(",")[0].strip('"') == str(one.table.columns[0])
