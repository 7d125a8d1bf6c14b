"""The eight ambitions of the Joint Forward Plan: indicators, targets, pace and status.

One indicator in one area is a *series*; ``status`` judges it. ``overview`` and ``tiles`` pick the
headline series of each ambition, ``gaps`` names what has no figure, ``promises`` tests the
commitments of 2018. Ages are counted to the day of the data release, not to today, so the
same data always give the same answer.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, spc

ENGLAND = "E92000001"
BOARD = "QMM"
OLD_MONTHS = 18
FURTHEST_MONTHS = 120  # an attainment date further off than this says nothing
RECENT = {1: 24, 3: 8, 12: 5}  # points that make the recent pace, by months between points
LEAST = {1: 6, 3: 4, 12: 3}
HELD_SHARE = 0.75  # of the periods between first and last, for a series to count as regular
STATES = ("improving", "concerning", "missing target", "no recent data")
NO_FIGURE = "No published figure found"

_IMPROVEMENT = {"up": "increase", "down": "decrease", "neither": "neutral"}
_TOTALS = {
    "count", "people", "pathways", "patients", "patients (daily average)", "bed days", "FTE",
    "units of dental activity", "million pounds",
}  # fmt: skip
_COLUMNS = [
    "indicator_id", "area_code", "area", "breakdown", "period_start", "period_end", "period_label", "value",
    "numerator", "denominator", "lower_ci", "upper_ci", "note",
]  # fmt: skip
_FIRST_AREAS = (BOARD, "E10000020", "RM1", "RMY", "RY3", "RYC")
_MOST_DEPRIVED = "imd_q4_5_most_deprived"
_BANDS = {
    "imd_q1_least_deprived": "Least deprived",
    "imd_q2": "Second least deprived",
    "imd_q3": "Middle",
    _MOST_DEPRIVED: "Most deprived",
}


@dataclass(frozen=True)
class Target:
    """One step of a target. ``provenance``: "found" or "named document, not rechecked".

    ``state``: "met" or "missed" at its date, "due" later, "no figure" for its date, "no date".
    ``value_then`` is the figure that decided it.
    """

    row_id: str
    metric: str
    value: float
    high: float | None
    date: str | None
    scope: str
    strict: bool
    provenance: str
    document: str
    note: str
    state: str
    value_then: float | None


@dataclass(frozen=True)
class Break:
    """A named change in what a series counts: the control chart starts a new phase here."""

    date: str
    reason: str


@dataclass(frozen=True)
class Status:
    """Where an indicator stands in an area; None wherever the data do not say.

    ``change`` is the latest value less that of the same period a year before, ``gap`` the latest
    less the target, paces are in the indicator's unit a month. ``attainment`` is the day the target
    is reached at the recent pace, ``attainment_words`` says it or why there is none.
    """

    indicator_id: str
    name: str
    ambition: int
    area_code: str
    area: str
    unit: str
    better: str
    latest: float
    latest_text: str
    period: str
    date: str
    previous: float | None
    change: float | None
    direction: str | None  # "better", "worse", "the same", or for neutral series "higher", "lower"
    beyond_margin: bool | None  # whether the two published intervals lie apart
    target: Target | None
    gap: float | None
    met: bool | None
    variation: str | None
    assurance: str | None
    trial: bool
    chart_kind: str  # "xmr" or "trend"
    chart_reason: str
    joined: bool  # whether a line may be drawn through the points
    required_pace: float | None
    recent_pace: float | None
    recent_period: str
    attainment: str | None
    attainment_words: str
    comparator: str | None
    comparator_value: float | None
    comparator_note: str
    age_months: int
    old: bool
    caveats: tuple[str, ...]
    breaks: tuple[Break, ...]
    source: str

    @property
    def previous_text(self) -> str:
        """The value of the year before, as people read it."""
        return format_value(self.previous, self.unit)

    @property
    def change_text(self) -> str:
        """The change on the year before, with its sign."""
        return "no figure a year before" if self.change is None else format_change(self.change, self.unit)

    @property
    def target_text(self) -> str:
        """The target in force and its date."""
        if self.target is None:
            return "no target drawn"
        return format_value(self.target.value, self.unit) + (f" by {format_day(self.target.date)}" if self.target.date else "")

    @property
    def comparator_text(self) -> str:
        """The comparator's value; empty without one."""
        return "" if self.comparator is None else format_value(self.comparator_value, self.unit)

    @property
    def states(self) -> tuple[str, ...]:
        """The filters this status falls under."""
        told = (
            (self.variation or "").endswith("improving"),
            (self.variation or "").endswith("concerning"),
            self.met is False,
            self.old,
        )
        return tuple(state for state, holds in zip(STATES, told, strict=True) if holds)


# --- The tables behind it -----------------------------------------------------------------------


@cache
def _indicators() -> pd.DataFrame:
    return catalogue.table("indicators").set_index("indicator_id", drop=False)


@cache
def _series() -> dict[tuple[str, str, str], pd.DataFrame]:
    rows = catalogue.table("observations").sort_values(["period_start", "period_end"])
    doubled = rows[rows.duplicated(["indicator_id", "area_code", "breakdown", "period_start", "period_end"])]
    if len(doubled):
        one = doubled.iloc[0]
        raise ValueError(
            f"observations: {len(doubled)} rows repeat a period, the first is {one['indicator_id']} {one['area_code']} "
            f"{one['breakdown']} {one['period_label']}. Keep one row for each indicator, area, breakdown and period."
        )
    rows.insert(2, "area", rows["area_code"].map(_names()))
    rows = rows[_COLUMNS].reset_index(drop=True)
    found = {key: frame.reset_index(drop=True) for key, frame in rows.groupby(["indicator_id", "area_code", "breakdown"])}
    for (indicator_id, _, _), frame in found.items():
        frame.attrs["unit"] = _indicator(indicator_id)["unit"]
    return found


@cache
def _held() -> dict[str, list[str]]:
    """Area codes of each indicator."""
    held: dict[str, list[str]] = {}
    for indicator_id, code, _ in _series():
        if code not in held.setdefault(indicator_id, []):
            held[indicator_id].append(code)
    return held


@cache
def _names() -> dict[str, str]:
    areas = catalogue.table("indicator_areas").set_index("area_code")["area_name"]
    # Short where it stays clear: "Norfolk and Suffolk NHS FT" would become a place.
    return {code: re.sub(r"^NHS | ICB$|(?<=Hospitals) NHS FT$|(?<=Lynn) NHS FT$| NHS Trust$", "", re.sub(r" \((?!to ).*", "", name)) for code, name in areas.items()}


@cache
def _indicator(indicator_id: str) -> pd.Series:
    if indicator_id in _indicators().index:
        return _indicators().loc[indicator_id]
    near = get_close_matches(str(indicator_id), _indicators().index, n=3, cutoff=0.4)
    raise ValueError(f"There is no indicator {indicator_id!r}. Did you mean: {', '.join(near) or 'see ambitions.indicators()'}?")


def area_name(area_code: str) -> str:
    """The name of an area as shown: ``QMM`` is "Norfolk and Waveney"."""
    return _names().get(area_code, area_code)


