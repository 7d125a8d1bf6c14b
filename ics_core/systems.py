"""The 42 systems: any measure ranked, profiles, comparison, nearest systems.

A system is an integrated care board (ICB) as it stood from 1 July 2022 to 31 March 2026, known by
its ONS code; Norfolk and Waveney is ``NORFOLK_AND_WAVENEY``. Measures come from the tables
``system_metrics`` and ``system_observations``; how they are grouped, and the cautions that belong
beside them, from ``data/text/systems.toml``. Distances between systems are our calculation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue

NORFOLK_AND_WAVENEY = "E54000022"
ENGLAND = "E92000001"
MOST_COMPARED = 4
NOT_FOUND = "No published figure found"


class SystemsError(ValueError):
    """A system, measure, period, weight or date that cannot be used; the message says what to give instead."""


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
        return f"the {'' if place == 1 else ordinal(place) + ' '}{end} of {self.of}"


# --- which system, which measure -----------------------------------------------------------------


def names() -> dict[str, str]:
    """ONS code to name of the 42 systems, in order of name."""
    return {code: row["name"] for code, row in _by_code().items()}


def name(icb_code: str) -> str:
    """The name of a system. Raises ``SystemsError`` naming near names for an unknown code."""
    return _system(icb_code)["name"]


@cache
def _by_code() -> dict[str, dict]:
    return {row["icb_code"]: row for row in catalogue.table("systems").sort_values("name").to_dict("records")}


def _system(icb_code: str) -> dict:
    if isinstance(icb_code, str) and icb_code in _by_code():
        return _by_code()[icb_code]
    known = {text.lower(): code for code, row in _by_code().items() for text in (code, row["ods_code"], row["name"])}
    near = get_close_matches(str(icb_code).lower(), known, n=3, cutoff=0.5)
    codes = list(dict.fromkeys(known[text] for text in near)) or [NORFOLK_AND_WAVENEY]
    offered = ", ".join(f"{code} ({_by_code()[code]['name']})" for code in codes)
    raise SystemsError(
        f"There is no system with the code {icb_code!r}. Did you mean {offered}? systems.names() lists all {len(_by_code())}."
    )


def _texts() -> dict:
    return catalogue.toml("text/systems")


@cache
def _observations() -> pd.DataFrame:
    frame = catalogue.table("system_observations").rename(columns={"year": "period"})
    return (
        frame[["metric_id", "period", "icb_code", "value", "unit", "source", "basis"]]
        .set_index(["metric_id", "period"])
        .sort_index()
    )


@cache
def metrics() -> pd.DataFrame:
    """Every measure: ``metric_id, metric, label, unit, theme, period, systems, latest_period, periods, note``.

    ``label`` is a plain short name where there is one, else the full one. ``period`` is the one shown
    unless another is asked for: the latest among those in which most systems have a figure
    (``systems`` of them), because a later one may lack some, and in which no figure is known to be wrong.
    """
    counted = _observations().query("icb_code != @ENGLAND").groupby(level=["metric_id", "period"])["value"].count()
    counts = counted.rename("systems").reset_index()
    faulty = {(metric_id, period) for metric_id, found in _texts()["faulty"].items() for period in found}
    sound = counts[[pair not in faulty for pair in zip(counts["metric_id"], counts["period"], strict=True)]]
    best = sound.sort_values(["systems", "period"]).groupby("metric_id").tail(1)
    order = {
        metric_id: (place, theme["label"])
        for place, theme in enumerate(_texts()["themes"])
        for metric_id in theme["metrics"]
    }
    frame = catalogue.table("system_metrics").merge(best, on="metric_id")
    frame["theme"] = frame["metric_id"].map(lambda m: order[m][1])
    frame["label"] = frame["metric_id"].map(_texts()["labels"]).fillna(frame["metric"])
    frame["_order"] = frame["metric_id"].map(lambda m: (order[m][0], list(order).index(m)))
    frame["note"] = frame["note"].fillna("")
    frame["latest_period"] = frame["metric_id"].map(lambda m: _periods()[m][-1])
    frame["periods"] = frame["metric_id"].map(lambda m: len(_periods()[m]))
    frame = frame.sort_values("_order")
    columns = ["metric_id", "metric", "label", "unit", "theme", "period", "systems", "latest_period", "periods", "note"]
    return frame[columns].reset_index(drop=True)


@cache
def _by_metric() -> dict[str, dict]:
    return {row["metric_id"]: row for row in metrics().to_dict("records")}


def _metric(metric_id: str) -> dict:
    known = _by_metric()
    if isinstance(metric_id, str) and metric_id in known:
        return known[metric_id]
    near = get_close_matches(str(metric_id), known, n=4, cutoff=0.4) or list(known)[:4]
    raise SystemsError(
        f"There is no measure called {metric_id!r}. Did you mean: {', '.join(near)}? systems.metrics() lists all {len(known)}."
    )


def periods(metric_id: str) -> tuple[str, ...]:
    """The periods a measure has, oldest first, as published: 2021, 2023-24, 2024-06, 2024-04 to 2025-01."""
    _metric(metric_id)
    return _periods()[metric_id]


@cache
def _periods() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for metric_id, period in _observations().index.unique():
        found[metric_id] = (*found.get(metric_id, ()), period)
    return found


def _period(metric_id: str, period: str | None) -> str:
    period = period or _metric(metric_id)["period"]
    if period not in periods(metric_id):
        raise SystemsError(f"{metric_id} has no period {period!r}. It has: {', '.join(periods(metric_id))}.")
    return period


# --- one measure, all systems --------------------------------------------------------------------


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
    frame["unit"], frame["period"] = _metric(metric_id)["unit"], period
    return frame[["icb_code", "name", "value", "unit", "period", "basis", "source"]]


def distribution(metric_id: str, icb_code: str = NORFOLK_AND_WAVENEY, period: str | None = None) -> pd.DataFrame:
    """The 42 systems from highest to lowest.

    Columns ``rank, icb_code, name, value, says, unit, period, chosen, basis, source``. ``chosen`` is true for
    ``icb_code``. Systems without a figure come last, without a rank.
    """
    _system(icb_code)
    frame = (
        metric_values(metric_id, period)
        .query("icb_code != @ENGLAND")
        .sort_values(["value", "name"], ascending=[False, True])
    )
    frame.insert(0, "rank", frame["value"].rank(ascending=False, method="min"))
    frame.insert(4, "says", [worded(value, unit) for value, unit in zip(frame["value"], frame["unit"], strict=True)])
    frame.insert(7, "chosen", frame["icb_code"] == icb_code)
    return frame.reset_index(drop=True)


def rank(metric_id: str, icb_code: str = NORFOLK_AND_WAVENEY, period: str | None = None) -> Rank | None:
    """Where a system stands on a measure; None when it has no figure in that period."""
    frame = distribution(metric_id, icb_code, period)
    mine = frame[frame["chosen"]].iloc[0]
    if math.isnan(mine["value"]):
        return None
    about = _metric(metric_id)
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
    unit = _metric(metric_id)["unit"]
    words = {group: f"{worded(low, unit)} to {worded(high, unit)}" for group, low, high in edges.itertuples()}
    frame["range"] = frame["fifth"].map(words)
    return frame


def regions(metric_id: str, period: str | None = None) -> pd.DataFrame:
    """The seven NHS regions by the median of their systems, highest first: ``region, systems, median, unit, period``."""
    frame = metric_values(metric_id, period).query("icb_code != @ENGLAND")
    frame["region"] = frame["icb_code"].map(lambda code: _by_code()[code]["nhs_region"])
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
    return f"England: {_england_says(*england(metric_id, period), _metric(metric_id)['unit'])}"


def _england_says(value: float, basis: str, unit: str) -> str:
    return worded(value, unit) + (" (estimated)" if basis.startswith("estimated") else "")


def cautions(metric_id: str, period: str | None = None) -> list[str]:
    """Sentences to read before comparing: notes of the data, estimates, gaps, change of source."""
    period = _period(metric_id, period)
    frame = metric_values(metric_id, period)
    systems, whole = frame.iloc[:-1], frame.iloc[-1]
    source = systems["source"].dropna().iloc[0]
    found = [
        _metric(metric_id)["note"],
        _texts()["cautions"].get(metric_id, ""),
        _texts()["source_cautions"].get(source, ""),
    ]
    if systems["basis"].str.startswith("estimated").any():
        found.append(f"The figures of the systems are {systems['basis'].dropna().iloc[0]}.")
    if isinstance(whole["basis"], str) and whole["basis"].startswith("estimated"):
        found.append(f"England is {whole['basis']}.")
    elif math.isnan(whole["value"]):
        found.append("No published figure for England found.")
    missing = list(systems.loc[systems["value"].isna(), "name"])
    if missing:
        reason = _texts()["gaps"].get(source)
        found.append(f"No figure for {in_a_row(missing)}" + (f": {reason}." if reason else "."))
    others = set(_observations().loc[metric_id].query("icb_code != @ENGLAND")["source"]) - {source}
    if others:
        found.append("Other years of this measure come from another source and method: compare years with care.")
    return [sentence for sentence in dict.fromkeys(found) if sentence]


@cache
def credit(*metric_ids: str, period: str | None = None) -> str:
    """Who published the figures of those measures: publisher, title and date of each source once, then their licence."""
    keys = dict.fromkeys(source for m in metric_ids for source in metric_values(m, period)["source"].dropna())
    known = catalogue.table("system_sources").set_index("source_id").loc[list(keys)]
    lines = []
    for licence, rows in known.groupby("licence", sort=False):
        dates = [f", {month(day)}" if isinstance(day, str) else "" for day in rows["released"]]
        named = [
            f"{publisher}, {title}{day}"
            for publisher, title, day in zip(rows["publisher"], rows["title"], dates, strict=True)
        ]
        lines.append(f"{'; '.join(named)} ({'all ' if len(named) > 1 else ''}{licence})")
    return "; ".join(lines)


# --- one system, several systems -----------------------------------------------------------------


@cache
def _ranked() -> pd.DataFrame:
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


def overview(by: str = "name", descending: bool = False) -> pd.DataFrame:
    """The 42 systems, one row each, sorted by any column; ties go by name.

    Columns ``icb_code, ods_code, name, region, registered, resident, share_65_over, deprivation, rural_share,
    practices, pcns, councils, announced, since_2026``. ``registered`` are patients, ``resident`` are residents.
    """
    base = catalogue.table("systems")
    values = _ranked()["value"].loc[:, ["reg_share_65p", "imd2025_avg_score", "rural_share_2021"]].unstack()
    frame = pd.DataFrame(
        {
            "icb_code": base["icb_code"],
            "ods_code": base["ods_code"],
            "name": base["name"],
            "region": base["nhs_region"],
            "registered": base["registered_population"],
            "resident": base["resident_population"],
            "share_65_over": base["icb_code"].map(values["reg_share_65p"]),
            "deprivation": base["icb_code"].map(values["imd2025_avg_score"]),
            "rural_share": base["icb_code"].map(values["rural_share_2021"]),
            "practices": base["n_gp_practices"],
            "pcns": base["n_pcns"],
            "councils": base["n_upper_tier"],
            "announced": base["announced_date"].str[:7],
            "since_2026": base["icb_code"].map(since_2026),
        }
    )
    if by not in frame:
        raise SystemsError(f"There is no column {by!r} to sort by. There are: {', '.join(frame)}.")
    return frame.sort_values([by, "name"], ascending=[not descending, True]).reset_index(drop=True)


def profile(icb_code: str = NORFOLK_AND_WAVENEY) -> pd.DataFrame:
    """What is known of one system, a row an item.

    Columns ``section, item, says, value, unit, period, rank, of, england, england_estimated, england_says, basis,
    metric_id``. ``says`` is the figure or the words to show; rank, England and basis belong to measures only.
    """
    return _profile(_system(icb_code)["icb_code"]).copy(deep=False)


@cache
def _profile(icb_code: str) -> pd.DataFrame:
    system = _by_code()[icb_code]
    figures = _ranked().loc[icb_code].to_dict("index")
    rows: list[dict] = []

    def add(section: str, item: str, says: str, **more: object) -> None:
        rows.append({"section": section, "item": item, "says": says, **more})

    for part in _texts()["profile"]:
        for metric_id in part["metrics"]:
            about = _metric(metric_id)
            row = figures.get(metric_id, {"value": math.nan})
            beside = {column: row.get(column) for column in ("rank", "of", "england", "england_estimated", "basis")}
            beside["england_says"] = _england_says(*england(metric_id), about["unit"])
            add(
                part["section"],
                about["label"],
                worded(row["value"], about["unit"]),
                metric_id=metric_id,
                value=row["value"],
                unit=about["unit"],
                period=about["period"],
                **beside,
            )
    counts = {"GP practices": "n_gp_practices", "Primary care networks": "n_pcns"}
    for item, column in counts.items():
        add(
            "General practice",
            item,
            f"{system[column]:,}",
            value=float(system[column]),
            unit="number",
            period=system[f"{column}_date"],
        )
    for item, column in {"Whole": "upper_tier_whole", "In part": "upper_tier_part"}.items():
        if isinstance(system[column], str):
            add("County and unitary councils", item, system[column].replace("; ", ", "))
    touched = system["n_lower_tier"]
    add(
        "County and unitary councils",
        "Districts and unitaries touched",
        f"{touched:,}",
        value=float(touched),
        unit="number",
    )
    add("How it came about", "NHS region", system["nhs_region"])
    add("How it came about", "Announced", f"{month(system['announced_date'])}, as {system['announced_as']}")
    add("How it came about", "Board by law", month(system["statutory_date"]))
    add("How it came about", "Since April 2026", since_2026(icb_code))
    columns = ["section", "item", "says", "value", "unit", "period", "rank", "of"]
    columns += ["england", "england_estimated", "england_says", "basis", "metric_id"]
    return pd.DataFrame(rows)[columns]


def compare(icb_codes: Iterable[str], metric_ids: Iterable[str] | None = None) -> pd.DataFrame:
    """One to four systems on the measures of the profile, or on those named, each in its default period.

    Tidy: ``metric_id, metric, label, unit, period, icb_code, name, value, says, rank, of, england, basis``.
    """
    codes = list(icb_codes)
    for code in codes:
        _system(code)
    if not 1 <= len(codes) <= MOST_COMPARED or len(set(codes)) < len(codes):
        raise SystemsError(
            f"Compare one to {MOST_COMPARED} different systems; you gave {len(codes)}: {', '.join(codes) or 'none'}."
        )
    wanted = (
        list(metric_ids) if metric_ids is not None else [m for part in _texts()["profile"] for m in part["metrics"]]
    )
    for metric_id in wanted:
        _metric(metric_id)
    frame = (
        _ranked().reindex(pd.MultiIndex.from_product([codes, wanted], names=["icb_code", "metric_id"])).reset_index()
    )
    frame["name"] = frame["icb_code"].map(names())
    for column in ("metric", "label", "unit", "period"):
        frame[column] = frame["metric_id"].map(lambda m, c=column: _metric(m)[c])
    frame["says"] = [worded(value, unit) for value, unit in zip(frame["value"], frame["unit"], strict=True)]
    frame["_order"] = frame["metric_id"].map(wanted.index)
    frame = frame.sort_values("_order", kind="stable")
    columns = [
        "metric_id",
        "metric",
        "label",
        "unit",
        "period",
        "icb_code",
        "name",
        "value",
        "says",
        "rank",
        "of",
        "england",
        "basis",
    ]
    return frame[columns].reset_index(drop=True)


def in_documents(icb_code: str) -> pd.DataFrame:
    """What the founding documents say of a system, and the measure nearest to it today.

    Columns ``fact_id, topic, fact, figure_as_stated, as_at, note, document, today, today_metric, today_value,
    today_unit, today_period``. ``today`` is a sentence; it says so where no published figure was found and is
    empty where a fact (a name, say) has no figure to set beside it. No rows: the documents do not name it.
    ``ENGLAND`` gives what they say of the country.
    """
    code = ENGLAND if icb_code == ENGLAND else _system(icb_code)["icb_code"]
    return _said(code).copy(deep=False)


@cache
def _said(icb_code: str) -> pd.DataFrame:
    facts = catalogue.table("founding_facts")
    called = ["England"] if icb_code == ENGLAND else [_system(icb_code)["name_in_documents"], _system(icb_code)["name"]]
    facts = facts[facts["system"].isin(called)]
    documents = catalogue.table("founding_documents").set_index("document_id")
    written = ("fact_id", "topic", "fact", "figure_as_stated", "as_at", "note")
    rows = []
    for fact in facts.to_dict("records"):
        document = documents.loc[fact["document_id"]]
        issued = "" if document["date"] == "undated" else f", {month(document['date'])}"
        rows.append(
            {column: fact[column] if isinstance(fact[column], str) else "" for column in written}
            | {"document": f"{document['title']} ({document['publisher']}{issued})"}
            | _today(fact["topic"], icb_code)
        )
    return pd.DataFrame(
        rows, columns=[*written, "document", "today", "today_metric", "today_value", "today_unit", "today_period"]
    )


def named_in_documents() -> dict[str, str]:
    """Code to name as the founding documents write it, of the systems they name."""
    frame = catalogue.table("systems").dropna(subset=["name_in_documents"])
    return dict(zip(frame["icb_code"], frame["name_in_documents"], strict=True))


def _today(topic: str, icb_code: str) -> dict:
    texts = _texts()
    nothing = {"today": "", "today_metric": "", "today_value": math.nan, "today_unit": "", "today_period": ""}
    if icb_code == ENGLAND:
        return nothing
    if topic in texts["today_missing"]:
        return nothing | {"today": f"{NOT_FOUND}. Official publication: {texts['today_missing'][topic]}."}
    if topic in ("status", "law"):
        return nothing | {
            "today": f"Board by law since {month(_system(icb_code)['statutory_date'])}. {since_2026(icb_code)}."
        }
    if topic not in texts["today"]:
        return nothing
    stands = rank(texts["today"][topic], icb_code)
    if stands is None:
        return nothing | {"today": f"{NOT_FOUND}."}
    sentence = f"{stands.metric}: {worded(stands.value, stands.unit)} in {when(stands.period)}, {stands.position}."
    return {
        "today": sentence,
        "today_metric": stands.metric_id,
        "today_value": stands.value,
        "today_unit": stands.unit,
        "today_period": stands.period,
    }


def since_2026(icb_code: str) -> str:
    """What became of the board on 1 April 2026, in words."""
    return _fates().get(_system(icb_code)["icb_code"], "Unchanged")


@cache
def _fates() -> dict[str, str]:
    found = {}
    for code, after in catalogue.table("system_successors").groupby("icb_code"):
        parts = [f"{row['successor']} ({row['part']})" for row in after.to_dict("records")]
        split = f"{_by_code()[code]['name']} was split: {', '.join(parts)}"
        found[code] = split if len(parts) > 1 else f"Now part of NHS {after['successor'].iloc[0]} ICB"
    return found


# --- nearest systems -----------------------------------------------------------------------------


def characteristics() -> pd.DataFrame:
    """What systems are compared by: ``characteristic, label, purpose, measures``, as in NHS England's published list."""
    frame = pd.DataFrame(_texts()["characteristics"]).rename(columns={"id": "characteristic"})
    return frame.assign(measures=frame["metrics"].map(len)).drop(columns="metrics")


