"""The figures of a workshop: what the room said to a question, and the future that follows from it.

Each takes questions and answers as values and returns a figure with its picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import altair as alt
import pandas as pd

from ics_core import catalogue, words
from ics_core.figure import Figure
from ics_core.workshop import known, summary
from ics_core.workshop.session import FIELDS, POINTS, Question
from ics_core.workshop.store import Given, Workshop
from pages.components.charts.picture import Html, Table
from pages.components.charts.theme import palette

Made = tuple[Figure, object]
_MOST_DOTS = 140  # people; beyond, a stack of dots is a bar
_FREE = alt.Scale(zero=False, nice=True)
_FEWEST_ROWS = 10  # of a stack, so that a few dots are not drawn as large as plates
_CODE = """from ics_core.workshop import store, summary
workshop = store.shared().get({code!r})
"""


def texts() -> dict:
    """The words of the workshop."""
    return catalogue.toml("text/workshop")


def results(workshop: Workshop, question: Question, given: Sequence[Given]) -> Made:
    """What the room said to one question, in the picture that fits its kind."""
    return _MADE[question.kind](workshop, question, given)


def _figure(workshop: Workshop, question: Question, given: Sequence[Given], table: pd.DataFrame, call: str) -> dict:
    """The parts that all figures of a question share."""
    found = summary.spread(question, given)
    parts = [words.plural(found.people, "answer")]
    parts += [f"{found.by_hand} counted by hand"] if found.by_hand else []
    parts += [f"{found.late} sent later for want of signal"] if found.late else []
    told = question.known() if found.people else None
    marked = f". {texts()['simulated']['mark']}" if workshop.rehearsal else ""
    return {
        "id": f"workshop-{question.kind}",
        "finding": summary.finding(question, given),
        "subtitle": f"{question.text} {', '.join(parts)}{marked}",
        "table": table,
        "sources": (),
        "credit": f"the answers of this workshop{'; ' + told.credit if told else ''}",
        "method": texts()["method"]["results"],
        "code": _CODE.format(code=workshop.code)
        + f"question = workshop.question({question.id!r})\n"
        + f"given = store.shared().given({workshop.code!r}, {question.id!r})\n{call}",
        "kind": "our calculation",
    }


def _numbers(workshop: Workshop, question: Question, given: Sequence[Given]) -> Made:
    table, found = summary.dots(question, given), summary.spread(question, given)
    parts = _figure(workshop, question, given, table, "table = summary.dots(question, given)")
    told = question.known() if question.kind == "guess" else None
    alt_words = f"{found.people} dots along the scale. {parts['finding']}." if found.people else "No answers yet."
    figure = Figure(**parts, alt=alt_words, columns={"value": "Answer", "by_hand": "Counted by hand"})
    return figure, _scale(question, table, found, told.value if told else question.default, told is not None)


def _scale(
    question: Question, table: pd.DataFrame, found: summary.Spread, mark: float | None, is_figure: bool
) -> alt.LayerChart:
    """Dots (or bars for a large room) on the slider, the middle half behind them, median and figure as lines."""
    colours, (low, high) = palette(), summary.limits(question)
    x = alt.X("bin:Q", title=question.unit or None, scale=alt.Scale(domain=[low, high]), axis=alt.Axis(tickCount=10))
    most = max(_FEWEST_ROWS, int(table["place"].max()) if len(table) else 0)
    top = 1.3 * most
    y = alt.Scale(domain=[0, top])
    layers: list[alt.Chart] = []
    if found.people:
        half = pd.DataFrame({"from": [found.low], "to": [found.high]})
        layers.append(
            alt.Chart(half)
            .mark_rect(color=colours.accent, opacity=0.14)
            .encode(x=alt.X("from:Q", scale=alt.Scale(domain=[low, high])), x2="to:Q")
        )
    base = alt.Chart(table)
    if len(table) > _MOST_DOTS:
        layers.append(
            base.mark_bar(color=colours.accent, width=alt.expr(f"0.9 * width / {summary.BINS}")).encode(
                x=x, y=alt.Y("max(place):Q", scale=y, axis=None)
            )
        )
    else:
        layers.append(
            base.mark_point(filled=True, opacity=1, color=colours.accent, size=_dot(top)).encode(
                x=x,
                y=alt.Y("place:Q", scale=y, axis=None),
                shape=alt.Shape(
                    "by_hand:N", scale=alt.Scale(domain=[False, True], range=["circle", "square"]), legend=None
                ),
            )
        )
    lines = []
    if found.people:
        lines.append((found.median, f"Median {question.said(found.median)}", 1.22 * most, colours.accent))
    if mark is not None:
        name = f"The figure: {question.said(mark)}" if is_figure else f"No change: {question.said(mark)}"
        lines.append((mark, name, 1.11 * most, colours.bad if is_figure else colours.muted))
    for at, name, up, colour in lines:
        row = pd.DataFrame({"at": [at], "name": [name], "y": [up]})
        place = alt.X("at:Q", scale=alt.Scale(domain=[low, high]))
        right = at > low + 0.6 * (high - low)
        layers.append(alt.Chart(row).mark_rule(color=colour, strokeWidth=2.5).encode(x=place))
        layers.append(
            alt.Chart(row)
            .mark_text(align="right" if right else "left", dx=-8 if right else 8, color=colour, fontWeight="bold")
            .encode(x=place, y=alt.Y("y:Q", scale=y, axis=None), text="name:N")
        )
    return alt.layer(*layers).properties(height=360)


def _dot(rows: float) -> alt.Expr:
    """As large as fits into its place of the stack, whatever the size of the picture."""
    return alt.expr(f"pow(0.75 * min(height / {rows}, width / {summary.BINS}), 2)")


def _one() -> alt.Expr:
    """A single dot that is seen from the back of a room."""
    return alt.expr("max(160, pow(0.026 * windowSize()[1], 2))")


def _thick(rows: int) -> alt.Expr:
    """A bar as thick as its row allows, but one alone no thicker than a tenth of the window."""
    return alt.expr(f"min(0.1 * windowSize()[1], 0.75 * height / {max(1, rows)})")


def _agreement(workshop: Workshop, question: Question, given: Sequence[Given]) -> Made:
    table = summary.agreement(question, given)
    parts = _figure(workshop, question, given, table, "table = summary.agreement(question, given)")
    said = "; ".join(f"{row.answer} {row.people}" for row in table.itertuples())
    figure = Figure(**parts, alt=f"Bars: {said}.", columns={"answer": "Answer", "people": "People", "share": "%"})
    return figure, _bars(table, "answer", "people", "People")


def _shared_out(mean: str, people: str) -> dict[str, str]:
    quartiles = {"low": "Lower quartile", "median": "Median", "high": "Upper quartile"}
    return {"ambition": "Ambition", "mean": mean, **quartiles, "people": people}


def _points(workshop: Workshop, question: Question, given: Sequence[Given]) -> Made:
    table = summary.points(question, given)
    parts = _figure(workshop, question, given, table, "table = summary.points(question, given)")
    said = "; ".join(f"{row.ambition} {row.mean:.0f}" for row in table.itertuples()) if len(given) else "no points yet"
    figure = Figure(
        **parts,
        alt=f"Bars of the average points: {said}.",
        columns=_shared_out("Points on average", "People who gave it any"),
    )
    return figure, _bars(table, "ambition", "mean", f"Points on average, of {POINTS}; the line is the middle half")


def _order(workshop: Workshop, question: Question, given: Sequence[Given]) -> Made:
    table = summary.order(question, given)
    parts = _figure(workshop, question, given, table, "table = summary.order(question, given)")
    said = "; ".join(f"{row.ambition} {row.mean:.1f}" for row in table.itertuples()) if len(given) else "no places yet"
    figure = Figure(
        **parts,
        alt=f"A dot for each average place: {said}.",
        columns=_shared_out("Place on average", "People who put it first"),
    )
    places = {"scale": alt.Scale(domain=[1, len(table)], nice=False)}
    places["axis"] = alt.Axis(values=list(range(1, len(table) + 1)), format="d")
    unit = "Place on average, 1 matters most; the line is the middle half"
    named = table.assign(name=[f"{row.ambition}: {row.mean:.1f}" for row in table.itertuples()])
    return figure, _ranges(named, "name", "mean", unit, places)


def _bars(table: pd.DataFrame, category: str, value: str, unit: str) -> alt.LayerChart:
    colours = palette()
    y = alt.Y(f"{category}:N", sort=None, title=None, axis=alt.Axis(labelLimit=0, ticks=False, domain=False))
    ends = table[[name for name in (value, "high") if name in table]].max().max()
    most = max(1.0, 0.0 if pd.isna(ends) else float(ends))
    x = alt.X(
        f"{value}:Q", title=unit, scale=alt.Scale(domain=[0, most * 1.12]), axis=alt.Axis(tickCount=4, format="~r")
    )
    base = alt.Chart(table).encode(y=y, x=x)
    layers: list[alt.Chart] = [base.mark_bar(color=colours.accent, size=_thick(len(table)))]
    at = f"datum.{value}"
    if "high" in table:  # the middle half as a line over the end of the bar, the label beyond both
        half = alt.Chart(table).encode(y=y, x="low:Q", x2="high:Q")
        layers += [
            half.mark_rule(strokeWidth=5, color=colours.ground),
            half.mark_rule(strokeWidth=2.5, color=colours.ink),
        ]
        at = f"max({at}, datum.high)"
    label = alt.Chart(table).transform_calculate(at=at).mark_text(align="left", dx=6, color=colours.ink)
    layers.append(label.encode(y=y, x="at:Q", text=alt.Text(f"{value}:Q", format=".0f")))
    return alt.layer(*layers).properties(height=360)


def _comments(workshop: Workshop, question: Question, given: Sequence[Given]) -> Made:
    shown = [one.value for one in summary.comments(question, given)]
    table = pd.DataFrame({"comment": shown})
    call = "import pandas as pd\n"
    call += 'table = pd.DataFrame({"comment": [one.value for one in summary.comments(question, given)]})'
    parts = _figure(workshop, question, given, table, call)
    figure = Figure(**parts, alt="A list of comments.", columns={"comment": "Comment"})
    items = "".join(f"<li><bdi>{escape(str(one))}</bdi></li>" for one in shown)
    return figure, Html(f'<ul class="said">{items}</ul>' if shown else f"<p>{texts()['no_comments']}</p>")


_MADE = {
    "guess": _numbers,
    "lever": _numbers,
    "statement": _agreement,
    "priorities": _points,
    "ranking": _order,
    "comment": _comments,
}


def groups(workshop: Workshop, question: Question, given: Sequence[Given]) -> Made | None:
    """Groups of the room side by side; None unless two have five people or more."""
    table = summary.groups(question, given)
    if len(table) < 2:
        return None
    parts = _figure(workshop, question, given, table, "table = summary.groups(question, given)")
    parts |= {"id": "workshop-groups"}
    if question.kind in FIELDS:
        favourite, count = table["first"].value_counts().reset_index().iloc[0]
        parts["finding"] = f"{count} of {len(table)} groups put {words.small(favourite)} first"
        if count == 1:
            parts["finding"] = "Each group puts something else first"
        columns = {"letter": "Group", "people": "People", "first": "First", "second": "Second", "third": "Third"}
        figure = Figure(**parts, alt="A list of groups with what each puts first, second and third.", columns=columns)
        rows = "".join(
            f"<li><b>Group {g.letter}</b>, {g.people} people<ol><li>{escape(g.first)}</li><li>{escape(g.second)}</li>"
            f"<li>{escape(g.third)}</li></ol></li>"
            for g in table.itertuples()
        )
        return figure, Html(f'<ul class="said">{rows}</ul>')
    most, least = table.loc[table["median"].idxmax()], table.loc[table["median"].idxmin()]
    parts["finding"] = (
        f"Group {most.letter} says {_said(question, most['median'])}, "
        f"group {least.letter} {_said(question, least['median'])}"
    )
    columns = {
        "letter": "Group",
        "people": "People",
        "median": "Median",
        "low": "Lower quartile",
        "high": "Upper quartile",
    }
    figure = Figure(**parts, alt="A line for each group from its lower to its upper quartile.", columns=columns)
    return figure, _ranges(table.assign(name="Group " + table["letter"]), "name", "median", question.unit)


def _said(question: Question, value: float) -> str:
    return f"{value:g} of 5" if question.kind == "statement" else question.said(value)


def _ranges(table: pd.DataFrame, category: str, value: str, unit: str, along: dict | None = None) -> alt.LayerChart:
    """A dot a row on the line of its middle half; ``along``: scale and axis, if not as the numbers fall."""
    colours = palette()
    y = alt.Y(f"{category}:N", sort=None, title=None, axis=alt.Axis(labelLimit=0, ticks=False, domain=False))
    base = alt.Chart(table).encode(y=y)
    span = base.mark_rule(strokeWidth=6, opacity=0.35, color=colours.accent).encode(
        x=alt.X("low:Q", title=unit or None, **(along or {"scale": _FREE})), x2="high:Q"
    )
    dot = base.mark_point(filled=True, opacity=1, size=_one(), color=colours.accent).encode(x=f"{value}:Q")
    return alt.layer(span, dot).properties(height=360)


# ------------------------------------------------------------------------------------------ the future


def _of_the_future(workshop: Workshop, table: pd.DataFrame, call: str) -> dict:
    marked = f" {texts()['simulated']['mark']}." if workshop.rehearsal else ""
    return {
        "table": table,
        "sources": (),
        "credit": "the answers of this workshop; our projection from the models of population, demand and money",
        "method": texts()["method"]["future"] + marked,
        "code": _CODE.format(code=workshop.code) + f"given = store.shared().given({workshop.code!r})\n{call}",
        "kind": "projected",
    }


def future(workshop: Workshop, questions: Sequence[Question], given: Sequence[Given]) -> Made:
    """What the room's choices change, in per cent of no change, with the range of the room. Without the gap."""
    table = summary.future(questions, given)
    call = f"table = summary.future(workshop.questions[:{len(questions)}], given)"
    chosen = words.listed(summary.room(questions, given).changes()) or "no lever moved"
    figure = Figure(
        id="workshop-future",
        finding=summary.future_finding(table),
        subtitle=f"Difference from no change in the last projected year, %; {chosen}",
        alt="A dot for each outcome, its difference from no change in per cent, with the middle half of the room.",
        columns={
            "outcome": "What",
            "year": "Year",
            "no_change": "No change",
            "room": "The room",
            "low": "Lower quartile of the room",
            "high": "Upper quartile",
            "unit": "Unit",
        },
        **_of_the_future(workshop, table, call),
    )
    shown = table[(table["difference"].abs() > 1e-9) & (table["outcome_id"] != "gap")]
    shown = shown.assign(
        low=100 * (shown["low"] / shown["no_change"] - 1),
        high=100 * (shown["high"] / shown["no_change"] - 1),
        label=[
            f"{words.percent(p, 1, signed=True)} ({words.change(d)})"
            for p, d in zip(shown["percent"], shown["difference"], strict=True)
        ],
    ).sort_values("percent")
    return figure, _differences(shown)