def series(indicator_id: str, area_code: str, breakdown: str = "all") -> pd.DataFrame:
    """The published figures in time order.

    Columns: indicator_id, area_code, area, breakdown, period_start, period_end, period_label, value,
    numerator, denominator, lower_ci, upper_ci (95%), note; unit in ``attrs["unit"]``. Raises
    ``ValueError`` for an unknown indicator, or an area or breakdown it does not have.
    """
    _indicator(indicator_id)
    found = _series().get((indicator_id, area_code, breakdown))
    if found is None:
        have = sorted(_held()[indicator_id])
        raise ValueError(
            f"{indicator_id} has no figures for area {area_code!r}, breakdown {breakdown!r}. Areas: {', '.join(have)}; "
            f"breakdowns: {', '.join(sorted({key[2] for key in _series() if key[0] == indicator_id}))}."
        )
    return found.copy(deep=False)


@cache
def _kinds() -> dict[str, str]:
    return dict(catalogue.table("indicator_areas").set_index("area_code")["area_type"])


def _whole(indicator_id: str, area_code: str) -> pd.DataFrame:
    """The series that stands for an area: everyone, or the most deprived band where only bands are published."""
    if (indicator_id, area_code, _MOST_DEPRIVED) in _series() and (indicator_id, area_code, "all") not in _series():
        return series(indicator_id, area_code, _MOST_DEPRIVED)
    return series(indicator_id, area_code)


def areas(indicator_id: str) -> pd.DataFrame:
    """Where an indicator is published, our own areas first: area_code, area, area_type, points, first, last."""
    _indicator(indicator_id)
    kinds = _kinds()
    order = {"icb": 0, "trust": 1, "utla": 2, "district": 3, "england": 4, "comparator": 5}
    frames = {code: _whole(indicator_id, code) for code in _held()[indicator_id]}
    rows = [(code, area_name(code), kinds[code], len(f), f["period_label"].iloc[0], f["period_label"].iloc[-1]) for code, f in frames.items()]
    table = pd.DataFrame(rows, columns=["area_code", "area", "area_type", "points", "first", "last"])
    return table.sort_values(["area_type", "area"], key=lambda s: s.map(order) if s.name == "area_type" else s, ignore_index=True)


def first_area(indicator_id: str) -> str:
    """The area shown when none is chosen: the headline pick, else the widest local one with a fair share of the points."""
    _indicator(indicator_id)
    if indicator_id in _picked():
        return _picked()[indicator_id]
    points = {code: len(_whole(indicator_id, code)) for code in _held()[indicator_id]}
    for code in _FIRST_AREAS:
        if 2 * points.get(code, 0) >= max(points.values()):
            return code
    return areas(indicator_id)["area_code"].iloc[0]


@cache
def _picked() -> dict[str, str]:
    return dict(catalogue.table("headline_picks").set_index("indicator_id")["area_code"])


def bands(indicator_id: str, area_code: str) -> pd.DataFrame:
    """The figures by deprivation band of GP practices: band, then as ``series``. Empty where not published."""
    _indicator(indicator_id)
    held = [band for band in _BANDS if (indicator_id, area_code, band) in _series()]
    if not held:
        return pd.DataFrame(columns=["band", "period_label", "period_end", "value"])
    frame = pd.concat([series(indicator_id, area_code, band) for band in held], ignore_index=True)
    frame.insert(0, "band", frame["breakdown"].map(_BANDS))
    return frame


# --- Words --------------------------------------------------------------------------------------


def format_value(value: float | None, unit: str) -> str:
    """A figure as people read it: ``format_value(70.93, "%")`` is "70.9%"."""
    if value is None or pd.isna(value):
        return NO_FIGURE
    return _words(value, unit).replace("-", "−", 1) if value < 0 else _words(value, unit)


def _words(value: float, unit: str) -> str:
    if unit in ("%", "ratio (%)"):
        return f"{value:.1f}%"
    if unit == "million pounds":
        return f"{'-' if value < 0 else ''}£{abs(value):,.1f} million"
    if unit == "pounds per head":
        return f"£{value:,.2f} a head"
    if unit == "minutes":
        hours, minutes = divmod(round(value), 60)
        return f"{value:.1f} minutes" if value < 90 else f"{hours} h {minutes} min"
    if unit == "patients (daily average)":
        return f"{value:,.0f} patients a day"
    if unit in _TOTALS:
        return f"{value:,.0f}" if unit == "count" else f"{value:,.0f} {unit.replace('units of dental activity', 'dental units')}"
    if match := re.fullmatch(r"(?:mean )?score 0-(\d+)", unit):
        return f"{value:.3f} of 1" if match[1] == "1" else f"{value:.2f} of {match[1]}"
    if unit == "segment 1-5":
        return f"segment {value:.0f} of 5"
    if unit == "score 1-4":
        return f"{value:.2f} (1 best, 4 worst)"
    if unit.startswith(("index", "ratio")):
        return f"{value:.{0 if '100' in unit else 2}f} {unit[unit.index('(') :]}"
    if unit == "days":
        return f"{value:,.0f} days"
    if unit.startswith("percentage points"):
        return f"{value:.1f} points"
    if unit == "% of income":
        return f"{value:.1f}% of income"
    return f"{value:,.1f} {unit.split(' (')[0]}"


def format_change(change: float | None, unit: str) -> str:
    """A difference with its sign; percentages differ by points: "+2.1 points"."""
    if change is None or pd.isna(change):
        return NO_FIGURE
    if unit.startswith(("%", "ratio (%)")):
        unit = "percentage points"
    text = re.sub(r" (of \d+|\(.*\))$|^segment ", "", format_value(abs(change), unit))
    return ("±" if not re.search("[1-9]", re.sub(r"per [\d,]+", "", text)) else "+" if change > 0 else "−") + text


def format_pace(pace: float | None, unit: str) -> str:
    """A pace with its sign and two figures that count: "+0.44 points a month"."""
    if pace is None:
        return "not known"
    words = "points" if unit.startswith(("%", "percentage", "score", "mean score")) else unit.split(" (")[0].replace("count", "").strip()
    decimals = int(np.clip(1 - np.floor(np.log10(abs(pace))), 0, 3)) if pace else 0
    sign = "+" if pace > 0 else "−" if pace < 0 else ""
    return f"{sign}{abs(pace):,.{decimals}f} {words}".rstrip() + " a month"


def format_day(iso: str) -> str:
    """``2026-03-31`` as "March 2026"."""
    return f"{calendar.month_name[int(iso[5:7])]} {iso[:4]}"


def _months_between(start: str, end: str) -> float:
    a, b = date.fromisoformat(start), date.fromisoformat(end)
    return (b.year - a.year) * 12 + b.month - a.month + (b.day - a.day) / 31


def _months_on(iso: str, months: float) -> str:
    """The last day of the month so many months on."""
    whole = int(iso[:4]) * 12 + int(iso[5:7]) - 1 + int(np.ceil(months))
    year, month = divmod(whole, 12)
    return f"{year:04d}-{month + 1:02d}-{calendar.monthrange(year, month + 1)[1]:02d}"


# --- Series that can be judged ------------------------------------------------------------------


def _step(frequency: str) -> int:
    return 1 if frequency.startswith("monthly") else 3 if frequency.startswith("quarterly") else 12


def _spacing(row: pd.Series, frame: pd.DataFrame) -> float:
    """Months between neighbouring points as they usually lie: a survey every two years has no holes."""
    steps = [_months_between(a, b) for a, b in zip(frame["period_start"], frame["period_start"][1:], strict=False)]
    return max(_step(row["frequency"]), float(np.median(steps)) if steps else 0)