def default_weights() -> dict[str, float]:
    """Every characteristic's weight when none is given: 1."""
    return {c["id"]: 1.0 for c in _texts()["characteristics"]}


def _weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    full = default_weights()
    for key, value in (weights or {}).items():
        if key not in full:
            near = get_close_matches(str(key), full, n=3, cutoff=0.3) or list(full)
            raise SystemsError(f"There is no characteristic called {key!r}. Did you mean: {', '.join(near)}?")
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float | np.number)
            or not math.isfinite(value)
            or value < 0
        ):
            raise SystemsError(f"The weight of {key} is {value!r}; give a number of 0 or more (1 is the default).")
        full[key] = float(value)
    if not any(full.values()):
        raise SystemsError(
            "All weights are zero, so no system is nearer than another. Raise at least one of them above zero."
        )
    return full


@cache
def _features() -> pd.DataFrame:
    """Values of the characteristics: a row a system (by code), a column a measure."""
    wanted = [m for c in _texts()["characteristics"] for m in c["metrics"]]
    return _ranked()["value"].unstack()[wanted]


@cache
def _standardised() -> pd.DataFrame:
    # The order of steps is NHS England's: cap at five standard deviations above the mean, root, standardise.
    raw = _features()
    roots = np.sqrt(raw.clip(upper=raw.mean() + 5 * raw.std(ddof=0), axis=1))
    return (roots - roots.mean()) / roots.std(ddof=0)