def _differences(table: pd.DataFrame) -> alt.LayerChart | Html:
    if table.empty:
        return Html(f"<p>{texts()['no_future']}</p>")
    colours = palette()
    ends = [float(min(0, table[["low", "percent"]].min().min())), float(max(0, table[["high", "percent"]].max().max()))]
    room = 0.45 * (ends[1] - ends[0])
    scale = alt.Scale(domain=[ends[0], ends[1] + room], nice=False)
    y = alt.Y("outcome:N", sort=None, title=None, axis=alt.Axis(labelLimit=0, ticks=False, domain=False))
    base = alt.Chart(table).encode(y=y)
    x = alt.X("percent:Q", title="% more or less than with no change", scale=scale, axis=alt.Axis(tickCount=6))
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=colours.muted).encode(x=alt.X("zero:Q", scale=scale))
    span = base.mark_rule(strokeWidth=10, opacity=0.3, color=colours.accent).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q"
    )
    dot = base.mark_point(filled=True, opacity=1, size=_one(), color=colours.accent).encode(x=x)
    label = (
        base.transform_calculate(at="max(0, datum.high, datum.percent)")
        .mark_text(align="left", dx=12, color=colours.ink)
        .encode(x=alt.X("at:Q", scale=scale), text="label:N")
    )
    return alt.layer(zero, span, dot, label).properties(height=360)


