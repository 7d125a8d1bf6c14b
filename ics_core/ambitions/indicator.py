"""What is published of each indicator: its series by area, the breaks in them, and how its figures are written.

One indicator in one area is a *series*. ``chart`` is what a chart of it shows: a control chart where
the series is fit for one, else a trend. ``compare`` and ``rank`` set areas beside each other.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, spc, words
from ics_core.area import AREA
from ics_core.errors import IndicatorError

ENGLAND = "E92000001"
BOARD = AREA.board.code
HELD_SHARE = 0.75  # of the periods between first and last, for a series to count as regular
NO_FIGURE = words.NOT_FOUND
MOST_DEPRIVED = "imd_q4_5_most_deprived"
TOTALS = {
    "count",
    "people",
    "pathways",
    "patients",
    "patients (daily average)",
    "bed days",
    "FTE",
    "units of dental activity",
    "million pounds",
}

_IMPROVEMENT = {"up": "increase", "down": "decrease", "neither": "neutral"}
_COLUMNS = [
    "indicator_id",
    "area_code",
    "area",
    "breakdown",
    "period_start",
    "period_end",
    "period_label",
    "value",
    "numerator",
    "denominator",
    "lower_ci",
    "upper_ci",
    "note",
]
_FIRST_AREAS = (
    BOARD,
    *AREA.counties,
    *AREA.acute[:1],
    *(code for kind in ("mental health", "community", "ambulance") for code in AREA.of_kind(kind)),
)
_BANDS = {
    "imd_q1_least_deprived": "Least deprived",
    "imd_q2": "Second least deprived",
    "imd_q3": "Middle",
    MOST_DEPRIVED: "Most deprived",
}


@dataclass(frozen=True)
class Break:
    """A named change in what a series counts: the control chart starts a new phase here."""

    date: str
    reason: str


@cache
def listing() -> pd.DataFrame:
    """The table ``indicators``, one row each, by indicator_id."""
    return catalogue.table("indicators").set_index("indicator_id", drop=False)


@cache
def holdings() -> dict[tuple[str, str, str], pd.DataFrame]:
    """Every series by (indicator_id, area_code, breakdown), in time order. A repeated period: ``IndicatorError``."""
    rows = catalogue.table("observations").sort_values(["period_start", "period_end"])
    doubled = rows[rows.duplicated(["indicator_id", "area_code", "breakdown", "period_start", "period_end"])]
    if len(doubled):
        one = doubled.iloc[0]
        raise IndicatorError(
            f"observations: {len(doubled)} rows repeat a period, the first is {one['indicator_id']} {one['area_code']} "
            f"{one['breakdown']} {one['period_label']}. Keep one row for each indicator, area, breakdown and period."
        )
    rows.insert(2, "area", rows["area_code"].map(_names()))
    rows = rows[_COLUMNS].reset_index(drop=True)
    found = {
        key: frame.reset_index(drop=True) for key, frame in rows.groupby(["indicator_id", "area_code", "breakdown"])
    }
    for (indicator_id, _, _), frame in found.items():
        frame.attrs["unit"] = record(indicator_id)["unit"]
    return found


@cache
def _area_codes() -> dict[str, list[str]]:
    """Area codes of each indicator."""
    held: dict[str, list[str]] = {}
    for indicator_id, code, _ in holdings():
        if code not in held.setdefault(indicator_id, []):
            held[indicator_id].append(code)
    return held


def held(indicator_id: str) -> tuple[str, str]:
    """The first and the last day of what is held of an indicator, over all its areas, ISO."""
    first, last = _held().loc[record(indicator_id)["indicator_id"]]
    return first, last


@cache
def _held() -> pd.DataFrame:
    rows = catalogue.table("observations").groupby("indicator_id")
    return rows.agg({"period_start": "min", "period_end": "max"})


@cache
def _names() -> dict[str, str]:
    areas = catalogue.table("indicator_areas").set_index("area_code")["area_name"]
    # Short where it stays clear: "Norfolk and Suffolk NHS FT" would become a place.
    return {
        code: re.sub(
            r"^NHS | ICB$|(?<=Hospitals) NHS FT$|(?<=Lynn) NHS FT$| NHS Trust$", "", re.sub(r" \((?!to ).*", "", name)
        )
        for code, name in areas.items()
    }


@cache
def record(indicator_id: str) -> pd.Series:
    """The row of one indicator: name, unit, better, definition, frequency ... Raises ``IndicatorError``."""
    if indicator_id in listing().index:
        return listing().loc[indicator_id]
    near = words.did_you_mean(indicator_id, listing().index) or " See ambitions.indicators()."
    raise IndicatorError(f"There is no indicator {indicator_id!r}.{near}")


def area_name(area_code: str) -> str:
    """The name of an area as shown: the board is shown by the name of its area."""
    return _names().get(area_code, area_code)


def series(indicator_id: str, area_code: str, breakdown: str = "all") -> pd.DataFrame:
    """The published figures in time order.

    Columns: indicator_id, area_code, area, breakdown, period_start, period_end, period_label, value,
    numerator, denominator, lower_ci, upper_ci (95%), note; unit in ``attrs["unit"]``. Raises
    ``ValueError`` for an unknown indicator, or an area or breakdown it does not have.
    """
    record(indicator_id)
    found = holdings().get((indicator_id, area_code, breakdown))
    if found is None:
        have = sorted(_area_codes()[indicator_id])
        raise IndicatorError(
            f"{indicator_id} has no figures for area {area_code!r}, breakdown {breakdown!r}. Areas: {', '.join(have)}; "
            f"breakdowns: {', '.join(sorted({key[2] for key in holdings() if key[0] == indicator_id}))}."
        )
    return found.copy(deep=False)


@cache
def _area_kinds() -> dict[str, str]:
    return dict(catalogue.table("indicator_areas").set_index("area_code")["area_type"])


def area_kind(area_code: str) -> str:
    """What kind of area it is: icb, trust, utla, district, england or comparator."""
    return _area_kinds().get(area_code, "comparator")


def held_by(indicator_id: str) -> tuple[str, ...]:
    """Codes of the areas the indicator has figures for."""
    record(indicator_id)
    return tuple(_area_codes()[indicator_id])


def whole(indicator_id: str, area_code: str) -> pd.DataFrame:
    """The series that stands for an area: everyone, or the most deprived band where only bands are published."""
    return series(indicator_id, area_code, _stands_for(indicator_id, area_code))


def _stands_for(indicator_id: str, area_code: str) -> str:
    held = holdings()
    banded = (indicator_id, area_code, MOST_DEPRIVED) in held and (indicator_id, area_code, "all") not in held
    return MOST_DEPRIVED if banded else "all"


def areas(indicator_id: str) -> pd.DataFrame:
    """Where an indicator is published, our own areas first: area_code, area, area_type, points, first, last."""
    record(indicator_id)
    return _areas()[indicator_id].copy(deep=False)


@cache
def _areas() -> dict[str, pd.DataFrame]:
    """``areas`` of every indicator. Kept, because every list asks for all of them."""
    kinds = _area_kinds()
    order = ("icb", "trust", "utla", "district", "england", "comparator")
    found = {}
    for indicator_id, codes in _area_codes().items():
        labels = {
            code: holdings()[indicator_id, code, _stands_for(indicator_id, code)]["period_label"] for code in codes
        }
        rows = [
            (code, area_name(code), kinds[code], len(said), said.iloc[0], said.iloc[-1])
            for code, said in labels.items()
        ]
        rows.sort(key=lambda row: (order.index(row[2]), row[1]))
        found[indicator_id] = pd.DataFrame(rows, columns=["area_code", "area", "area_type", "points", "first", "last"])
    return found


def first_area(indicator_id: str) -> str:
    """The area shown when none is chosen: the headline pick, else the widest local one with enough of the points."""
    record(indicator_id)
    if indicator_id in _picked():
        return _picked()[indicator_id]
    table = _areas()[indicator_id]
    points = dict(zip(table["area_code"], table["points"], strict=True))
    for code in _FIRST_AREAS:
        if 2 * points.get(code, 0) >= max(points.values()):
            return code
    return table["area_code"].iloc[0]


@cache
def _picked() -> dict[str, str]:
    return dict(catalogue.table("headline_picks").set_index("indicator_id")["area_code"])


@cache
def districts(indicator_id: str) -> pd.DataFrame:
    """The districts together, where nothing wider is published locally.

    Columns: area_code, area, period_label, period_end, value. Lowest first, at the latest period that most of them
    have. Empty where a figure for a wider local area is held.
    """
    record(indicator_id)
    kinds = {code: _area_kinds()[code] for code in _area_codes()[indicator_id]}
    codes = [code for code, kind in kinds.items() if kind == "district"]
    columns = ["area_code", "area", "period_label", "period_end", "value"]
    if not codes or {"icb", "trust", "utla"} & set(kinds.values()):
        return pd.DataFrame(columns=columns)
    table = pd.concat([holdings()[indicator_id, code, "all"][columns] for code in codes])
    return table[table["period_label"] == _shared_period(table)].sort_values("value", kind="stable", ignore_index=True)


def _shared_period(table: pd.DataFrame) -> str:
    """The latest period for which most of the areas have a figure."""
    held = table.groupby(["period_end", "period_label"]).size()
    return held[held >= HELD_SHARE * held.max()].index[-1][1]


def bands(indicator_id: str, area_code: str) -> pd.DataFrame:
    """The figures by deprivation band of GP practices: band, then as ``series``. Empty where not published."""
    record(indicator_id)
    held = [band for band in _BANDS if (indicator_id, area_code, band) in holdings()]
    if not held:
        return pd.DataFrame(columns=["band", "period_label", "period_end", "value"])
    frame = pd.concat([series(indicator_id, area_code, band) for band in held], ignore_index=True)
    frame.insert(0, "band", frame["breakdown"].map(_BANDS))
    return frame


def definition(indicator_id: str) -> str:
    """What the indicator counts, in its publisher's terms."""
    return record(indicator_id)["definition"]