def _chart(row: pd.Series, frame: pd.DataFrame) -> tuple[str, str, bool]:
    """Control chart or trend line, why, and whether the points may be joined."""
    frequency, step, held = row["frequency"], _step(row["frequency"]), len(frame)
    if "scattered" in frequency or "missing" in frequency:
        return "trend", "Only scattered periods are held, so the points are not joined.", False
    if held == 1:
        return "trend", "One point only: there is nothing yet to compare it with.", False
    if "rolling" in frequency or "window" in frequency or "12 months to" in row["definition"]:
        return "trend", "Each point covers a window that overlaps the next, so the points are not independent and control limits would mislead.", True
    if "to date" in frequency:
        return "trend", "Each point adds up the year so far, so the points are not independent and control limits would mislead.", True
    if step == 12:
        return "trend", "One point a year: too few for a control chart.", True
    if held < spc.ENOUGH:
        return "trend", f"{held} points held: a control chart needs {spc.ENOUGH}.", True
    due = round(_months_between(frame["period_start"].iloc[0], frame["period_start"].iloc[-1]) / step) + 1
    if held < HELD_SHARE * due:
        return "trend", f"Only {held} of {due} {'months' if step == 1 else 'quarters'} are held: the gaps are too wide for a control chart.", True
    return "xmr", f"{held} regular {'months' if step == 1 else 'quarters'}: a control chart tells signal from noise.", True


def breaks(indicator_id: str, area_code: str) -> tuple[Break, ...]:
    """Breaks that the indicator's caveat names for this area, in time order."""
    return tuple(Break(day, reason) for code, day, reason in _breaks().get(indicator_id, ()) if code in (area_code, ""))


@cache
def _breaks() -> dict[str, list[tuple[str, str, str]]]:
    table = catalogue.table("indicator_breaks").fillna({"area_code": ""}).sort_values("date")
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in table.itertuples():
        found.setdefault(one.indicator_id, []).append((one.area_code, one.date, one.reason))
    return found


def _rebase(frame: pd.DataFrame, found: tuple[Break, ...]) -> list[int]:
    starts = frame["period_start"].to_numpy(dtype=str)
    positions = [int(np.searchsorted(starts, one.date)) for one in found]
    return sorted({p for p in positions if 0 < p < len(frame)})


def _judge(row: pd.Series, frame: pd.DataFrame, area_code: str, goal: float | None) -> spc.Xmr:
    return spc.xmr(
        frame["value"].to_numpy(dtype=float),
        improvement=_IMPROVEMENT[row["better"]],
        target=goal,
        rebase=_rebase(frame, breaks(row["indicator_id"], area_code)),
    )


def chart(indicator_id: str, area_code: str) -> pd.DataFrame:
    """What the chart of a series shows, one row a period.

    Columns: period_label, period_start, period_end, value, lower_ci, upper_ci, stretch (a number that changes
    where periods are missing, so that no line is drawn over the hole), and for a control chart phase, mean, lower,
    upper, signal and meaning ("improving", "concerning", "high", "low" or None).
    """
    row, frame = _indicator(indicator_id), _whole(indicator_id, area_code)
    table = frame[["period_label", "period_start", "period_end", "value", "lower_ci", "upper_ci"]].copy()
    kind, _, joined = _chart(row, frame)
    starts = table["period_start"].tolist()
    hole = [not joined or _months_between(a, b) > 1.5 * _spacing(row, frame) for a, b in zip(starts, starts[1:], strict=False)]
    table["stretch"] = np.cumsum([0, *hole])
    if kind == "xmr":
        points = _judge(row, frame, area_code, None).points
        for column in ("phase", "mean", "lower", "upper", "signal"):
            table[column] = points[column]
        good = {"up": "high", "down": "low"}.get(row["better"])
        ways = [spc.direction(signal) for signal in points["signal"]]
        meaning = [None if way is None else way if good is None else "improving" if way == good else "concerning" for way in ways]
        table["meaning"] = pd.Series(meaning, dtype=object)
    table.attrs["unit"] = row["unit"]
    return table


# --- Targets ------------------------------------------------------------------------------------


@cache
def targets(indicator_id: str, area_code: str) -> tuple[Target, ...]:
    """Targets that may be drawn beside this series, in date order, undated last.

    Only measures mapped as comparable; a unit or area that does not fit is left out (``related``
    names those). An England total is a target for England alone.
    """
    row, frame = _indicator(indicator_id), _whole(indicator_id, area_code)
    found = []
    for aim in _aims().get(indicator_id, ()):
        elsewhere = isinstance(aim.fit_area, str) and aim.fit_area != area_code
        if elsewhere or aim.use == "words only" or pd.isna(aim.target_value):
            continue
        flip = aim.use == "complement"
        value = 100 - aim.target_value if flip else aim.target_value
        strict = aim.target_operator == "<"
        when = aim.target_date if isinstance(aim.target_date, str) else None
        state, then = _outcome(frame, when, value, strict, row["better"], yearly=aim.use == "year average")
        notes = " ".join(f"{text}." for text in (aim.note, aim.fit_note) if isinstance(text, str)).replace("..", ".")
        found.append(
            Target(
                row_id=aim.row_id,
                metric=aim.metric,
                value=float(value),
                high=None if pd.isna(aim.target_value_high) else float(aim.target_value_high),
                date=when,
                scope=aim.scope,
                strict=strict,
                provenance="found" if aim.provenance == "found" else "named document, not rechecked",
                document=", ".join(text for text in (aim.source_title, aim.source_publisher, aim.source_date) if isinstance(text, str)),
                note=notes,
                state=state,
                value_then=then,
            )
        )
    return tuple(sorted(found, key=lambda t: (t.date is None, t.date or "", t.scope)))


def target_words(indicator_id: str, area_code: str) -> list[str]:
    """The targets of ``targets``, a sentence each in Markdown: value, date, for whom, outcome, source, note."""
    unit = _indicator(indicator_id)["unit"]
    told = []
    for one in targets(indicator_id, area_code):
        value = format_value(one.value, unit) + (f" to {format_value(one.high, unit)}" if one.high is not None else "")
        by = f"by {format_day(one.date)}" if one.date else "with no date"
        whom = "for this area" if one.scope == "local" else "for England"
        outcome = {"no date": "", "no figure": "No figure for that date.", "due": "Due."}.get(one.state, f"{one.state.capitalize()}: {format_value(one.value_then, unit)}.")
        checked = "" if one.provenance == "found" else ", not rechecked"
        told.append(" ".join(filter(None, (f"**{value}** {by}, {whom}.", outcome, f"{one.document}{checked}.", one.note))))
    return told


def definition(indicator_id: str) -> str:
    """What the indicator counts, in its publisher's terms."""
    return _indicator(indicator_id)["definition"]


def target_steps(indicator_id: str, area_code: str) -> pd.DataFrame:
    """Targets as stretches of time, for a chart: start, end, value, target (words), scope, provenance, state.

    A dated step holds from the step before it, at most twelve months, to its date; a target without a date
    holds throughout. Steps that ended before the series begins, or lie over three years past its end, are left out.
    """
    row, frame = _indicator(indicator_id), _whole(indicator_id, area_code)
    first, last = frame["period_end"].iloc[0], frame["period_end"].iloc[-1]
    rows, before = [], ""
    for one in targets(indicator_id, area_code):
        end = one.date or max(last, first)
        start = max(before, _months_on(end, -12)) if one.date else first
        words = format_value(one.value, row["unit"]) + (f" by {format_day(end)}" if one.date else ", no date")
        if end > first and end <= _months_on(last, 36):
            rows.append((start, end, one.value, words, one.scope, one.provenance, one.state))
        before = one.date or before
    return pd.DataFrame(rows, columns=["start", "end", "value", "target", "scope", "provenance", "state"])


