"""A figure as a notebook: runs from top to bottom, gives the screen's table, and draws no more than the table can bear."""

import ast
import io

import altair as alt
import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from ics_core.takeaway import notebook
from pages.figures import registry

FIGURES = [(entry.page, entry.id) for page in registry.MODULES for entry in registry.figures(page)]
OTHERS = (  # addresses under which pages have what they lack under the first
    {"indicator": "gpps_phone_iq", "ambition": "2"},
    {"indicator": "rtt_18wk"},
    {"indicator": "suicide_rate_3y", "area": "E07000148"},
    {"indicator": "qof_dementia"},
)
MOVED = {"place": "E07000147", "migration": "500", "smoking": "50"}  # what a page does not know is left out


def run(made: nbformat.NotebookNode) -> tuple[dict, object]:
    """What the code cells leave, in order, in one set of names; and what the last one shows."""
    names: dict = {}
    shown = None
    for cell in made.cells:
        if cell.cell_type == "code":
            lines = ast.parse(cell.source).body
            last = lines.pop() if isinstance(lines[-1], ast.Expr) else None
            exec(compile(ast.Module(lines, []), "cell", "exec"), names)  # noqa: S102 - what a reader runs
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None  # noqa: S307
    return names, shown


@pytest.mark.parametrize(("page", "id"), FIGURES, ids=str)
def test_a_notebook_gives_the_table_of_the_screen_and_a_picture_that_can_be_drawn(page, id):
    entry = registry.entry(page, id)
    views = [entry.view.from_query(query)[0] for query in (MOVED, *OTHERS)]
    one, _ = entry.make(next(view for view in views if entry.when(view)))
    made = nbformat.reads(notebook.text(one), 4)
    nbformat.validate(made)
    names, shown = run(made)
    pd.testing.assert_frame_equal(
        names["table"].reset_index(drop=True),
        one.table.reset_index(drop=True),
        check_dtype=False,
        check_categorical=False,
    )
    prose = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    assert one.finding in prose and one.method in prose and "Where the figures come from" in prose
    if notebook.chart(one):
        drawn = shown.to_dict()  # held against the schema of Vega-Lite
        marks = drawn["encoding"]
        assert isinstance(shown, alt.Chart) and {marks[axis]["field"] for axis in ("x", "y")} <= set(one.table)


def test_a_lever_moved_in_the_notebook_moves_its_table_and_its_picture():
    one, _ = registry.make("population", "over-time", {"migration": "500"})
    made = nbformat.reads(notebook.text(one), 4)
    (setting,) = [cell for cell in made.cells if cell.source.startswith("scenario = ")]
    assert setting.source == "scenario = Scenario(migration=500)"
    setting.source = "scenario = Scenario(migration=1000)"
    more, _ = registry.make("population", "over-time", {"migration": "1000"})
    names, shown = run(made)
    pd.testing.assert_frame_equal(names["table"], more.table, check_dtype=False)
    assert shown.data is names["table"]


def test_unlike_things_are_not_drawn_on_one_axis():
    for page, id in (("places", "place-compared"), ("system", "profile"), ("demand", "capacity")):
        assert not notebook.chart(registry.make(page, id)[0])


def test_the_same_figure_gives_the_same_file():
    one, _ = registry.make("method", "structure")
    assert notebook.text(one) == notebook.text(one)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "id", "query"), [("population", "growth", {"migration": "500"}), ("systems", "rank", {})]
)
def test_jupyter_runs_it_from_top_to_bottom(page, id, query, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(registry.__file__.split("pages")[0]))
    one, _ = registry.make(page, id, query)
    made = nbformat.reads(notebook.text(one), 4)
    made.cells.append(nbformat.v4.new_code_cell("print(table.to_json(orient='split', double_precision=15))"))
    done = NotebookClient(
        made, timeout=300, startup_timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    table = pd.read_json(io.StringIO(done.cells[-1].outputs[0]["text"]), orient="split")
    pd.testing.assert_frame_equal(
        table, pd.read_json(io.StringIO(one.table.to_json(orient="split", double_precision=15)), orient="split")
    )
    pictures = [
        output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs if "data" in output
    ]
    assert any("image/svg+xml" in one["data"] for one in pictures)
    assert "https://cdn" not in nbformat.writes(done)  # nothing in it is fetched when it is read