def format_value(value: float | None, unit: str) -> str:
    """A figure as people read it: ``format_value(70.93, "%")`` is "70.9%"."""
    if value is None or pd.isna(value):
        return NO_FIGURE
    return _written(value, unit).replace("-", "−", 1) if value < 0 else _written(value, unit)


_WRITTEN = {
    "%": "{:.1f}%",
    "ratio (%)": "{:.1f}%",
    "% of income": "{:.1f}% of income",
    "pounds per head": "£{:,.2f} a head",
    "patients (daily average)": "{:,.0f} patients a day",
    "count": "{:,.0f}",
    "days": "{:,.0f} days",
    "segment 1-5": "segment {:.0f} of 5",
    "score 1-4": "{:.2f} (1 best, 4 worst)",
}


def _written(value: float, unit: str) -> str:
    if unit in _WRITTEN:
        return _WRITTEN[unit].format(value)
    if unit == "million pounds":
        return f"{'-' if value < 0 else ''}£{abs(value):,.1f} million"
    if unit == "minutes":
        hours, minutes = divmod(round(value), 60)
        return f"{value:.1f} minutes" if value < 90 else f"{hours} h {minutes} min"
    if unit in TOTALS:
        return f"{value:,.0f} {unit.replace('units of dental activity', 'dental units')}"
    if match := re.fullmatch(r"(?:mean )?score 0-(\d+)", unit):
        return f"{value:.3f} of 1" if match[1] == "1" else f"{value:.2f} of {match[1]}"
    if unit.startswith(("index", "ratio")):
        return f"{value:.{0 if '100' in unit else 2}f} {unit[unit.index('(') :]}"
    if unit.startswith("percentage points"):
        return f"{value:.1f} points"
    if unit == "% of income against plan":
        side = "above" if value > 0 else "below"
        return f"{abs(value):.1f}% of income {side} plan" if f"{abs(value):.1f}" != "0.0" else "0.0% of income, on plan"
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
    noun = (
        "points"
        if unit.startswith(("%", "percentage", "score", "mean score"))
        else unit.split(" (")[0].replace("count", "").strip()
    )
    decimals = int(np.clip(1 - np.floor(np.log10(abs(pace))), 0, 3)) if pace else 0
    sign = "+" if pace > 0 else "−" if pace < 0 else ""
    return f"{sign}{abs(pace):,.{decimals}f} {noun}".rstrip() + " a month"