def related(indicator_id: str) -> pd.DataFrame:
    """Targets on the same subject that cannot share an axis: metric, target, date, scope, why_not_drawn."""
    links = catalogue.table("metric_indicator_map")
    aims = catalogue.table("targets").merge(links[(links["indicator_id"] == indicator_id) & (links["comparable"] == "no")], on="metric_id", suffixes=("", "_link"))
    words = pd.DataFrame([aim._asdict() for aim in _aims().get(indicator_id, ()) if aim.use == "words only"])
    both = pd.concat([aims, words.rename(columns={"fit_note": "note_link"})], ignore_index=True)
    value = [
        text if isinstance(text, str) else "" if pd.isna(number) else f"{number:,.6g} {unit}".replace(" %", "%")
        for text, number, unit in zip(both["target_text"], both["target_value"], both["unit"], strict=True)
    ]
    return pd.DataFrame({"metric": both["metric"], "target": value, "date": both["target_date"], "scope": both["scope"], "why_not_drawn": both["note_link"]})


@cache
def _aims() -> dict[str, list]:
    """Rows of comparable targets by indicator, with how each is to be drawn."""
    links = catalogue.table("metric_indicator_map")
    links = links[links["comparable"] == "yes"]
    fit = catalogue.table("target_fit").rename(columns={"area_code": "fit_area", "note": "fit_note"})
    aims = catalogue.table("targets").merge(links[["metric_id", "indicator_id"]], on="metric_id")
    aims = aims.merge(fit, on=["metric_id", "indicator_id"], how="left").fillna({"use": "as it is"})
    found: dict[str, list] = {}
    for aim in aims.itertuples(index=False):
        found.setdefault(aim.indicator_id, []).append(aim)
    return found


def _reached(value: float, goal: float, strict: bool, better: str) -> bool:
    if better == "up":
        return value > goal if strict else value >= goal
    return value < goal if strict else value <= goal


def _outcome(frame: pd.DataFrame, when: str | None, goal: float, strict: bool, better: str, yearly: bool) -> tuple[str, float | None]:
    if when is None:
        return "no date", None
    covering = frame[(frame["period_start"] <= when) & (frame["period_end"] >= when)]
    if yearly:  # the twelve months that end on the day, all of them or none
        year = frame[(frame["period_end"] <= when) & (frame["period_start"] > f"{int(when[:4]) - 1}{when[4:]}")]
        covering = year if len(year) == 12 else year.head(0)
    if len(covering):
        value = float(covering["value"].mean())
        return ("met" if _reached(value, goal, strict, better) else "missed"), value
    return ("due" if when > catalogue.released() else "no figure"), None


def _in_force(found: tuple[Target, ...], today: str) -> Target | None:
    """The step to judge by: the next one due, local before national; else the last one; else one without a date."""
    dated = [t for t in found if t.date]
    ahead = [t for t in dated if t.date >= today]
    if ahead:
        first = min(t.date for t in ahead)
        return min((t for t in ahead if t.date == first), key=lambda t: t.scope != "local")
    if dated:
        last = max(t.date for t in dated)
        return min((t for t in dated if t.date == last), key=lambda t: t.scope != "local")
    return min(found, key=lambda t: t.scope != "local", default=None)


# --- Pace ---------------------------------------------------------------------------------------


def _recent(frame: pd.DataFrame, step: int, found: tuple[Break, ...]) -> tuple[float | None, str]:
    """Least-squares change a month over the latest stretch, never reaching back over a break."""
    start = max([0, *_rebase(frame, found)])
    days = frame["period_end"].tolist()[start:][-RECENT[step] :]
    values = frame["value"].to_numpy(dtype=float)[start:][-RECENT[step] :]
    back = np.array([_months_between(day, days[-1]) for day in days])
    near = back < 1.5 * step * RECENT[step]  # points with holes between them must not reach back ten years
    if near.sum() < LEAST[step]:
        return None, ""
    slope = -float(np.polyfit(back[near], values[near], 1)[0])
    return slope, f"{format_day(days[int(np.argmax(near))])} to {format_day(days[-1])}"


def _attain(latest: float, day: str, target: Target, pace: float | None, better: str, stretch: str) -> tuple[str | None, str]:
    if _reached(latest, target.value, target.strict, better):
        return day, "already met"
    if pace is None:
        return None, "too few recent points to tell the pace"
    short = target.value - latest
    if pace * short <= 0:
        return None, f"not at this pace: {stretch} it does not move towards the target"
    months = short / pace
    if months > FURTHEST_MONTHS:
        return None, f"not at this pace: more than {FURTHEST_MONTHS // 12} years away"
    when = _months_on(day, months)
    if when < catalogue.released():
        return when, f"at the recent pace it would have been about {format_day(when)}; the figures stop in {format_day(day)}"
    return when, f"about {format_day(when)} at the recent pace"


# --- Status -------------------------------------------------------------------------------------


@cache
def status(indicator_id: str, area_code: str) -> Status:
    """Where an indicator stands in an area. Raises ``ValueError`` for an unknown indicator or area."""
    row, frame = _indicator(indicator_id), _whole(indicator_id, area_code)
    released = catalogue.released()
    last = frame.iloc[-1]
    latest, day, better, unit = float(last["value"]), last["period_end"], row["better"], row["unit"]
    kind, reason, joined = _chart(row, frame)
    step, found = _step(row["frequency"]), breaks(indicator_id, area_code)

    before = frame[frame["period_start"] == f"{int(last['period_start'][:4]) - 1}{last['period_start'][4:]}"]
    previous = float(before["value"].iloc[-1]) if len(before) else None
    change = None if previous is None else latest - previous
    apart = None
    if len(before) and pd.notna(last["lower_ci"]) and pd.notna(before["lower_ci"].iloc[-1]):
        apart = bool(last["lower_ci"] > before["upper_ci"].iloc[-1] or last["upper_ci"] < before["lower_ci"].iloc[-1])

    target = _in_force(targets(indicator_id, area_code), released) if better != "neither" else None
    judged = _judge(row, frame, area_code, target.value if target else None) if kind == "xmr" else None
    pace, stretch = _recent(frame, step, found) if joined else (None, "")
    required, attainment, words = None, None, "no target that can be drawn"
    if target:
        left = _months_between(day, target.date) if target.date else 0
        if left > 0 and not _reached(latest, target.value, target.strict, better):
            required = (target.value - latest) / left
        attainment, words = _attain(latest, day, target, pace, better, f"from {stretch}")
    age = _months_between(day, released)
    comparator, comparator_value, comparator_note = _comparator(row, frame, area_code)

    return Status(
        indicator_id=indicator_id,
        name=row["name"],
        ambition=int(row["ambition"]),
        area_code=area_code,
        area=area_name(area_code) + (", practices in the most deprived band" if last["breakdown"] == _MOST_DEPRIVED else ""),
        unit=unit,
        better=better,
        latest=latest,
        latest_text=format_value(latest, unit),
        period=last["period_label"],
        date=day,
        previous=previous,
        change=change,
        direction=_direction(latest, previous, row),
        beyond_margin=apart,
        target=target,
        gap=latest - target.value if target else None,
        met=_reached(latest, target.value, target.strict, better) if target else None,
        variation=judged.variation if judged else None,
        assurance=judged.assurance if judged else None,
        trial=judged.trial if judged else False,
        chart_kind=kind,
        chart_reason=reason,
        joined=joined,
        required_pace=required,
        recent_pace=pace,
        recent_period=stretch,
        attainment=attainment,
        attainment_words=words,
        comparator=comparator,
        comparator_value=comparator_value,
        comparator_note=comparator_note,
        age_months=int(age),
        old=age > OLD_MONTHS,
        caveats=_caveats(row, frame, target),
        breaks=found,
        source=f"{row['publisher']}, {row['official_dataset']} ({row['licence']})",
    )