def over_time(workshop: Workshop, questions: Sequence[Question], given: Sequence[Given], outcome_id: str) -> Made:
    """One outcome year by year: no change, the room, and the middle half of the room's own scenarios."""
    outcome, table = known.outcomes()[outcome_id], summary.future_path(outcome_id, questions, given)
    last = table.iloc[-1]
    figure = Figure(
        id="workshop-over-time",
        finding=f"{known.year_words(outcome_id)}: {outcome.words(last.room)}, "
        f"with no change {outcome.words(last.no_change)}",
        subtitle=f"{outcome.label}, {outcome.unit}, projected; the band is the middle half of the room's own scenarios",
        alt=f"Two lines from {int(table.year.iloc[0])}: no change and the room, with a band.",
        columns={
            "year": "Year",
            "no_change": "No change",
            "room": "The room",
            "low": "Lower quartile",
            "high": "Upper quartile",
        },
        **_of_the_future(
            workshop,
            table,
            f"table = summary.future_path({outcome_id!r}, workshop.questions[:{len(questions)}], given)",
        ),
    )
    return figure, _two_lines(table, outcome.unit)


def _two_lines(table: pd.DataFrame, unit: str) -> alt.LayerChart:
    colours = palette()
    x = alt.X("year:Q", title=None, scale=alt.Scale(nice=False), axis=alt.Axis(format="d", grid=False, tickCount=8))
    title = f"{unit} (axis does not start at zero)"
    above = alt.Axis(format=",~f", tickCount=6, titleAngle=0, titleAlign="left", titleX=0, titleY=-14)
    y = alt.Y("value:Q", title=title, scale=alt.Scale(zero=False), axis=above)
    long = table.rename(columns={"no_change": "No change", "room": "The room"}).melt(
        "year", ["No change", "The room"], "line", "value"
    )
    band = (
        alt.Chart(table)
        .mark_area(opacity=0.2, color=colours.accent)
        .encode(x=x, y=alt.Y("low:Q", title=title, axis=above), y2="high:Q")
    )
    lines = (
        alt.Chart(long)
        .mark_line(strokeWidth=3, strokeDash=[6, 4])
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "line:N",
                scale=alt.Scale(domain=["No change", "The room"], range=[colours.neutral, colours.accent]),
                legend=None,
            ),
        )
    )
    ends = long.sort_values("year").groupby("line").tail(1)
    ends = ends.assign(dy=[-22 if v == ends["value"].max() else 30 for v in ends["value"]])
    names = [
        alt.Chart(ends[ends["line"] == row.line])
        .mark_text(
            align="right",
            dy=row.dy,
            fontWeight="bold",
            color=colours.accent if row.line == "The room" else colours.neutral,
        )
        .encode(x=x, y=y, text="line:N")
        for row in ends.itertuples()
    ]
    return alt.layer(band, lines, *names).properties(height=360)


