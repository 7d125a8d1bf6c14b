"""What a briefing holds: the chosen figures, made with no page running, each with what goes along with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import ExplorerError, FigureError
from ics_core.figure import Figure, Number
from ics_core.running_order import RunningOrder, Step
from ics_core.scenario import BASES, MODEL_VERSION, Scenario
from pages.components.charts import theme
from pages.figures import registry

MOST = 60  # figures


@dataclass(frozen=True)
class Sheet:
    """One figure of a briefing.

    ``numbers`` are the key results beside it, ``changed`` is what was changed, a sentence each, ``warnings`` what of
    that is unusual; all may be empty. ``question`` and ``expect`` come from a running order, ``address`` opens the
    view in the app.
    """

    figure: Figure
    picture: object
    numbers: tuple[Number, ...] = ()
    changed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    question: str = ""
    expect: str = ""
    address: str = ""

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to bear in mind: of the assumptions, and of each publication by its title."""
        said = [texts()["not_a_forecast"]] if self.figure.kind == "projected" else []
        sources = map(catalogue.source, self.figure.sources)
        return tuple(dict.fromkeys([*said, *self.warnings, *(f"{s.title}: {s.note}" for s in sources if s.note)]))

    @property
    def kind(self) -> str:
        """On what ground the figure stands: published, illustrative because projected, or worked out."""
        return texts()["kinds"][self.figure.kind]

    def notes(self) -> list[str]:
        """What the speaker says or may be asked, a paragraph each."""
        said, figure = texts(), self.figure
        found = [figure.finding + ".", f"{figure.subtitle.rstrip('.')}. {self.kind}."]
        found += [said["question"].format(question=self.question)] if self.question else []
        found += [said["expect"].format(expect=self.expect)] if self.expect else []
        found += [f"{said['results']}: {'; '.join(map(spoken, self.numbers))}."] if self.numbers else []
        found += [f"{said['changed']}: {' '.join(self.changed)}"] if self.changed else []
        found += [f"{said['method']}: {words.plain(figure.method.replace('**', '').replace('`', ''))}"]
        found += [f"{said['cautions']}: {caution}" for caution in self.cautions]
        found += [figure.source]
        return found + ([f"{said['open']}: {self.address}"] if self.address else [])


@dataclass(frozen=True)
class Briefing:
    """A title, the sheets in their order, what had to be left out and why, and the day it was made."""

    title: str
    sheets: tuple[Sheet, ...]
    left_out: tuple[str, ...] = ()
    made: date = date.min

    @property
    def about(self) -> str:
        """What it is, and from which data and model."""
        return texts()["about"].format(
            count=words.plural(len(self.sheets), "figure"),
            explorer=AREA.title,
            release=catalogue.release(),
            model=MODEL_VERSION,
            made=words.day(self.made.isoformat()),
        )

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to bear in mind of all figures, each said once."""
        return tuple(dict.fromkeys(caution for sheet in self.sheets for caution in sheet.cautions))


def texts() -> dict[str, Any]:
    """The words of a briefing."""
    return catalogue.toml("text/briefing")


def spoken(number: Number) -> str:
    """A key result as part of a sentence."""
    return f"{number.label} {number.value}" + "".join(f", {part}" for part in (number.change, number.note) if part)


def gather(order: RunningOrder, made: date) -> Briefing:
    """The figures of a running order, in its order, for white paper or white slides.

    A step without a figure stands for the first one of its page. A figure that is not known or cannot be made, as a
    table is missing say, is left out and named. Raises ``FigureError`` where none is chosen, where there are too
    many, and where none of them can be made.
    """
    if not order.step:
        raise FigureError(texts()["none"])
    if len(order.step) > MOST:
        raise FigureError(texts()["most"].format(most=MOST, count=len(order.step)))
    sheets: list[Sheet] = []
    left_out: list[str] = []
    for place, step in enumerate(order.step, start=1):
        try:
            with theme.on_paper():
                sheets.append(sheet(step))
        except ExplorerError as problem:
            left_out.append(_why(place, step, problem))
    if not sheets:
        raise FigureError(texts()["nothing_left"].format(why=" ".join(left_out)))
    return Briefing(words.plain(order.title), tuple(sheets), tuple(left_out), made)


def unknown(order: RunningOrder) -> tuple[str, ...]:
    """Of the steps of a running order those that lead to no figure, and why, before any figure is made."""
    found = []
    for place, step in enumerate(order.step, start=1):
        try:
            _found(step)
        except ExplorerError as problem:
            found.append(_why(place, step, problem))
    return tuple(found)


def _why(place: int, step: Step, problem: ExplorerError) -> str:
    named = " ".join(filter(None, (step.page or "home", step.figure[:60])))
    return str(texts()["step"].format(place=place, page=named, why=problem))


def _found(step: Step) -> tuple[registry.Entry, Any, dict[str, str]]:
    """The figure a step leads to, the view it is made for, and the choices in its address."""
    page, chosen = registry.page_at(step.page)
    query = dict(parse_qsl(step.choices)) | chosen
    seen, _ = registry.view(page).from_query(query)
    entries = {entry.id: entry for entry in registry.figures(page) if entry.when(seen)}
    if step.figure not in entries and (step.figure or not entries):
        registry.entry(page, step.figure)  # says so where there is no such figure
        raise FigureError(texts()["not_so"])
    return entries[step.figure] if step.figure else registry.first(list(entries.values())), seen, query


def sheet(step: Step) -> Sheet:
    """One step as a sheet of a briefing."""
    entry, seen, query = _found(step)
    figure, picture = registry.made(entry, seen, theme.palette())
    strip, scenario = registry.key_results(entry.page), getattr(seen, "scenario", None)
    return Sheet(
        figure,
        picture,
        strip.make(seen) if strip else figure.numbers,
        changed(scenario, getattr(seen, "kept", None)),
        tuple(f"{warning}." for warning in scenario.warnings()) if scenario else (),
        words.plain(step.question),  # of a file of the reader's own: no document may hold control characters
        words.plain(step.expect),
        f"{step.page}?{urlencode(query | {'figure': entry.id})}",
    )


def changed(scenario: Scenario | None, kept: Scenario | None = None) -> tuple[str, ...]:
    """What a scenario changes, in sentences; nothing where a page has no levers."""
    said = texts()
    if scenario is None:
        return ()
    moved = [f"{change}." for change in scenario.changes()] or [said["unmoved"]]
    found = [*([f"{scenario.label}."] if scenario.name else []), *moved]
    found += [said["basis"].format(basis=BASES[scenario.basis])] if scenario.moved else []
    if kept is not None:
        changes = "; ".join(kept.changes()) or said["no_change"]
        found.append(said["beside"].format(label=kept.label, changes=changes))
    return tuple(found)