def _direction(latest: float, previous: float | None, row: pd.Series) -> str | None:
    if previous is None:
        return None
    if format_value(latest, row["unit"]) == format_value(previous, row["unit"]):  # the same to the figures shown
        return "the same"
    if row["better"] == "neither":
        return "higher" if latest > previous else "lower"
    return "better" if (latest > previous) == (row["better"] == "up") else "worse"


def _comparator(row: pd.Series, frame: pd.DataFrame, area_code: str) -> tuple[str | None, float | None, str]:
    if row["unit"] in _TOTALS:
        return None, None, "A total is not compared with England's: the index below puts both on one scale."
    last = frame.iloc[-1]
    for code in [ENGLAND, *str(row["comparator"]).split()]:
        other = _series().get((row["indicator_id"], code, last.get("breakdown", "all")))
        if code == area_code or other is None:
            continue
        same = other[other["period_start"] == last["period_start"]]
        if len(same):
            return area_name(code), float(same["value"].iloc[-1]), "same period"
        return area_name(code), float(other["value"].iloc[-1]), f"latest held: {other['period_label'].iloc[-1]}"
    return None, None, "No comparator is held."


def _caveats(row: pd.Series, frame: pd.DataFrame, target: Target | None) -> tuple[str, ...]:
    found = [row["caveat"]] if isinstance(row["caveat"], str) else []
    notes = frame["note"].dropna()
    if notes.str.contains("sum of the three acute trusts").any():
        found.append("Norfolk and Waveney here is the sum of the three acute hospitals: their patients, not residents.")
    latest = frame["note"].iloc[-1]
    if isinstance(latest, str) and "sum of the three acute trusts" not in latest:
        found.append(f"Note on the latest figure: {latest}.")
    if target and target.scope == "national":
        found.append("The target is national: it was set for England, not for this area.")
    if target and target.provenance != "found":
        found.append(f"The target comes from a named document that was not rechecked: {target.document}.")
    return tuple(found)


def answers(one: Status) -> dict[str, str]:
    """The three questions a board asks, each answered in a sentence."""
    when = "the year before"
    if one.change is None:
        year = f"There is no figure for {when}, so this cannot be said."
    elif one.direction == "the same":
        year = f"The same as {when}: {one.latest_text}."
    else:
        lead = {"better": "Yes", "worse": "No, worse", "higher": "Higher", "lower": "Lower"}[one.direction]
        year = f"{lead}: {one.latest_text}, {format_change(one.change, one.unit)} on {when} ({format_value(one.previous, one.unit)})."
    if one.variation:
        real = {
            "common cause": "No sign of it: the latest point is within the usual month-to-month variation.",
            "special cause improving": "Yes, improving: the latest point is part of a signal, not noise.",
            "special cause concerning": "Yes, getting worse: the latest point is part of a signal, not noise.",
            "special cause neutral high": "Yes, higher than usual: the latest point is part of a signal, neither good nor bad in itself.",
            "special cause neutral low": "Yes, lower than usual: the latest point is part of a signal, neither good nor bad in itself.",
        }[one.variation] + (" The limits rest on fewer than twelve points." if one.trial else "")
    elif one.beyond_margin is not None:
        real = "Yes: the two published margins of error lie apart." if one.beyond_margin else "Cannot be told: the two published margins of error overlap."
    else:
        real = f"Cannot be told. {one.chart_reason}"
    return {"Better than a year ago?": year, "Is it real?": real, "Will the target be met?": _outlook(one)}


def finding(one: Status) -> str:
    """One line that says where a series stands: "76.7% in Mar 2026, improving beyond chance"."""
    where = f"{one.latest_text} in {one.period}".replace(" in year to", " in the year to")
    move = {
        "common cause": "within its usual variation",
        "special cause improving": "improving beyond chance",
        "special cause concerning": "worse than chance explains",
        "special cause neutral high": "higher than usual",
        "special cause neutral low": "lower than usual",
    }.get(one.variation or "") or {
        "better": "better than a year before",
        "worse": "worse than a year before",
        "the same": "the same as a year before",
        "higher": "higher than a year before",
        "lower": "lower than a year before",
    }.get(one.direction or "", "")
    goal = "" if one.target is None else f"; the target of {format_value(one.target.value, one.unit)} is {'met' if one.met else 'not met'}"
    return f"{one.name}: {where}{', ' if move else ''}{move}{goal}"


def _outlook(one: Status) -> str:
    if one.better == "neither":
        return "There is no target: more or less of this is neither good nor bad in itself."
    if one.target is None:
        return "No target was found that measures the same thing."
    goal = format_value(one.target.value, one.unit)
    by = f" by {format_day(one.target.date)}" if one.target.date else ", which has no date"
    if one.met:
        text = f"The latest figure meets it ({goal}{by})."
    elif one.target.date and one.target.date < catalogue.released():
        text = f"The date has passed: {goal} was due{by}; the latest figure, for {one.period}, is {one.latest_text}."
    elif one.attainment and one.target.date:
        verdict = "Yes, if the recent pace holds" if one.attainment <= one.target.date else "Not in time at the recent pace"
        text = f"{verdict}: {goal}{by} is the target, {one.attainment_words}."
    else:
        text = f"{one.attainment_words[0].upper()}{one.attainment_words[1:]}. The target is {goal}{by}."
    assured = {
        "consistently failing": " As the process runs, it will go on missing the target.",
        "consistently passing": " As the process runs, it will go on meeting the target.",
        "inconsistent": " As the process runs, it will sometimes meet the target and sometimes not.",
    }.get(one.assurance or "", "")
    return text + assured


# --- Several at once ----------------------------------------------------------------------------


def indicators(search: str = "", ambition: int | None = None, state: str | None = None) -> pd.DataFrame:
    """All indicators, each in its first area, filtered.

    ``search``: words that must all occur in name, definition, publisher, dataset or id. ``state``: one
    of "improving", "concerning", "missing target", "no recent data". Columns as ``overview``, and
    headline, frequency, publisher, definition, areas.
    """
    if state is not None and state not in STATES:
        raise ValueError(f"state is {state!r}: choose one of {', '.join(STATES)}, or None for all.")
    table = _indicators()
    if ambition is not None:
        table = table[(table["ambition"] == ambition) | (table["also_ambition"] == ambition)]
    text = table[["indicator_id", "name", "definition", "publisher", "official_dataset"]].agg(" ".join, axis=1).str.lower()
    for word in search.lower().split():
        text = text[text.str.contains(word, regex=False)]
    rows = []
    for indicator_id in text.index:
        one = status(indicator_id, first_area(indicator_id))
        if state is None or state in one.states:
            row = table.loc[indicator_id]
            more = {"headline": bool(row["headline"]), "frequency": row["frequency"], "publisher": row["publisher"]}
            rows.append({**_line(one), **more, "definition": row["definition"], "areas": len(areas(indicator_id))})
    return _frame(rows)


def _frame(rows: list[dict]) -> pd.DataFrame:
    """A frame in which None stays None, where pandas would make a missing text of it."""
    table = pd.DataFrame(rows)
    gaps = [name for name in table if any(row[name] is None for row in rows)]
    return table.assign(**{name: pd.Series([row[name] for row in rows], dtype=object) for name in gaps})