def distances(icb_code: str, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Distance from one system to all 42, and what it is made of.

    Indexed by code: ``distance`` and one column a characteristic, the share of the squared distance
    (0 to 1) that comes from it. Weights multiply the squared difference on every measure of a characteristic.
    """
    _system(icb_code)
    full = _weights(weights)
    values, parts = _standardised(), _measures_of_characteristics()
    squares = (values.to_numpy() - values.loc[icb_code].to_numpy()) ** 2
    weighted = squares @ (parts * np.array(list(full.values())))
    total = weighted.sum(axis=1, keepdims=True)
    shares = np.divide(weighted, total, out=np.zeros_like(weighted), where=total > 0)
    return pd.DataFrame(np.hstack([np.sqrt(total), shares]), index=values.index, columns=["distance", *full])


@cache
def _measures_of_characteristics() -> np.ndarray:
    """1 where a measure (row) belongs to a characteristic (column), else 0."""
    found = _texts()["characteristics"]
    return np.array([[float(c is own) for c in found] for own in found for _ in own["metrics"]])


def nearest(
    icb_code: str = NORFOLK_AND_WAVENEY, n: int = 5, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """The ``n`` systems most like one, nearest first: ``rank, icb_code, name, distance, differs_most_in, since_2026``.

    Our calculation, after the published description of the peers in NHS England's Model Health
    System: deprivation, population, ages 18 to 39, 65 to 84 and 85 and over, rural share and ethnic
    group; each capped at five standard deviations above the mean, square root, standardised;
    Euclidean distance. NHS England's own weights and list of peers were not found; here each weight
    is 1 unless ``weights`` (by id of ``characteristics()``, 0 or more) says otherwise. Ties go by code.

    >>> nearest("E54000022", n=2)["name"].tolist()
    ['Devon', 'Lincolnshire']
    """
    others = len(_by_code()) - 1
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or not 1 <= n <= others:
        raise SystemsError(f"n is {n!r}; ask for 1 to {others} nearest systems.")
    frame = distances(icb_code, weights).drop(index=icb_code).rename_axis("icb_code").reset_index()
    # Rounding before sorting keeps the order the same whatever the order of addition.
    frame["distance"] = frame["distance"].round(9)
    frame = frame.sort_values(["distance", "icb_code"]).head(n).reset_index(drop=True)
    labels = {c["id"]: c["label"] for c in _texts()["characteristics"]}
    frame["rank"] = frame.index + 1
    frame["name"] = frame["icb_code"].map(names())
    frame["differs_most_in"] = frame[list(labels)].idxmax(axis=1).map(labels)
    frame["since_2026"] = frame["icb_code"].map(since_2026)
    return frame[["rank", "icb_code", "name", "distance", "differs_most_in", "since_2026"]]


def alike(icb_code: str = NORFOLK_AND_WAVENEY, n: int = 5, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """The characteristics of all 42 systems, with the chosen one and its nearest marked.

    Tidy, one row a measure and system: ``characteristic, label, weight, metric_id, measure, unit, period, icb_code,
    name, value, says, score, role``. ``score`` is the standardised value the distance uses, in standard deviations
    from the average of the systems; role is "chosen", "nearest" or "other".
    """
    near = set(nearest(icb_code, n, weights)["icb_code"])
    full = _weights(weights)
    rows = [
        {"characteristic": c["id"], "label": c["label"], "weight": full[c["id"]], "metric_id": metric_id}
        for c in _texts()["characteristics"]
        for metric_id in c["metrics"]
    ]
    about = metrics()[["metric_id", "label", "unit", "period"]].rename(columns={"label": "measure"})
    values = pd.DataFrame({"value": _features().T.stack(), "score": _standardised().T.stack()})
    values = values.rename_axis(["metric_id", "icb_code"]).reset_index()
    frame = pd.DataFrame(rows).merge(about, on="metric_id").merge(values, on="metric_id")
    frame["name"] = frame["icb_code"].map(names())
    frame["says"] = [worded(value, unit) for value, unit in zip(frame["value"], frame["unit"], strict=True)]
    frame["role"] = np.where(
        frame["icb_code"] == icb_code, "chosen", np.where(frame["icb_code"].isin(near), "nearest", "other")
    )
    columns = [
        "characteristic",
        "label",
        "weight",
        "metric_id",
        "measure",
        "unit",
        "period",
        "icb_code",
        "name",
        "value",
        "says",
        "score",
        "role",
    ]
    return frame[columns]


def nearest_on_map(
    icb_code: str = NORFOLK_AND_WAVENEY, n: int = 5, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """The 42 systems marked for a map: ``icb_code, name, region, class, says``; 2 the chosen one, 1 its nearest, 0 the others."""
    near = nearest(icb_code, n, weights).set_index("icb_code")["rank"]
    frame = catalogue.table("systems")[["icb_code", "name", "nhs_region"]].rename(columns={"nhs_region": "region"})
    frame = frame.sort_values("name").reset_index(drop=True)
    frame["class"] = np.where(frame["icb_code"] == icb_code, 2, frame["icb_code"].isin(near.index).astype(int))
    place = {2: "chosen", 0: "not among the nearest"}
    frame["says"] = [
        place.get(kind) or f"{ordinal(near[code])} nearest"
        for code, kind in zip(frame["icb_code"], frame["class"], strict=True)
    ]
    return frame


def in_common(
    icb_code: str = NORFOLK_AND_WAVENEY, n: int = 5, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """What sets a system and its nearest apart from the other systems, clearest first: ``measure, group, others, unit, gap, side``.

    ``group`` and ``others`` are the medians of the chosen system with its nearest, and of the rest; ``gap``
    is the difference of the two means in standard deviations; ``side`` is "high" or "low".
    """
    inside = [icb_code, *nearest(icb_code, n, weights)["icb_code"]]
    outside = [code for code in names() if code not in inside]
    gap = _standardised().loc[inside].mean() - _standardised().loc[outside].mean()
    about = metrics().set_index("metric_id").loc[gap.index]
    frame = pd.DataFrame(
        {
            "measure": about["label"],
            "group": _features().loc[inside].median(),
            "others": _features().loc[outside].median(),
            "unit": about["unit"],
            "gap": gap,
            "side": np.where(gap >= 0, "high", "low"),
        }
    )
    return frame.sort_values("gap", key=abs, ascending=False).reset_index(drop=True)


# --- words ---------------------------------------------------------------------------------------


def worded(value: float, unit: str) -> str:
    """A figure with its unit as people read it; the words for a missing one."""
    if value is None or math.isnan(value):
        return NOT_FOUND
    size = abs(value)
    digits = f"{value:,.{0 if size >= 1000 or unit in ('people', 'rank') else 1 if size >= 10 else 2}f}"
    after = {"%": "%", "per km2": " per square km"} | {
        word: f" {word}" for word in ("people", "per 100,000", "minutes", "km")
    }
    return digits + after.get(unit, "")


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    end = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{end}"


def first_day(iso: str) -> str:
    """The first day of ``2020-12`` or ``2020``; a day as it is."""
    return iso if len(iso) == 10 else f"{iso}-01" if len(iso) == 7 else f"{iso}-01-01"


def month(iso: str) -> str:
    """``2020-12`` or ``2020-12-08`` as December 2020; a year as it is."""
    return iso if len(iso) == 4 else date.fromisoformat(first_day(iso)).strftime("%B %Y")


def when(period: str) -> str:
    """A period in words: ``2026-01`` January 2026, ``2025-04 to 2025-07`` April 2025 to July 2025; years and 2023-24 as they are."""

    def one(text: str) -> str:
        # 2023-24 is a financial year, 2023-06 a month: a financial year ends in the year after its first.
        return month(text) if len(text) == 7 and int(text[5:]) != (int(text[:4]) + 1) % 100 else text

    return " to ".join(one(text) for text in period.split(" to "))


def in_a_row(words: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; a comma before the last ``and`` where a name has one of its own."""
    comma = "," if any(" and " in word for word in words) else ""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}{comma} and {words[-1]}"