def format_day(iso: str) -> str:
    """``2026-03-31`` as "March 2026"."""
    return words.month(iso)


def months_between(start: str, end: str) -> float:
    """Months from one ISO day to another, days counted as parts of a month."""
    a, b = date.fromisoformat(start), date.fromisoformat(end)
    return (b.year - a.year) * 12 + b.month - a.month + (b.day - a.day) / 31


def months_on(iso: str, months: float) -> str:
    """The last day of the month so many months on."""
    whole = int(iso[:4]) * 12 + int(iso[5:7]) - 1 + int(np.ceil(months))
    year, month = divmod(whole, 12)
    return f"{year:04d}-{month + 1:02d}-{calendar.monthrange(year, month + 1)[1]:02d}"


def months_apart(frequency: str) -> int:
    """Months between points as the frequency says: 1, 3 or 12."""
    return 1 if frequency.startswith("monthly") else 3 if frequency.startswith("quarterly") else 12


def _spacing(row: pd.Series, frame: pd.DataFrame) -> float:
    """Months between neighbouring points as they usually lie: a survey every two years has no holes."""
    steps = [months_between(a, b) for a, b in zip(frame["period_start"], frame["period_start"][1:], strict=False)]
    return max(months_apart(row["frequency"]), float(np.median(steps)) if steps else 0)


