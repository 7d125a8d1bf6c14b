"""Any measure of the 42 systems: listed, ranked, grouped for a map, with England and the cautions beside.

Measures come from the tables ``system_metrics`` and ``system_observations``; how they are grouped, and
the cautions that belong beside them, from ``data/text/systems.toml``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import SystemsError

OWN = AREA.code


ENGLAND = "E92000001"


@dataclass(frozen=True)
class Rank:
    """Where one system stands among those with a figure; rank 1 is the highest value."""

    metric_id: str
    metric: str
    unit: str
    period: str
    icb_code: str
    name: str
    value: float
    rank: int
    of: int
    median: float
    england: float

    @property
    def position(self) -> str:
        """``the 3rd highest of 42``, counted from whichever end is nearer."""
        low = self.of + 1 - self.rank
        place, end = (self.rank, "highest") if self.rank <= low else (low, "lowest")
        return f"the {'' if place == 1 else words.ordinal(place) + ' '}{end} of {self.of}"


def names() -> dict[str, str]:
    """ONS code to name of the 42 systems, in order of name."""
    return {code: row["name"] for code, row in by_code().items()}


def name(icb_code: str) -> str:
    """The name of a system. Raises ``SystemsError`` naming near names for an unknown code."""
    return system_row(icb_code)["name"]


@cache
def by_code() -> dict[str, dict[str, Any]]:
    """Every system by its code, as a record."""
    return {row["icb_code"]: row for row in catalogue.table("systems").sort_values("name").to_dict("records")}


def system_row(icb_code: str) -> dict[str, Any]:
    """One system as a record; a SystemsError names the nearest."""
    if isinstance(icb_code, str) and icb_code in by_code():
        return by_code()[icb_code]
    known = {text.lower(): code for code, row in by_code().items() for text in (code, row["ods_code"], row["name"])}
    near = words.near(icb_code, known, n=3, cutoff=0.5)
    codes = list(dict.fromkeys(known[text] for text in near)) or [OWN]
    offered = ", ".join(f"{code} ({by_code()[code]['name']})" for code in codes)
    raise SystemsError(
        f"There is no system with the code {icb_code!r}. Did you mean {offered}? "
        f"systems.names() lists all {len(by_code())}."
    )


def sayings() -> dict[str, Any]:
    """The words of the systems pages."""
    return catalogue.toml("text/systems")


@cache
def _observations() -> pd.DataFrame:
    frame = catalogue.table("system_observations").rename(columns={"year": "period"})
    return (
        frame[["metric_id", "period", "icb_code", "value", "unit", "source", "basis"]]
        .set_index(["metric_id", "period"])
        .sort_index()
    )


def metrics() -> pd.DataFrame:
    """Every measure: ``metric_id, metric, label, unit, theme, period, systems, latest_period, periods, note``.

    ``label`` is a plain short name where there is one, else the full one. ``period`` is the one shown
    unless another is asked for: the latest among those in which most systems have a figure
    (``systems`` of them), because a later one may lack some, and in which no figure is known to be wrong.
    """
    return _metrics().copy(deep=False)


@cache
def _metrics() -> pd.DataFrame:
    counted = _observations().query("icb_code != @ENGLAND").groupby(level=["metric_id", "period"])["value"].count()
    counts = counted.rename("systems").reset_index()
    faulty = {(metric_id, period) for metric_id, found in sayings()["faulty"].items() for period in found}
    sound = counts[[pair not in faulty for pair in zip(counts["metric_id"], counts["period"], strict=True)]]
    best = sound.sort_values(["systems", "period"]).groupby("metric_id").tail(1)
    order = {
        metric_id: (place, theme["label"])
        for place, theme in enumerate(sayings()["themes"])
        for metric_id in theme["metrics"]
    }
    frame = catalogue.table("system_metrics").merge(best, on="metric_id")
    frame["theme"] = frame["metric_id"].map(lambda m: order[m][1])
    frame["label"] = frame["metric_id"].map(sayings()["labels"]).fillna(frame["metric"])
    frame["_order"] = frame["metric_id"].map(lambda m: (order[m][0], list(order).index(m)))
    frame["note"] = frame["note"].fillna("")
    frame["latest_period"] = frame["metric_id"].map(lambda m: _periods()[m][-1])
    frame["periods"] = frame["metric_id"].map(lambda m: len(_periods()[m]))
    frame = frame.sort_values("_order")
    columns = ["metric_id", "metric", "label", "unit", "theme", "period", "systems", "latest_period", "periods", "note"]
    return frame[columns].reset_index(drop=True)


@cache
def _by_metric() -> dict[str, dict[str, Any]]:
    return {row["metric_id"]: row for row in _metrics().to_dict("records")}


def metric_row(metric_id: str) -> dict[str, Any]:
    """One measure as a record; a SystemsError names the nearest."""
    known = _by_metric()
    if isinstance(metric_id, str) and metric_id in known:
        return known[metric_id]
    near = words.near(metric_id, known, n=4) or list(known)[:4]
    raise SystemsError(
        f"There is no measure called {metric_id!r}. Did you mean: {', '.join(near)}? "
        f"systems.metrics() lists all {len(known)}."
    )


def periods(metric_id: str) -> tuple[str, ...]:
    """The periods a measure has, oldest first, as published: 2021, 2023-24, 2024-06, 2024-04 to 2025-01."""
    metric_row(metric_id)
    return _periods()[metric_id]


@cache
def _periods() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for metric_id, period in _observations().index.unique():
        found[metric_id] = (*found.get(metric_id, ()), period)
    return found


def _period(metric_id: str, period: str | None) -> str:
    period = period or metric_row(metric_id)["period"]
    if period not in periods(metric_id):
        raise SystemsError(f"{metric_id} has no period {period!r}. It has: {', '.join(periods(metric_id))}.")
    return period


def metric_values(metric_id: str, period: str | None = None) -> pd.DataFrame:
    """One measure for all 42 systems by name, England last; a missing figure is NaN.

    Columns ``icb_code, name, value, unit, period, basis, source``. ``basis`` says how the figure was
    made: published, aggregated from smaller areas, derived or estimated. England too may be
    estimated, and says so. Raises ``SystemsError`` for an unknown measure or period.
    """
    return _values(metric_id, _period(metric_id, period)).copy(deep=False)


@cache
def _values(metric_id: str, period: str) -> pd.DataFrame:
    found = _observations().loc[[(metric_id, period)]].set_index("icb_code")
    everyone = names() | {ENGLAND: "England"}
    frame = found.reindex(list(everyone)).rename_axis("icb_code").reset_index()
    frame.insert(1, "name", frame["icb_code"].map(everyone))
    frame["unit"], frame["period"] = metric_row(metric_id)["unit"], period
    return frame[["icb_code", "name", "value", "unit", "period", "basis", "source"]]


def distribution(metric_id: str, icb_code: str = OWN, period: str | None = None) -> pd.DataFrame:
    """The 42 systems from highest to lowest.

    Columns ``rank, icb_code, name, value, says, unit, period, chosen, basis, source``. ``chosen`` is true for
    ``icb_code``. Systems without a figure come last, without a rank.
    """
    system_row(icb_code)
    frame = (
        metric_values(metric_id, period)
        .query("icb_code != @ENGLAND")
        .sort_values(["value", "name"], ascending=[False, True])
    )
    frame.insert(0, "rank", frame["value"].rank(ascending=False, method="min"))
    frame.insert(4, "says", [worded(value, unit) for value, unit in zip(frame["value"], frame["unit"], strict=True)])
    frame.insert(7, "chosen", frame["icb_code"] == icb_code)
    return frame.reset_index(drop=True)


def rank(metric_id: str, icb_code: str = OWN, period: str | None = None) -> Rank | None:
    """Where a system stands on a measure; None when it has no figure in that period."""
    frame = distribution(metric_id, icb_code, period)
    mine = frame[frame["chosen"]].iloc[0]
    if math.isnan(mine["value"]):
        return None
    about = metric_row(metric_id)
    return Rank(
        metric_id,
        about["metric"],
        about["unit"],
        mine["period"],
        icb_code,
        mine["name"],
        float(mine["value"]),
        int(mine["rank"]),
        int(frame["value"].count()),
        float(frame["value"].median()),
        england(metric_id, mine["period"])[0],
    )


def fifths(metric_id: str, period: str | None = None) -> pd.DataFrame:
    """The 42 systems in five groups of about equal number, for a map.

    Columns ``icb_code, name, value, unit, period, says, fifth, range``. ``fifth`` is 0 (lowest values) to 4,
    NaN without a figure; equal values share a group, so there may be fewer groups. ``range`` says from
    which value to which the group goes.
    """
    frame = (
        metric_values(metric_id, period)
        .query("icb_code != @ENGLAND")
        .drop(columns=["basis", "source"])
        .reset_index(drop=True)
    )
    frame["says"] = [worded(value, unit) for value, unit in zip(frame["value"], frame["unit"], strict=True)]
    frame["fifth"] = pd.qcut(frame["value"], 5, labels=False, duplicates="drop")
    edges = frame.groupby("fifth")["value"].agg(["min", "max"])
    unit = metric_row(metric_id)["unit"]
    spans = {group: f"{worded(low, unit)} to {worded(high, unit)}" for group, low, high in edges.itertuples()}
    frame["range"] = frame["fifth"].map(spans)
    return frame


def regions(metric_id: str, period: str | None = None) -> pd.DataFrame:
    """The NHS regions by the median of their systems, highest first: ``region, systems, median, unit, period``."""
    frame = metric_values(metric_id, period).query("icb_code != @ENGLAND")
    frame["region"] = frame["icb_code"].map(lambda code: by_code()[code]["nhs_region"])
    found = (
        frame.groupby("region")["value"]
        .agg(systems="count", median="median")
        .sort_values("median", ascending=False)
        .reset_index()
    )
    return found.assign(unit=frame["unit"].iloc[0], period=frame["period"].iloc[0])


def england(metric_id: str, period: str | None = None) -> tuple[float, str]:
    """The figure for England and how it was made; NaN and an empty text when none was found."""
    frame = metric_values(metric_id, period)
    value, basis = frame["value"].iat[-1], frame["basis"].iat[-1]
    return float(value), basis if isinstance(basis, str) else ""


def england_in_words(metric_id: str, period: str | None = None) -> str:
    """``England 0.76% (estimated)``, or that no published figure was found."""
    return f"England: {england_says(*england(metric_id, period), metric_row(metric_id)['unit'])}"


def england_says(value: float, basis: str, unit: str) -> str:
    """England's figure in words, with how it was made."""
    return worded(value, unit) + (" (estimated)" if basis.startswith("estimated") else "")


