"""A figure as a notebook: scenario and choices to change, the same table, a picture of it, and what each step does."""

from __future__ import annotations

import ast
from textwrap import wrap

import pandas as pd

from ics_core import __version__, catalogue
from ics_core.area import AREA
from ics_core.figure import KINDS, Figure
from ics_core.takeaway import record

# Columns that say when or at what age: what a line runs along, first found first taken.
_ALONG = ("year", "minutes", "age", "period_label", "period_end", "date")
# The number a picture is of, where a table has several; those of the first row can be held against each other whatever
# they are of.
_RELATIVE = ("percent", "share", "distance")
_MEASURED = (*_RELATIVE, "value", "change", "population", "rate", "areas", "figures")
_MOST_LINES, _MOST_BESIDE, _MOST_BARS = 8, 5, 60


def text(figure: Figure) -> str:
    """The notebook as a file (JSON of nbformat 4), not yet run.

    Its code leaves the figure's table in ``table``; it needs this package, and Altair for the picture.
    """
    from nbformat import v4  # a tenth of a second, which only those pay who want a notebook

    needs, settings, making = _parts(figure.code)
    cells = [
        v4.new_markdown_cell(_head(figure)),
        v4.new_markdown_cell("## 1. What is needed\n\n`pip install .` in a clone of the project brings `ics_core`."),
        v4.new_code_cell(needs),
    ]
    if settings:
        cells += [v4.new_markdown_cell(_choices(figure)), v4.new_code_cell(settings)]
    cells += [v4.new_markdown_cell(_table(figure)), v4.new_code_cell(f"{making}\ntable")]
    drawn = chart(figure)
    if drawn:
        cells += [
            v4.new_markdown_cell(
                "## A picture of it\n\n`pip install altair vl-convert-python` for this step. It draws the table above."
            ),
            v4.new_code_cell(drawn),
        ]
    cells.append(v4.new_markdown_cell(_origin(figure)))
    for at, cell in enumerate(cells):
        cell["id"] = f"step-{at}"  # not drawn by lot: the same figure gives the same file
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    return v4.writes(made) + "\n"