def fitness(row: pd.Series, frame: pd.DataFrame) -> tuple[str, str, bool]:
    """Control chart or trend line, why, and whether the points may be joined."""
    frequency, step, held = row["frequency"], months_apart(row["frequency"]), len(frame)
    if "scattered" in frequency or "missing" in frequency:
        return "trend", "Only scattered periods are held, so the points are not joined.", False
    if held == 1:
        return "trend", "One point only: there is nothing yet to compare it with.", False
    if "rolling" in frequency or "window" in frequency or "12 months to" in row["definition"]:
        return (
            "trend",
            "Each point covers a window that overlaps the next, so the points are not independent and control limits "
            "would mislead.",
            True,
        )
    if "to date" in frequency:
        return (
            "trend",
            "Each point adds up the year so far, so the points are not independent and control limits would mislead.",
            True,
        )
    if step == 12:
        return "trend", "One point a year: too few for a control chart.", True
    if held < spc.ENOUGH:
        return "trend", f"{held} points held: a control chart needs {spc.ENOUGH}.", True
    plural = "months" if step == 1 else "quarters"
    due = round(months_between(frame["period_start"].iloc[0], frame["period_start"].iloc[-1]) / step) + 1
    if held < HELD_SHARE * due:
        return (
            "trend",
            f"Only {held} of {due} {plural} are held: the gaps are too wide for a control chart.",
            True,
        )
    start = max([0, *phase_starts(frame, breaks(row["indicator_id"], frame["area_code"].iloc[-1]))])
    if held - start < spc.ENOUGH:
        since = f"{held} regular {plural}, {held - start} of them since the break"
        return "xmr", f"{since}: fewer than {words.spoken(spc.ENOUGH)}, so the limits are trial limits.", True
    return "xmr", f"{held} regular {plural}: a control chart tells signal from noise.", True


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


def phase_starts(frame: pd.DataFrame, found: tuple[Break, ...]) -> list[int]:
    """Positions at which a named break starts a new phase."""
    starts = frame["period_start"].to_numpy(dtype=str)
    positions = [int(np.searchsorted(starts, one.date)) for one in found]
    return sorted({p for p in positions if 0 < p < len(frame)})


def judge(row: pd.Series, frame: pd.DataFrame, area_code: str, goal: float | None) -> spc.Xmr:
    """The series judged by ``spc.xmr``, in the direction that is better, a new phase at each named break."""
    return spc.xmr(
        frame["value"].to_numpy(dtype=float),
        improvement=_IMPROVEMENT[row["better"]],
        target=goal,
        rebase=phase_starts(frame, breaks(row["indicator_id"], area_code)),
    )


def possible(unit: str) -> tuple[float, float]:
    """From where to where a value of that unit can lie: a share from nothing to all, a count from nothing."""
    return 0 if unit == "%" or unit in TOTALS else -np.inf, 100 if unit == "%" else np.inf