def cautions(metric_id: str, period: str | None = None) -> list[str]:
    """Sentences to read before comparing: notes of the data, estimates, gaps, change of source."""
    period = _period(metric_id, period)
    frame = metric_values(metric_id, period)
    systems, whole = frame.iloc[:-1], frame.iloc[-1]
    source = systems["source"].dropna().iloc[0]
    found = [
        metric_row(metric_id)["note"],
        sayings()["cautions"].get(metric_id, ""),
        sayings()["source_cautions"].get(source, ""),
    ]
    if systems["basis"].str.startswith("estimated").any():
        found.append(f"The figures of the systems are {systems['basis'].dropna().iloc[0]}.")
    if isinstance(whole["basis"], str) and whole["basis"].startswith("estimated"):
        found.append(f"England is {whole['basis']}.")
    elif math.isnan(whole["value"]):
        found.append("No published figure for England found.")
    missing = list(systems.loc[systems["value"].isna(), "name"])
    if missing:
        reason = sayings()["gaps"].get(source)
        found.append(f"No figure for {words.listed(missing)}" + (f": {reason}." if reason else "."))
    others = set(_observations().loc[metric_id].query("icb_code != @ENGLAND")["source"]) - {source}
    if others:
        found.append("Other years of this measure come from another source and method: compare years with care.")
    return [sentence for sentence in dict.fromkeys(found) if sentence]