def measures(number: int) -> dict[str, str]:
    """Indicators of an ambition by id, with their names: headline picks first, then headline series, then the rest."""
    ambition(number)
    picks = catalogue.table("headline_picks")
    table = _indicators()
    mine = table[(table["ambition"] == number) | (table["also_ambition"] == number)].sort_values("headline", ascending=False, kind="stable")
    order = [*picks.loc[picks["ambition"] == number, "indicator_id"], *mine["indicator_id"]]
    return {one: table["name"][one] for one in order}


def _line(one: Status) -> dict:
    """One row of a list of indicators."""
    target = one.target
    return {
        "ambition": one.ambition,
        "indicator_id": one.indicator_id,
        "name": one.name,
        "area_code": one.area_code,
        "area": one.area,
        "unit": one.unit,
        "better": one.better,
        "latest": one.latest,
        "latest_text": one.latest_text,
        "period": one.period,
        "date": one.date,
        "change": one.change,
        "change_text": one.change_text,
        "direction": one.direction,
        "chart_kind": one.chart_kind,
        "variation": one.variation,
        "assurance": one.assurance,
        "target": target.value if target else np.nan,
        "target_text": one.target_text,
        "target_date": target.date if target else None,
        "target_scope": target.scope if target else None,
        "provenance": target.provenance if target else None,
        "met": one.met,
        "gap": one.gap if one.gap is not None else np.nan,
        "gap_text": "" if one.gap is None else "met" if one.met else f"{format_change(one.gap, one.unit)} from target",
        "comparator": one.comparator,
        "comparator_text": one.comparator_text,
        "age_months": one.age_months,
        "old": one.old,
        "states": one.states,
    }


def ambition(number: int) -> dict:
    """Name, full name, summary and source of one ambition: number from 1 to 8."""
    table = catalogue.table("ambitions").set_index("number")
    if number not in table.index:
        raise ValueError(f"ambition is {number!r}: choose a whole number from 1 to 8.")
    return {"number": number, **table.loc[number].to_dict()}


def overview(state: str | None = None) -> pd.DataFrame:
    """The headline indicators of the eight ambitions, one row each, in order.

    Columns: ambition, ambition_name, summary, rank, indicator_id, name, area_code, area, unit, latest, latest_text,
    period, date, change, change_text, direction, chart_kind, variation, assurance, target, target_text, target_date,
    target_scope, provenance, met, gap, gap_text, comparator, comparator_text, age_months, old, states, recent
    (the latest 24 values, for a sparkline). ``state`` filters as in ``indicators``.
    """
    if state is not None and state not in STATES:
        raise ValueError(f"state is {state!r}: choose one of {', '.join(STATES)}, or None for all.")
    names = catalogue.table("ambitions").set_index("number")
    rows = []
    for pick in catalogue.table("headline_picks").sort_values(["ambition", "rank"]).itertuples():
        one = status(pick.indicator_id, pick.area_code)
        if state is None or state in one.states:
            head = {"ambition_name": names["short_name"][pick.ambition], "summary": names["summary"][pick.ambition], "rank": pick.rank}
            recent = _whole(pick.indicator_id, pick.area_code)["value"].tail(24).tolist()
            rows.append({**head, **_line(one), "ambition": pick.ambition, "recent": recent})
    return _frame(rows)


def tally(table: pd.DataFrame | None = None) -> dict[str, int]:
    """How many rows of ``overview`` there are in all, are judged by a control chart, have a target, and are in each state."""
    table = overview() if table is None else table
    counts = {state: int(table["states"].map(lambda states, state=state: state in states).sum()) for state in STATES}
    return {"all": len(table), "judged": int(table["variation"].notna().sum()), "aimed": int(table["target"].notna().sum()), **counts}


def slug(number: int) -> str:
    """The last part of the address of an ambition's page: "ambition-6-urgent-care"."""
    return f"ambition-{_story_file(number)}"


def story(number: int) -> str:
    """The story of an ambition in plain words; its numbers are filled in from the headline series.

    ``{ae_4hr_all.latest_text}`` in the text is that field of the ``Status`` in the indicator's first area.
    """
    return catalogue.text(f"ambitions/{_story_file(number)}").format_map(_Statuses())


def _story_file(number: int) -> str:
    ambition(number)
    return next((catalogue.DATA / "text" / "ambitions").glob(f"{number}-*.md")).stem


class _Statuses(dict):
    def __missing__(self, indicator_id: str) -> Status:
        return status(indicator_id, first_area(indicator_id))


def tiles() -> pd.DataFrame:
    """Eight rows for a front page: the first headline indicator of each ambition.

    Columns as ``overview``, of which number (the ambition), ambition_name, summary, name, area, latest_text, period,
    target_text, target_date, variation, assurance, direction, change_text, old are for show.
    """
    table = overview()
    return table[table["rank"] == 1].rename(columns={"ambition": "number"}).reset_index(drop=True)


def compare(indicator_id: str, area_codes: list[str] | tuple[str, ...]) -> pd.DataFrame:
    """Several areas on one scale: area_code, area, period_label, period_end, value, shown; the scale in ``attrs["scale"]``.

    Rates and shares are shown as published. Totals are shown as an index, 100 at the first period all
    of them have, because a local count and England's cannot share an axis.
    """
    row = _indicator(indicator_id)
    frame = pd.concat([_whole(indicator_id, code) for code in dict.fromkeys(area_codes)], ignore_index=True)
    table = frame[["area_code", "area", "period_label", "period_start", "period_end", "value"]].copy()
    table["shown"], scale = table["value"], row["unit"]
    if row["unit"] in _TOTALS and table["area_code"].nunique() > 1:
        wide = table.pivot(index="period_start", columns="area_code", values="value").dropna()
        wide = wide[(wide != 0).all(axis=1)]
        if wide.empty:
            raise ValueError(f"{indicator_id}: {', '.join(map(area_name, area_codes))} share no period, so they cannot share a scale.")
        table["shown"] = table["value"] / table["area_code"].map(wide.iloc[0]) * 100
        base = table.loc[table["period_start"] == wide.index[0], "period_label"].iloc[0]
        scale = f"index, {base} = 100"
    table.attrs["scale"] = scale
    return table