def chart(indicator_id: str, area_code: str) -> pd.DataFrame:
    """What the chart of a series shows, one row a period.

    Columns: period_label, period_start, period_end, value, lower_ci, upper_ci, stretch (a number that changes
    where periods are missing, so that no line is drawn over the hole), and for a control chart phase, mean, lower,
    upper, signal and meaning ("improving", "concerning", "high", "low" or None). Limits end where no value can lie:
    ``attrs["cut_at"]`` says where ("100%"), if anywhere.
    """
    row, frame = record(indicator_id), whole(indicator_id, area_code)
    table = frame[["period_label", "period_start", "period_end", "value", "lower_ci", "upper_ci"]].copy()
    kind, _, joined = fitness(row, frame)
    starts, usual = table["period_start"].tolist(), _spacing(row, frame)
    hole = [not joined or months_between(a, b) > 1.5 * usual for a, b in zip(starts, starts[1:], strict=False)]
    table["stretch"] = np.cumsum([0, *hole])
    if kind == "xmr":
        points = judge(row, frame, area_code, None).points
        for column in ("phase", "mean", "lower", "upper", "signal"):
            table[column] = points[column]
        floor, ceiling = possible(row["unit"])
        floor, ceiling = min(floor, table["value"].min()), max(ceiling, table["value"].max())
        beyond = {floor: (table["lower"] < floor).any(), ceiling: (table["upper"] > ceiling).any()}
        table.attrs["cut_at"] = tuple(f"{end:.0f}{'%' * (row['unit'] == '%')}" for end, cut in beyond.items() if cut)
        table["lower"], table["upper"] = table["lower"].clip(lower=floor), table["upper"].clip(upper=ceiling)
        good = {"up": "high", "down": "low"}.get(row["better"])
        ways = [spc.direction(signal) for signal in points["signal"]]
        meaning = [
            None if way is None else way if good is None else "improving" if way == good else "concerning"
            for way in ways
        ]
        table["meaning"] = pd.Series(meaning, dtype=object)
    table.attrs["unit"] = row["unit"]
    return table


def compare(indicator_id: str, area_codes: list[str] | tuple[str, ...]) -> pd.DataFrame:
    """Several areas on one scale, which is in ``attrs["scale"]``.

    Columns: area_code, area, period_label, period_end, value, shown. Rates and shares are shown as published.
    Totals are shown as an index, 100 at the first period all
    of them have, because a local count and England's cannot share an axis.
    """
    row = record(indicator_id)
    codes = list(dict.fromkeys(area_codes))
    own = {whole(indicator_id, code)["breakdown"].iloc[0] for code in codes}
    # Like with like: where one area has deprivation bands only, all are shown for that band.
    frame = pd.concat(
        [whole(indicator_id, code) if len(own) == 1 else series(indicator_id, code, MOST_DEPRIVED) for code in codes],
        ignore_index=True,
    )
    table = frame[["area_code", "area", "period_label", "period_start", "period_end", "value"]].copy()
    table["shown"], scale = table["value"], row["unit"]
    if row["unit"] in TOTALS and table["area_code"].nunique() > 1:
        wide = table.pivot(index="period_start", columns="area_code", values="value").dropna()
        wide = wide[(wide != 0).all(axis=1)]
        if wide.empty:
            names = ", ".join(map(area_name, area_codes))
            raise IndicatorError(f"{indicator_id}: {names} share no period, so they cannot share a scale.")
        table["shown"] = table["value"] / table["area_code"].map(wide.iloc[0]) * 100
        base = table.loc[table["period_start"] == wide.index[0], "period_label"].iloc[0]
        scale = f"index, {base} = 100"
    table.attrs["scale"] = scale
    return table


def rank(indicator_id: str, period: str | None = None) -> pd.DataFrame:
    """Trusts, counties or districts in order, best first.

    Columns: area_type, rank, of, area_code, area, period_label, value, lower_ci, upper_ci.
    ``period``: a period label; by default the latest that most areas of the kind have. Totals and
    neutral measures are ordered from high to low, which says nothing about better or worse.
    """
    row = record(indicator_id)
    held = [code for code in _area_codes()[indicator_id] if (indicator_id, code, "all") in holdings()]
    frames = [series(indicator_id, code).assign(area_type=_area_kinds()[code]) for code in held]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["area_type", "period_label"])
    found = []
    for kind in ("trust", "utla", "district"):
        here = table[table["area_type"] == kind]
        if here.empty:
            continue
        here = here[here["period_label"] == (period or _shared_period(here))]
        if len(here) > 1:
            ordered = here.sort_values("value", ascending=row["better"] == "down")
            place = ordered["value"].rank(method="min", ascending=row["better"] == "down").astype(int)
            found.append(ordered.assign(rank=place, of=len(here)))
    columns = ["area_type", "rank", "of", "area_code", "area", "period_label", "value", "lower_ci", "upper_ci"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