def drives(workshop: Workshop, questions: Sequence[Question], given: Sequence[Given], outcome_id: str) -> Made:
    """What makes the difference to no change, step by step; the steps sum to it."""
    outcome, table = known.outcomes()[outcome_id], summary.drives(outcome_id, questions, given)
    if table.empty:
        finding = f"None of the room's choices changes {words.small(outcome.label)}"
    else:
        most = table.loc[table["change"].abs().idxmax()]
        finding = f"{most.step} makes most of the difference: {words.change(most.change)} {outcome.unit}"
    figure = Figure(
        id="workshop-drives",
        finding=finding,
        subtitle=f"{outcome.label}, {outcome.unit}, difference from no change in {known.year_words(outcome_id)}",
        alt="Bars: " + "; ".join(f"{row.step} {words.change(row.change)}" for row in table.itertuples()) + ".",
        columns={"step": "Choice", "change": "Difference"},
        **_of_the_future(
            workshop, table, f"table = summary.drives({outcome_id!r}, workshop.questions[:{len(questions)}], given)"
        ),
    )
    if table.empty:
        return figure, Html(f"<p>{texts()['no_future']}</p>")
    colours = palette()
    low, high = min(0.0, table["change"].min()), max(0.0, table["change"].max())
    base = alt.Chart(table.assign(label=table["change"].map(words.change))).encode(
        y=alt.Y("step:N", sort=None, title=None, axis=alt.Axis(labelLimit=0, ticks=False, domain=False)),
        x=alt.X("change:Q", title=outcome.unit, scale=alt.Scale(domain=[low, high + 0.2 * (high - low)], nice=False)),
    )
    label = base.transform_calculate(at="max(0, datum.change)").mark_text(align="left", dx=8, color=colours.ink)
    bar = base.mark_bar(color=colours.accent, size=_thick(len(table)))
    return figure, alt.layer(bar, label.encode(x="at:Q", text="label:N")).properties(height=360)