def rank(indicator_id: str, period: str | None = None) -> pd.DataFrame:
    """Trusts, counties or districts in order, best first: area_type, rank, of, area_code, area, period_label, value, lower_ci, upper_ci.

    ``period``: a period label; by default the latest that most areas of the kind have. Totals and
    neutral measures are ordered from high to low, which says nothing about better or worse.
    """
    row = _indicator(indicator_id)
    held = [code for code in _held()[indicator_id] if (indicator_id, code, "all") in _series()]
    frames = [series(indicator_id, code).assign(area_type=_kinds()[code]) for code in held]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["area_type", "period_label"])
    found = []
    for kind in ("trust", "utla", "district"):
        here = table[table["area_type"] == kind]
        if here.empty:
            continue
        counts = here.groupby("period_label")["value"].size()
        chosen = period or here[here["period_label"].isin(counts[counts >= HELD_SHARE * counts.max()].index)].sort_values("period_end")["period_label"].iloc[-1]
        here = here[here["period_label"] == chosen]
        if len(here) > 1:
            ordered = here.sort_values("value", ascending=row["better"] == "down")
            place = ordered["value"].rank(method="min", ascending=row["better"] == "down").astype(int)
            found.append(ordered.assign(rank=place, of=len(here)))
    columns = ["area_type", "rank", "of", "area_code", "area", "period_label", "value", "lower_ci", "upper_ci"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def gaps(number: int) -> pd.DataFrame:
    """Headline measures of an ambition without a (recent) figure, and how to bring one in.

    Columns: metric_id, what, last_known, publisher, dataset, address, how.
    """
    ambition(number)
    table = catalogue.table("metric_gaps")
    table = table[table["ambition"] == number]
    known = [_last_known(metric) for metric in table["metric_id"]]
    return table.assign(last_known=known)[["metric_id", "what", "last_known", "publisher", "dataset", "address", "how"]].reset_index(drop=True)


def _last_known(metric_id: str) -> str:
    """The latest value anyone reported for a measure, in words; doubtful ones are left out."""
    values = catalogue.table("reported_values")
    values = values[(values["metric_id"] == metric_id) & (values["provenance"] != "doubtful") & values["date"].notna()]
    if values.empty:
        return NO_FIGURE
    one = values.sort_values("date", kind="stable").iloc[-1]
    unit = {"%": "%", "GBP million": " million pounds"}.get(one["unit"], f" {one['unit']}")
    number = f"{one['value']:,.6g}".replace("-", "−")
    return f"{one['metric']}: {number}{unit}, {one['area']}, {one['date']}"


# --- What if ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outlook:
    """A what-if: the series, then dashed values projected from the latest one.

    ``table``: period_end, value, lower, upper, projected. The band is the usual variation of the
    series around the line, not everything that may happen. ``fewer`` counts people, pathways or
    events by ``by``; None where the measure does not count any.
    """

    table: pd.DataFrame
    change: float
    attainment: str | None
    attainment_words: str
    required_pace: float | None
    recent_pace: float | None
    by: str
    fewer: float | None
    fewer_words: str


def projected(indicator_id: str, area_code: str, monthly_change: float) -> Outlook:
    """What if it improved by ``monthly_change`` (in the indicator's unit, at least 0) every month from now?

    A straight line from the latest value, within what is possible (shares between 0 and 100, counts from 0).
    Raises ``ValueError`` for a negative or endless change, or a measure where no direction is better.
    """
    one = status(indicator_id, area_code)
    if one.better == "neither":
        raise ValueError(f"{indicator_id}: more or less of this is neither good nor bad, so there is nothing to improve.")
    if not np.isfinite(monthly_change) or monthly_change < 0:
        raise ValueError(f"monthly_change is {monthly_change!r}: give a number from 0 up, in {one.unit} a month.")
    frame = _whole(indicator_id, area_code)
    step = _step(_indicator(indicator_id)["frequency"])
    signed = monthly_change if one.better == "up" else -monthly_change
    ahead = _months_between(one.date, one.target.date) if one.target and one.target.date else 0
    months = np.arange(step, max(36, min(ahead, FURTHEST_MONTHS)) + step, step)
    ceiling = 100 if one.unit == "%" else np.inf
    floor = 0 if one.unit == "%" or one.unit in _TOTALS else -np.inf
    reach = np.clip(one.latest + signed * months, floor, ceiling)
    spread = _spread(frame, one)
    past = pd.DataFrame({"period_end": frame["period_end"], "value": frame["value"], "projected": False})
    future = pd.DataFrame(
        {
            "period_end": [one.date, *(_months_on(one.date, m) for m in months)],
            "value": [one.latest, *reach],
            "lower": [one.latest, *np.clip(reach - spread, floor, ceiling)],
            "upper": [one.latest, *np.clip(reach + spread, floor, ceiling)],
            "projected": True,
        }
    )
    attainment, words = (None, "there is no target to reach")
    if one.target:
        attainment, words = _attain(one.latest, one.date, one.target, signed, one.better, "with no improvement")
    by = one.target.date if ahead > 0 and one.target.date >= catalogue.released() else _months_on(one.date, 12)
    gained = abs(float(np.clip(one.latest + signed * _months_between(one.date, by), floor, ceiling)) - one.latest)
    fewer, phrase = _fewer(one, frame, gained)
    return Outlook(
        table=pd.concat([past, future], ignore_index=True)[["period_end", "value", "lower", "upper", "projected"]],
        change=signed,
        attainment=attainment,
        attainment_words=words.replace("the recent pace", "this pace"),
        required_pace=one.required_pace,
        recent_pace=one.recent_pace,
        by=by,
        fewer=fewer,
        fewer_words=phrase,
    )


@dataclass(frozen=True)
class Slider:
    """A sensible slider for ``projected``: from 0 to ``high`` by ``step``, starting at ``start``, in ``unit`` a month."""

    high: float
    step: float
    start: float
    unit: str
    help: str


def slider(indicator_id: str, area_code: str) -> Slider:
    """How far and how finely to move the what-if: to twice the required pace, and starting at it where there is one."""
    one = status(indicator_id, area_code)
    reach = max(abs(one.required_pace or 0) * 2, abs(one.recent_pace or 0) * 2, abs(one.latest) / 50, 1e-3)
    step = 10.0 ** np.floor(np.log10(reach / 20))
    high = float(np.ceil(reach / step / 10) * 10 * step)
    wanted = abs(one.required_pace) if one.required_pace else high / 4
    start = float(np.clip(np.ceil(wanted / step - 1e-9) * step, step, high))
    words = "Recent pace: " + format_pace(one.recent_pace, one.unit) + (f", {one.recent_period}" if one.recent_period else "")
    if one.required_pace is not None:
        words += f". Required to reach {one.target_text}: {format_pace(one.required_pace, one.unit)}"
    return Slider(high, float(step), start, format_pace(0.0, one.unit).removeprefix("0 "), words + ".")


def _spread(frame: pd.DataFrame, one: Status) -> float:
    """Half the width of the band: natural limits, or the published interval, or the scatter of the latest points."""
    if one.chart_kind == "xmr":
        last = _judge(_indicator(one.indicator_id), frame, one.area_code, None).phases.iloc[-1]
        return float(last["upper"] - last["mean"]) if pd.notna(last["upper"]) else 0.0
    if pd.notna(frame["upper_ci"].iloc[-1]):
        return float(frame["upper_ci"].iloc[-1] - frame["lower_ci"].iloc[-1]) / 2
    steps = np.abs(np.diff(frame["value"].to_numpy(dtype=float)))
    return float(spc.LIMIT * steps.mean()) if len(steps) > 2 else 0.0


def _fewer(one: Status, frame: pd.DataFrame, gained: float) -> tuple[float | None, str]:
    words = catalogue.table("people_words").set_index("indicator_id")["words"]
    base = frame["denominator"].iloc[-1]
    if one.indicator_id not in words.index or (one.unit == "%" and pd.isna(base)) or (one.unit != "%" and one.unit not in _TOTALS):
        return None, ""
    people = gained / 100 * float(base) if one.unit == "%" else gained
    as_now = " if the total stays as it is now" if one.unit == "%" else ""
    return people, f"about {_rounded(people)} fewer {words[one.indicator_id]}{as_now}"


def _rounded(number: float) -> str:
    digits = max(0, len(str(int(abs(number)))) - 2)
    return f"{round(number / 10**digits) * 10**digits:,.0f}"


# --- The plan -----------------------------------------------------------------------------------


def objectives(number: int) -> pd.DataFrame:
    """Objectives of an ambition: objective_id, objective, support, confidence, milestones (how many), state, note.

    ``state`` is that of its milestones: "delivered" if all are, "late" if one is, then "due", else "unknown".
    """
    ambition(number)
    table = catalogue.table("objectives")
    table = table[table["ambition"] == number]
    steps = milestones(number)
    states = []
    for one in table["objective_id"]:
        here = set(steps.loc[steps["objective_id"] == one, "state"])
        states.append("unknown" if not here else next((s for s in ("late", "due", "unknown") if s in here), "delivered"))
    columns = ["objective_id", "objective", "support", "confidence", "milestones", "state", "note"]
    return table.rename(columns={"milestone_count": "milestones"}).assign(state=states)[columns].reset_index(drop=True)


def milestones(number: int) -> pd.DataFrame:
    """Milestones of an ambition in date order, with their state on the day of the data release.

    Columns: milestone_id, objective_id, date, day (ISO, for a chart), milestone, kind, state, evidence, source, provenance,
    note. "delivered": reported as done, or a deadline whose aims the figures meet; "due": still ahead or in
    progress; "late": reported as delayed, or an aim missed; "unknown": the date has passed and nothing says.
    """
    ambition(number)
    table = catalogue.table("milestones")
    table = table[table["ambition"] == number].copy()
    table["day"] = table["date"].map(_last_day)
    judged = [_milestone(one) for one in table.itertuples()]
    table["state"], table["evidence"] = [state for state, _ in judged], [text for _, text in judged]
    table["source"] = [f"{t}, {p}" if isinstance(p, str) else t for t, p in zip(table["source_title"], table["source_publisher"], strict=True)]
    columns = ["milestone_id", "objective_id", "date", "day", "milestone", "kind", "state", "evidence", "source", "provenance", "note"]
    return table.sort_values("day", kind="stable")[columns].reset_index(drop=True)


def _last_day(when: str) -> str:
    parts = when[-4:] if re.fullmatch(r"\d{4}-\d{4}", when) else when
    if len(parts) == 4:
        return f"{parts}-12-31"
    return _months_on(parts, 0) if len(parts) == 7 else parts


def _milestone(one: object) -> tuple[str, str]:
    if one.kind == "delivered":
        return "delivered", ""
    if one.kind == "delayed":
        return "late", ""
    if one.kind == "in progress" or one.day > catalogue.released():
        return "due", ""
    links = catalogue.table("milestone_targets")
    rows = set(links.loc[links["milestone_id"] == one.milestone_id, "row_id"])
    steps = [(step, indicator, area) for step, indicator, area in _steps_due() if step.row_id in rows and step.state in ("met", "missed")]
    if not steps:
        return "unknown", one.note if isinstance(one.note, str) else "The date has passed; no report or figure says what became of it."
    units = _indicators()["unit"]
    told = [f"{area_name(a)}: {format_value(s.value_then, units[i])} against {format_value(s.value, units[i])}" for s, i, a in steps]
    return ("late" if any(s.state == "missed" for s, _, _ in steps) else "delivered"), "; ".join(dict.fromkeys(told))


@cache
def _steps_due() -> list[tuple[Target, str, str]]:
    picks = catalogue.table("metric_indicator_map")
    mapped = picks.loc[picks["comparable"] == "yes", "indicator_id"].dropna().unique()
    return [(step, one, first_area(one)) for one in mapped for step in targets(one, first_area(one))]


# --- Promises of 2018 ---------------------------------------------------------------------------


def promises() -> pd.DataFrame:
    """The quantified commitments of the 2018 expression of interest, and what is known now.

    Columns: commitment_id, ambition, commitment, stated, deadline, verdict ("kept", "not kept", "cannot be told"),
    evidence (the figure), reason, dataset (the official one), indicator_id. No verdict without a figure.
    """
    tests = catalogue.table("promise_tests").merge(catalogue.table("founding_commitments"), on="commitment_id", suffixes=("", "_made"))
    rows = []
    for one in tests.itertuples():
        kept, evidence = _TESTS[one.test](one)
        verdict = "cannot be told" if kept is None or one.judged != "verdict" else "kept" if kept else "not kept"
        rows.append(
            {
                "commitment_id": one.commitment_id,
                "ambition": int(one.ambition),
                "commitment": one.commitment,
                "stated": one.figure_as_stated,
                "deadline": one.deadline_as_stated if isinstance(one.deadline_as_stated, str) else "no date",
                "verdict": verdict,
                "evidence": evidence,
                "reason": one.reason,
                "dataset": one.dataset,
                "indicator_id": one.indicator_id if isinstance(one.indicator_id, str) else None,
            }
        )
    return pd.DataFrame(rows)


def _financial_year(indicator_id: str, code: str, measure: str, year: int) -> float:
    frame = _series()[indicator_id, code, "all"]
    inside = frame[(frame["period_start"] >= f"{year}-04-01") & (frame["period_end"] <= f"{year + 1}-03-31")]
    return float(inside[measure].sum()) if len(inside) == 12 else np.nan


def _test_growth(one: object) -> tuple[bool | None, str]:
    first, last = int(one.from_year), int(one.to_year)
    growth = {
        code: _financial_year(one.indicator_id, code, one.measure, last) / _financial_year(one.indicator_id, code, one.measure, first) - 1
        for code in (one.area_codes, ENGLAND)
    }
    said = [f"{area_name(code)} {'up' if g > 0 else 'down'} {abs(g):.1%}" for code, g in growth.items()]
    return growth[one.area_codes] < growth[ENGLAND], f"From {first}/{(first + 1) % 100:02d} to {last}/{(last + 1) % 100:02d}: {', '.join(said)}."


def _test_per_head(one: object) -> tuple[bool | None, str]:
    people = {code: float(_series()["gp_registered", code, "all"]["value"].iloc[-1]) for code in (BOARD, ENGLAND)}
    total = {code: sum(float(_series()[one.indicator_id, part, "all"][one.measure].mean()) for part in parts) for code, parts in ((BOARD, one.area_codes.split("|")), (ENGLAND, [ENGLAND]))}
    rate = {code: total[code] / people[code] * 1000 for code in people}
    span = series(one.indicator_id, ENGLAND)["period_label"]
    return rate[BOARD] < rate[ENGLAND], f"{rate[BOARD]:.2f} beds a day in use per 1,000 registered people, England {rate[ENGLAND]:.2f} ({span.iloc[0]} to {span.iloc[-1]})."


def _test_standard(one: object) -> tuple[bool | None, str]:
    frame = series(one.indicator_id, one.area_codes)
    goals = catalogue.table("targets")
    goal = float(goals.loc[(goals["metric_id"] == one.related_metric_id) & (goals["scope"] == "local"), "target_value"].iloc[0])
    reached = int((frame["value"] >= goal).sum())
    last = frame.iloc[-1]
    said = f"{format_value(last['value'], '%')} in {last['period_label']} against {format_value(goal, '%')}; reached in {reached} of the {len(frame)} months since {frame['period_label'].iloc[0]}."
    return bool(last["value"] >= goal), said


def _test_reach(one: object) -> tuple[bool | None, str]:
    last = series(one.indicator_id, one.area_codes).iloc[-1]
    said = f"{_indicator(one.indicator_id)['name']}: {last['value']:,.0f} in {last['period_label']}, against {one.target_value:,.0f}."
    return bool(last["value"] <= one.target_value), said


def _test_none(one: object) -> tuple[bool | None, str]:
    return None, _last_known(one.related_metric_id)


_TESTS = {"growth": _test_growth, "per head": _test_per_head, "standard": _test_standard, "reach": _test_reach, "none": _test_none}