def _parts(code: str) -> tuple[str, str, str]:
    """The imports of a figure's lines; the scenarios in them, by name; what makes the table from both."""
    tree = ast.parse(code)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names: dict[str, str] = {}

    class Named(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if not (isinstance(node.func, ast.Name) and node.func.id == "Scenario"):
                return node
            said = ast.unparse(node)
            return ast.Name(names.setdefault(said, "scenario" if not names else f"scenario_{len(names) + 1}"))

    making = [ast.unparse(Named().visit(node)) for node in tree.body if node not in imports]
    settings = [f"{name} = {said}" for said, name in names.items()]
    return "\n".join(map(ast.unparse, imports)), "\n".join(settings), "\n".join(making)


def chart(figure: Figure) -> str:
    """Lines of Altair that draw ``table``, as simply as its columns allow; none where they do not.

    Lines run along years, ages or periods, bars stand beside each other; what is of several units is not drawn.
    """
    table = figure.table
    shown = [name for name in figure.columns if name in table] or list(table)
    value = _value(table, shown)
    if not value:
        return ""
    along = next((name for name in _ALONG if _runs(table, name) and name != value), "")
    line = bool(along)
    if value == "share" and "value" in table and len(table) > _MOST_BESIDE * _MOST_LINES:
        line, along = True, "value"  # how likely each number is
    along = along or _bar(table, shown)
    groups = _groups(table, shown, along, 2 if line else 1, _MOST_LINES if line else _MOST_BESIDE) if along else None
    mixed = value not in _RELATIVE and ("unit" in table and table["unit"].nunique() > 1 or along == "measure")
    if groups is None or mixed and (not line or not {"unit", "measure"} & set(groups)):
        return ""
    if line:
        mark, encoding = "mark_line(point=True)", [_along(figure, along), _channel(figure, "y", value)]
        channels = list(zip(("color", "strokeDash"), groups))
    else:
        mark, encoding = (
            "mark_bar()",
            [_channel(figure, "x", value), f'    y=alt.Y("{along}:N", title=None, sort=None),'],
        )
        channels = [(channel, name) for name in groups for channel in ("color", "yOffset")]
    encoding += [_channel(figure, channel, name, "N") for channel, name in channels]
    rows = f"table.head({_MOST_BARS})" if not line and len(table) > _MOST_BARS else "table"
    title = ",\n".join(f"    {one!r}" for one in wrap(figure.finding, 90))
    return "\n".join(
        [
            "import altair as alt\n",
            "# Drawn on this machine; the usual way asks the internet for its drawing code.",
            "alt.renderers.enable('svg')\n",
            f"title = [\n{title},\n]",
            f"alt.Chart({rows}, title=alt.Title(title, anchor='start')).{mark}.encode(",
            *encoding,
            ").properties(width=600)",
        ]
    )


def _value(table: pd.DataFrame, shown: list[str]) -> str:
    measured = [name for name in _MEASURED if name in table and table[name].dtype.kind in "fi"]
    others = [name for name in shown if table[name].dtype.kind == "f" and name != "rank"]
    return next((name for name in [*measured, *others] if table[name].notna().any()), "")


def _runs(table: pd.DataFrame, name: str) -> bool:
    """Whether a column is a scale that a line can run along."""
    return name in table and (table[name].dtype.kind == "i" or table[name].dtype == "str") and table[name].nunique() > 2


def _groups(table: pd.DataFrame, shown: list[str], along: str, most: int, values: int) -> list[str] | None:
    """The columns of few values that tell rows at the same place of ``along`` apart; None where they do not."""
    found: list[str] = []
    few = [name for name in shown if name != along and (table[name].dtype == "str" or name == "year")]
    for name in sorted(few, key=lambda name: name not in ("series", "scenario", "group", "sex")):
        if len(found) < most and table.duplicated([along, *found]).any() and 1 < table[name].nunique() <= values:
            found.append(name)
    told_apart = not table.duplicated([along, *found]).any() or along == "value"
    return found if told_apart else None


def _bar(table: pd.DataFrame, shown: list[str]) -> str:
    """The column that names the bars: short words, as many different ones as there are."""
    words = [name for name in shown if table[name].dtype == "str" and table[name].str.len().mean() < 60]
    return max(words, key=lambda name: table[name].nunique(), default="")


def _along(figure: Figure, name: str) -> str:
    said = f"{figure.columns.get(name, name)!r}"
    if figure.table[name].dtype != "str":
        return f'    x=alt.X("{name}:Q", title={said}).axis(format="~f").scale(zero=False),'
    if figure.table[name].str.fullmatch(r"\d{4}-\d\d-\d\d").all():
        return f'    x=alt.X("{name}:T", title={said}),'
    return f'    x=alt.X("{name}:N", title={said}, sort=None),'


def _channel(figure: Figure, channel: str, name: str, kind: str = "Q") -> str:
    of = channel[0].upper() + channel[1:]
    return f'    {channel}=alt.{of}("{name}:{kind}", title={figure.columns.get(name, name)!r}),'


# --------------------------------------------------------------------------------------- in words


def _head(figure: Figure) -> str:
    return "\n\n".join(
        [
            f"# {figure.finding}",
            f"{figure.subtitle}. {KINDS[figure.kind]}.",
            f"A figure of the {AREA.name} ICS Explorer {__version__}, data release {catalogue.release()}. "
            "Not an official NHS site. The notebook asks nothing of the internet.",
        ]
    )


def _choices(figure: Figure) -> str:
    chosen = "".join(f"\n- `{key}` = `{value}`" for key, value in figure.query.items())
    return (
        "## 2. The scenario\n\nWhich levers are moved, and how far; change a number and run the cells below again. "
        "`Scenario()` is the official projection with none moved, and `help(Scenario)` says what can be moved."
        + (f"\n\nThe figure was taken with these choices:\n{chosen}" if chosen else "")
    )


def _table(figure: Figure) -> str:
    columns = "\n".join(f"| `{name}` | {said} |" for name, said in figure.columns.items())
    listed = f"\n\n| Column | What it holds |\n| --- | --- |\n{columns}" if columns else ""
    return f"## The table\n\n{figure.method}{listed}"


def _origin(figure: Figure) -> str:
    cited = [figure.credit] if figure.credit else []
    cited += [catalogue.citation(name.partition(".")[0]) for name in record.origins(figure)]
    lines = ["## Where the figures come from", *(f"- {one}" for one in dict.fromkeys(cited))]
    if figure.cautions:
        lines += ["\n## Cautions about the data", *(f"- {one}" for one in figure.cautions)]
    return "\n".join(lines)