def future_of_groups(
    workshop: Workshop, questions: Sequence[Question], given: Sequence[Given], outcome_id: str
) -> Made | None:
    """One outcome where the choices of each group lead, side by side; None unless two have five people or more."""
    outcome, table = known.outcomes()[outcome_id], summary.future_of_groups(outcome_id, questions, given)
    if len(table) < 2:
        return None
    most, least = table.loc[table["room"].idxmax()], table.loc[table["room"].idxmin()]
    none = known.at_end(outcome_id)[1]
    figure = Figure(
        id="workshop-future-groups",
        finding=f"{known.year_words(outcome_id)}: {outcome.words(least.room)} as group {least.letter} chose, "
        f"{words.about(most.room)} as group {most.letter} did",
        subtitle=f"{outcome.label}, {outcome.unit}, projected; with no change {words.about(none)}",
        alt="A dot for each group, on the line of the middle half of its own scenarios.",
        columns={
            "letter": "Group",
            "people": "People",
            "room": "The group",
            "low": "Lower quartile of the group",
            "high": "Upper quartile",
        },
        **_of_the_future(
            workshop,
            table,
            f"table = summary.future_of_groups({outcome_id!r}, workshop.questions[:{len(questions)}], given)",
        ),
    )
    spans = _ranges(table.assign(name="Group " + table["letter"]), "name", "room", outcome.unit)
    row = alt.Chart(pd.DataFrame({"at": [none], "name": ["No change"]})).encode(x=alt.X("at:Q", scale=_FREE))
    line = row.mark_rule(color=palette().neutral, strokeWidth=2.5, strokeDash=[6, 4])
    label = row.mark_text(align="right", dx=-8, color=palette().neutral, fontWeight="bold", baseline="top")
    return figure, alt.layer(spans, line, label.encode(y=alt.value(0), text="name:N")).properties(height=360)


def rooms(compared: dict[str, tuple[Sequence[Question], Sequence[Given]]], rehearsal: bool = False) -> Made | None:
    """The same questions in several workshops, as a table; None where nothing can be compared."""
    table = summary.compare(compared)
    if table.empty:
        return None
    figure = Figure(
        id="workshop-rooms",
        finding=f"{words.listed(list(compared))} on the same questions",
        subtitle="Median and middle half of each; only questions asked in all of them, with five answers or more"
        + (f". {texts()['simulated']['mark']}" if rehearsal else ""),
        table=table,
        sources=(),
        credit="the answers of these workshops",
        method=texts()["method"]["results"],
        code="from ics_core.workshop import store, summary\n"
        + f"rooms = {{name: store.shared().get(name) for name in {list(compared)!r}}}\n"
        + "table = summary.compare({n: (w.questions, store.shared().given(n)) for n, w in rooms.items()})",
        alt="A table.",
        kind="our calculation",
        columns={
            "question": "Question",
            "about": "Ambition",
            "workshop": "Workshop",
            "people": "People",
            "median": "Median",
            "low": "Lower quartile",
            "high": "Upper quartile",
        },
    )
    return figure, Table()
