"""The 42 systems: all on one measure, one in profile, the nearest to it, and how they were reshaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ics_core import catalogue, systems, words
from ics_core.area import AREA
from ics_core.figure import Figure, Number
from ics_core.systems import reshaping
from pages.components.charts import systems as charts
from pages.components.charts import theme
from pages.components.charts.picture import Listing, Table
from pages.components.map.layers import Areas, Map
from pages.figures.choices import Asked
from pages.figures.registry import Made, figure, strip, titled

_CODE = "from ics_core import systems\ntable = systems."
_RESHAPED = "from ics_core.systems import reshaping\ntable = reshaping."


def _method(page: str, name: str) -> str:
    return catalogue.toml("text/pages")[page]["method"][name]


# ---------------------------------------------------------------------------- all of them, one measure

COLUMNS = {
    "name": "System",
    "region": "NHS region",
    "registered": "Registered patients",
    "resident": "Residents",
    "share_65_over": "Aged 65 and over, %",
    "deprivation": "Deprivation score",
    "rural_share": "Rural, %",
    "practices": "GP practices",
    "pcns": "Networks",
    "councils": "Councils",
    "announced": "Announced",
    "since_2026": "Since April 2026",
}


@dataclass(frozen=True)
class View:
    """A system among all, on one measure in one period (that with most systems), and the order of the table."""

    system: str = systems.OWN
    measure: str = "qof_dementia"
    period: str | None = None
    by: str = "registered"
    down: bool = True

    KEYS: ClassVar[Mapping[str, str]] = {"by": "sort", "measure": "metric"}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[View, list[str]]:
        asked = Asked(query)
        asked.one("system", systems.names(), "a system")
        asked.one("metric", measures(), "a measure", "measure")
        asked.one("sort", COLUMNS, "a column", "by")
        asked.yes_or_no("down", "an order")
        return cls(**asked.found), asked.notes

    @property
    def name(self) -> str:
        return systems.name(self.system)

    @property
    def when(self) -> str:
        """The period shown."""
        return self.period or systems.metric_values(self.measure)["period"].iloc[0]


def measures() -> dict[str, str]:
    """Each measure of the systems by its id: its theme and name."""
    return {row.metric_id: f"{row.theme}: {row.label}" for row in systems.metrics().itertuples()}


def _about(measure: str) -> Any:
    return systems.metrics().set_index("metric_id").loc[measure]


def _stands(view: View) -> str:
    stands = systems.rank(view.measure, view.system, view.when)
    if stands is None:
        return f"{words.NOT_FOUND} for {view.name}"
    return f"{view.name} is {stands.position}, at {systems.worded(stands.value, stands.unit)}"


def _subtitle(view: View) -> str:
    england = systems.england_in_words(view.measure, view.when)
    return f"{_about(view.measure)['metric']}, {words.when(view.when)}. {england}"


@figure("map", page="systems", name="On the map")
def on_the_map(view: View) -> Made:
    """Every system in one of five groups by its figure."""
    about, finding = _about(view.measure), _stands(view)
    fifths = systems.fifths(view.measure, view.when)
    groups = fifths.dropna(subset=["fifth"]).drop_duplicates("fifth").sort_values("fifth")
    top = systems.regions(view.measure, view.when).iloc[0]
    layer = Areas(
        "systems",
        dict(zip(fifths["icb_code"], fifths["fifth"], strict=True)),
        tuple(groups["range"]),
        values=dict(zip(fifths["icb_code"], fifths["says"], strict=True)),
    )
    made = Figure(
        id="map",
        finding=f"{about['label']}: highest in the {top['region']}, by the median of its systems",
        subtitle=_subtitle(view),
        table=fifths,
        sources=("system_observations", "systems_outlines"),
        credit=systems.credit(view.measure, period=view.when),
        method=_method("systems", "map"),
        code=f'{_CODE}fifths("{view.measure}", "{view.when}")',
        alt=f"Map of the systems of England shaded by {about['metric']}. {finding}. Every figure is in the table.",
        columns={"name": "System", "says": "Figure", "range": "Group"},
    )
    caption = f"{about['metric']}. {finding}."
    return made, Map("systems-map", (layer,), caption, view.system, chooses="system", fit="systems", height=600)


@figure("rank", page="systems", name="In order")
def in_order(view: View) -> Made:
    """Every system from the highest figure down."""
    about, finding = _about(view.measure), _stands(view)
    england = systems.england_in_words(view.measure, view.when)
    ranking = systems.distribution(view.measure, view.system, view.when)
    made = Figure(
        id="rank",
        finding=f"{about['label']}: {finding}",
        subtitle=_subtitle(view),
        table=ranking,
        sources=("system_observations",),
        credit=systems.credit(view.measure, period=view.when),
        method=_method("systems", "rank"),
        code=f'{_CODE}distribution("{view.measure}", "{view.system}", "{view.when}")',
        alt=f"Bars of {about['metric']} for each system from highest to lowest. {finding}. {england}.",
        columns={"rank": "Rank", "name": "System", "says": "Figure", "basis": "How it was made"},
    )
    mean = systems.england(view.measure, view.when)[0]
    return made, charts.ranked(ranking, view.name, about["unit"], mean, england)


@figure("all", page="systems", name="All in a table")
def all_in_a_table(view: View) -> Made:
    """All systems with what describes them, sorted by any column."""
    table = systems.overview(view.by, view.down)
    label = COLUMNS[view.by]
    made = Figure(
        id="all",
        finding=f"All {len(table)} systems by {label.lower()}: "
        f"from {table.iloc[0]['name']} to {table.iloc[-1]['name']}",
        subtitle="Registered patients, January 2026, and their ages; residents, 2021 Census, and the share in rural "
        "areas; deprivation 2025",
        table=table,
        sources=("system_observations", "systems", "system_successors"),
        credit=systems.credit("reg_pop", "census_pop", "imd2025_avg_score", "rural_share_2021"),
        method=_method("systems", "overview"),
        code=f'{_CODE}overview("{view.by}", {view.down})',
        alt=f"Table of the {len(table)} systems sorted by {label}.",
        columns=COLUMNS,
    )

    def said(value: object) -> object:
        return words.number(value, int(isinstance(value, float))) if isinstance(value, int | float) else value

    shown = table.rename(columns=COLUMNS)[list(COLUMNS.values())].astype("object").map(said)
    return made, Table(shown, 480)


# ---------------------------------------------------------------------------------------- one of them

HEADLINES = (
    "Registered patients",
    "Residents, 2021 Census",
    "Aged 65 and over",
    "GP practices",
    "Primary care networks",
)
MOST_BESIDE = systems.MOST_COMPARED - 1


@dataclass(frozen=True)
class ProfileView:
    """One system; ``beside``: what stands beside it, codes, or "nearest" for the next nearest, or "none"."""

    system: str = systems.OWN
    beside: tuple[str, ...] = ("nearest",) * MOST_BESIDE

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[ProfileView, list[str]]:
        asked = Asked(query)
        asked.one("system", systems.names(), "a system")
        places = [f"with{place}" for place in range(1, MOST_BESIDE + 1)]
        for place in places:
            asked.one(place, choices_beside(), "a system")
        beside = tuple(asked.found.get(place, "nearest") for place in places)
        return cls(asked.found.get("system", cls.system), beside), asked.notes

    @property
    def name(self) -> str:
        return systems.name(self.system)

    def to_query(self) -> dict[str, str]:
        """The choices as an address holds them."""
        found = {"system": self.system} if self.system != type(self).system else {}
        return found | {f"with{n}": code for n, code in enumerate(self.beside, start=1) if code != "nearest"}

    @property
    def others(self) -> list[str]:
        """The codes of the systems beside it, those that were named first."""
        named = [c for c in dict.fromkeys(self.beside) if c not in ("nearest", "none", self.system)]
        nearest = [c for c in systems.nearest(self.system, 2 * MOST_BESIDE)["icb_code"] if c not in named]
        return named + nearest[: self.beside.count("nearest")]


def choices_beside() -> dict[str, str]:
    """What can stand beside a system."""
    return {"nearest": "The next nearest", "none": "No system", **systems.names()}


@titled("system")
def title(view: ProfileView) -> str:
    """The title of the page of one system."""
    return catalogue.toml("text/pages")["system_profile"]["title"].format(place=view.name)


@strip("system")
def headline(view: ProfileView) -> tuple[Number, ...]:
    """Five numbers of one system."""
    by_item = systems.profile(view.system).set_index("item")
    return tuple(
        Number(
            item.split(",")[0].lower().replace(" ", "-"),
            item,
            by_item.loc[item, "says"].removesuffix(" people"),
            note=words.when(by_item.loc[item, "period"]),
        )
        for item in HEADLINES
    )


@figure("profile", page="system", name="Where it stands")
def profile(view: ProfileView) -> Made:
    """Its rank on every measure."""
    table = systems.profile(view.system)
    measured = table.dropna(subset=["rank"]).sort_values("rank", kind="stable")
    leading = measured[measured["rank"] <= 5]
    made = Figure(
        id="profile",
        finding=f"{view.name} is among the five highest on {len(leading)} of {len(measured)} measures",
        subtitle="Rank among the systems, each measure in the latest period in which most systems have a figure; "
        "registered patients unless a measure says residents",
        table=table,
        sources=("system_observations", "systems"),
        credit=systems.credit(*table["metric_id"].dropna()),
        method=_method("system_profile", "profile"),
        code=f'{_CODE}profile("{view.system}")',
        alt=f"Rank of {view.name} on {len(measured)} measures, the highest at the right. "
        f"Highest placed on: {', '.join(measured['item'].head(3))}.",
        columns={
            "section": "About",
            "item": "Measure",
            "says": "Figure",
            "period": "Period",
            "rank": "Rank",
            "england_says": "England",
        },
    )
    return made, charts.standing(systems.compare([view.system]))


@figure("documents", page="system", name="In the documents")
def documents(view: ProfileView) -> Made:
    """What the founding documents say of it, each beside a figure of today."""
    said = systems.in_documents(view.system)
    named = systems.named_in_documents()
    today = systems.credit(*said["today_metric"][said["today_metric"] != ""].unique())
    made = Figure(
        id="documents",
        finding=f"Founding documents on {named[view.system]}: {words.plural(len(said), 'statement')}"
        if len(said)
        else f"The founding documents do not name {view.name}",
        subtitle="As written at the time, beside the figure nearest to the subject now",
        table=said,
        sources=("founding_documents",),
        credit="; ".join(filter(None, [*said["document"].unique(), today])),
        method=_method("system_profile", "documents"),
        code=f'{_CODE}in_documents("{view.system}")',
        alt=f"List of what the founding documents say of {view.name}, each with the nearest figure of today.",
        columns={
            "fact": "What it says",
            "figure_as_stated": "As written",
            "as_at": "As at",
            "today": "Now",
            "note": "Note",
            "document": "Document",
        },
    )
    return made, Listing("statements", said, {"code": view.system})


@figure("compare", page="system", name="Beside others")
def compare(view: ProfileView) -> Made:
    """Its ranks beside those of up to three others."""
    others = view.others
    together = [view.system, *others]
    table = systems.compare(together)
    made = Figure(
        id="compare",
        finding=f"{view.name} beside {words.listed([systems.name(c) for c in others])}"
        if others
        else f"{view.name} on its own",
        subtitle="Rank among the systems; further right is a higher figure, which is not the same as better",
        table=table,
        sources=("system_observations",),
        credit=systems.credit(*table["metric_id"].unique()),
        method=_method("system_profile", "profile"),
        code=f"{_CODE}compare({together})",
        alt=f"Ranks of {words.listed([systems.name(c) for c in together])} on {table['metric_id'].nunique()} measures, "
        "each system with a mark of its own.",
        columns={"label": "Measure", "name": "System", "says": "Figure", "period": "Period", "rank": "Rank"},
    )
    return made, charts.standing(table)


def who_and_when(view: ProfileView) -> str:
    """Its councils and how it came about, as Markdown."""
    table = systems.profile(view.system)
    told = table[table["section"].isin(["County and unitary councils", "How it came about"])]
    sections = (
        ["", f"**{section}**", "", *(f"- {row.item}: {row.says}" for row in rows.itertuples())]
        for section, rows in told.groupby("section", sort=False)
    )
    return "\n".join(line for section in sections for line in section)


# ------------------------------------------------------------------------------- the nearest to one


@dataclass(frozen=True)
class NearestView:
    """One system, how many near ones, and what each characteristic weighs."""

    system: str = systems.OWN
    n: int = 5
    weights: tuple[tuple[str, float], ...] = field(default_factory=lambda: tuple(systems.default_weights().items()))

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[NearestView, list[str]]:
        asked = Asked(query)
        asked.one("system", systems.names(), "a system")
        asked.whole("neighbours", 1, 10, "a number of systems")
        for key in systems.default_weights():
            asked.number(f"weigh_{key}", 0, 3, "a weight")
        found = asked.found
        weights = tuple((key, found.get(f"weigh_{key}", weight)) for key, weight in systems.default_weights().items())
        return cls(found.get("system", cls.system), found.get("neighbours", cls.n), weights), asked.notes

    @property
    def name(self) -> str:
        return systems.name(self.system)

    def to_query(self) -> dict[str, str]:
        """The choices as an address holds them."""
        found = {"system": self.system} if self.system != type(self).system else {}
        found |= {"neighbours": str(self.n)} if self.n != type(self).n else {}
        return found | {f"weigh_{key}": f"{weight:g}" for key, weight in self.weights if weight != 1}

    @property
    def weighed(self) -> bool:
        """Whether anything weighs; else no system is nearer than another."""
        return any(weight for _, weight in self.weights)

    @property
    def call(self) -> str:
        """The choices as the words of a call."""
        moved = {key: weight for key, weight in self.weights if weight != 1}
        return f'"{self.system}", {self.n}' + (f", weights={moved}" if moved else "")


def _weighed(view: NearestView) -> bool:
    return view.weighed


def _credit(view: NearestView) -> str:
    return systems.credit(*systems.alike(view.system)["metric_id"].unique())


@figure("nearest", page="nearest-systems", name="Most alike", when=_weighed)
def nearest(view: NearestView) -> Made:
    """The nearest systems and how far away they are."""
    near = systems.nearest(view.system, view.n, dict(view.weights))
    made = Figure(
        id="nearest",
        finding=f"{near['name'].iloc[0]} is most like {view.name}"
        + (f", then {words.listed(list(near['name'].iloc[1:3]))}" if view.n > 1 else ""),
        subtitle="Distance by the characteristics beside, 0 is the same; registered patients and residents as each "
        "measure says",
        table=near,
        sources=("system_observations",),
        credit=_credit(view),
        method=_method("nearest_systems", "nearest"),
        code=f"{_CODE}nearest({view.call})",
        alt=f"Bars of the distance from {view.name}: {words.listed(list(near['name']))}, nearest first.",
        kind="our calculation",
        columns={
            "rank": "Place",
            "name": "System",
            "distance": "Distance",
            "differs_most_in": "Differs most in",
            "since_2026": "Since April 2026",
        },
    )
    return made, charts.distances(near)


@figure("alike", page="nearest-systems", name="What sets them apart", when=_weighed)
def alike(view: NearestView) -> Made:
    """Every characteristic of every system, the chosen one and its nearest picked out."""
    marks = systems.alike(view.system, view.n, dict(view.weights))
    common = systems.in_common(view.system, view.n, dict(view.weights))
    first = [f"{row.measure.lower()} ({row.side})" for row in common.head(3).itertuples()]
    made = Figure(
        id="alike",
        finding=f"What sets {view.name} and its nearest apart: {words.listed(first)}",
        subtitle="Each characteristic of every system, in standard deviations from their average",
        table=marks,
        sources=("system_observations",),
        credit=_credit(view),
        method=_method("nearest_systems", "alike"),
        code=f"{_CODE}alike({view.call})",
        alt=f"Strips of marks for {marks['metric_id'].nunique()} measures: {view.name} a diamond, its nearest circles, "
        "all other systems ticks.",
        kind="our calculation",
        columns={
            "label": "Characteristic",
            "measure": "Measure",
            "name": "System",
            "says": "Figure",
            "period": "Period",
            "role": "Shown as",
        },
    )
    return made, charts.strips(marks, view.name)


@figure("where", page="nearest-systems", name="On the map", when=_weighed)
def where(view: NearestView) -> Made:
    """The nearest on a map of England."""
    colours = theme.palette()
    places = systems.nearest_on_map(view.system, view.n, dict(view.weights))
    layer = Areas(
        "systems",
        dict(zip(places["icb_code"], places["class"], strict=True)),
        ("Other systems", "Nearest systems", view.name),
        colours=(colours.sequence[0], colours.series[3], colours.accent),
        values=dict(zip(places["icb_code"], places["says"], strict=True)),
    )
    regions = places.loc[places["class"] == 1, "region"].value_counts()
    made = Figure(
        id="where",
        finding=f"Most of the nearest are in one region: {regions.index[0]}"
        if regions.iloc[0] * 2 > view.n
        else f"The nearest lie in {len(regions)} of the NHS regions",
        subtitle="Systems to March 2026",
        table=places,
        sources=("system_observations", "systems_outlines"),
        credit=_credit(view),
        method=_method("nearest_systems", "map"),
        code=f"{_CODE}nearest_on_map({view.call})",
        alt=f"Map of the systems of England with {view.name} and its {view.n} nearest picked out; they are named in "
        "the list above.",
        kind="our calculation",
        columns={"name": "System", "region": "NHS region", "says": "Shown as"},
    )
    caption = f"{view.name} and its nearest systems."
    return made, Map("nearest-map", (layer,), caption, view.system, selectable=False, fit="systems", height=560)


# -------------------------------------------------------------------------------- how it was reshaped


def moments() -> dict[str, str]:
    """The moments of the slider in time order, each with its date."""
    found = reshaping.moments()
    return dict(zip(found["moment"], found["date"], strict=True))


@dataclass(frozen=True)
class ReshapedView:
    """A moment between the partnerships of 2016 and now; the last one by default."""

    moment: str = field(default_factory=lambda: list(moments())[-1])

    KEYS: ClassVar[Mapping[str, str]] = {"moment": "when"}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> tuple[ReshapedView, list[str]]:
        asked = Asked(query)
        asked.one("when", {moment: moment for moment in moments()}, "a moment", "moment")
        return cls(**asked.found), asked.notes

    @property
    def date(self) -> str:
        return moments()[self.moment]


@figure("areas", page="reshaped", name="Areas by stage")
def areas(view: ReshapedView) -> Made:
    """The areas of July 2022 by the stage they had reached."""
    found, tally = reshaping.areas(view.date), reshaping.tally(view.date)
    own = found.set_index("icb_code").loc[systems.OWN]
    numbers = {stage: place for place, stage in enumerate(reshaping.STAGES)}
    layer = Areas(
        "systems",
        {row.icb_code: numbers[row.stage] for row in found.itertuples()},
        reshaping.STAGES,
        colours=tuple(charts.stage_colours().values()),
        values=dict(zip(found["icb_code"], found["detail"], strict=True)),
        say=True,
    )
    made = Figure(
        id="areas",
        finding=f"{view.moment}: the {len(found)} areas are {tally}",
        subtitle="Stage reached by the areas that were boards from "
        f"{words.month(AREA.board.since)} to {words.month(AREA.board.until)}. "
        f"{AREA.name}: {own['stage'].lower()}",
        table=found,
        sources=("systems", "system_successors", "systems_outlines"),
        method=_method("reshaped", "areas"),
        code=f'{_RESHAPED}areas("{view.date}")',
        alt=f"Map of England in {view.moment}: {tally}.",
        columns={"name": "Area", "stage": "Stage", "detail": "What and when"},
    )
    caption = f"Stage of each area in {view.moment}."
    return made, Map(
        "reshaped-map",
        (layer,),
        caption,
        systems.OWN,
        selectable=False,
        fit="systems",
        height=580,
    )


@figure("steps", page="reshaped", name="Step by step")
def steps(view: ReshapedView) -> Made:
    """How many areas had reached which stage after each step."""
    counts, table = reshaping.counted(), reshaping.stages()
    made = Figure(
        id="steps",
        finding="From {first_named} areas named in {first_wave} to all {boards} in {last_wave}; {remaining} boards "
        "since {merged}".format(**counts),
        subtitle=f"The {counts['boards']} areas of July 2022 by the stage they had reached after each step",
        table=table,
        sources=("timeline", "systems", "system_successors"),
        method=_method("reshaped", "stages"),
        code=f"{_RESHAPED}stages()",
        alt="Bars for each step from partnerships to merged boards; their parts are the number of areas at each stage.",
        columns={"moment": "After", "stage": "Stage", "areas": "Areas"},
    )
    return made, charts.stages(table, view.moment, charts.stage_colours())


@figure("boards", page="reshaped", name="Boards by law")
def boards(view: ReshapedView) -> Made:
    """The boards in force, those formed from more than one area by name."""
    table = reshaping.boards(view.date)
    merged = int((table["systems"] > 1).sum())
    made = Figure(
        id="boards",
        finding=f"{view.moment}: {len(table)} boards by law"
        + (f", {merged} of them with more than one of the old areas" if merged else ""),
        subtitle="NHS integrated care boards in force on the day",
        table=table,
        sources=("systems", "system_successors"),
        method=_method("reshaped", "boards"),
        code=f'{_RESHAPED}boards("{view.date}")',
        alt="List of the boards that took over more than one area, with the areas they were formed from.",
        columns={"board": "Board", "ods_code": "NHS code", "since": "Since", "formed_from": "Formed from"},
    )
    return made, Listing("boards", table)