@cache
def credit(*metric_ids: str, period: str | None = None) -> str:
    """Who published the figures of those measures: each source once, with its date, and their licences."""
    keys = dict.fromkeys(source for m in metric_ids for source in metric_values(m, period)["source"].dropna())
    known = catalogue.table("system_sources").set_index("source_id").loc[list(keys)]
    lines = []
    for licence, rows in known.groupby("licence", sort=False):
        dates = [f", {words.month(day)}" if isinstance(day, str) else "" for day in rows["released"]]
        named = [
            f"{publisher}, {title}{day}"
            for publisher, title, day in zip(rows["publisher"], rows["title"], dates, strict=True)
        ]
        lines.append(f"{'; '.join(named)} ({'all ' if len(named) > 1 else ''}{licence})")
    return "; ".join(lines)


@cache
def ranked() -> pd.DataFrame:
    """Every measure in its default period, ranked, with England beside: what profile and compare share."""
    about = metrics()[["metric_id", "metric", "label", "unit", "period"]]
    frame = about.merge(_observations().drop(columns="unit").reset_index(), on=["metric_id", "period"])
    whole = frame[frame["icb_code"] == ENGLAND].set_index("metric_id")
    frame = frame[frame["icb_code"] != ENGLAND].copy()
    groups = frame.groupby("metric_id")["value"]
    frame["rank"], frame["of"] = groups.rank(ascending=False, method="min"), groups.transform("count")
    frame["england"] = frame["metric_id"].map(whole["value"])
    estimated = whole.index[whole["basis"].str.startswith("estimated")]
    frame["england_estimated"] = frame["metric_id"].isin(estimated)
    return frame.set_index(["icb_code", "metric_id"]).sort_index()


def worded(value: float, unit: str) -> str:
    """A figure with its unit as people read it; the words for a missing one."""
    if value is None or math.isnan(value):
        return words.NOT_FOUND
    size = abs(value)
    digits = words.number(value, 0 if size >= 1000 or unit in ("people", "rank") else 1 if size >= 10 else 2)
    after = {"%": "%", "per km2": " per square km"} | {
        word: f" {word}" for word in ("people", "per 100,000", "minutes", "km")
    }
    return digits + after.get(unit, "")
