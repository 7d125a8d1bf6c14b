"""Every indicator: found by words and filters, set beside other areas, ranked among its peers.

Built on ``ambitions``, which judges one series, and ``systems``, which ranks the 42 boards. Which
indicators are the very same measure in both is kept in ``data/text/indicators.toml``.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from ics_core import ambitions, catalogue, words
from ics_core.area import AREA
from ics_core.errors import IndicatorError

HOW_OFTEN = ("monthly", "quarterly", "yearly", "once or now and then")
AREA_TYPES = {"icb": AREA.name, "trust": "NHS trusts", "utla": "Counties", "district": "Districts"}
MOST_COMPARED = 4
FEWEST_RANKED = 3  # first of two says nothing
_FEW = 3  # with fewer points than this, how often a figure is published is no help to the reader


def find(
    search: str = "",
    ambition: int | None = None,
    state: str | None = None,
    how_often: str | None = None,
    area_type: str | None = None,
) -> pd.DataFrame:
    """The indicators that fit all of these, in order of ambition and name; ``None`` does not filter.

    ``search``: words that must all occur in name, definition, publisher, dataset, ambition or id. ``state``: one of
    ``ambitions.STATES``, judged as ``ambitions.indicators`` does; ``how_often``: one of ``HOW_OFTEN``;
    ``area_type``: one of ``AREA_TYPES``, for which the indicator has figures. Columns as ``ambitions.indicators``, and
    also_ambition, official_dataset, ambition_name, how_often, area_types. Raises ``IndicatorError``.
    """
    _known("state", state, ambitions.STATES)
    _known("how_often", how_often, HOW_OFTEN)
    _known("area_type", area_type, AREA_TYPES)
    table, text = _everything()
    fits = text.map(lambda said: all(word in said for word in search.lower().split()))
    if ambition is not None:
        fits &= (table["ambition"] == ambition) | (table["also_ambition"] == ambition)
    if state:
        fits &= table["states"].map(lambda states: state in states)
    if how_often:
        fits &= table["how_often"] == how_often
    if area_type:
        fits &= table["area_types"].map(lambda kinds: area_type in kinds)
    return table[fits].reset_index(drop=True)


@cache
def _everything() -> tuple[pd.DataFrame, pd.Series]:
    """All indicators in order, and the words each is found by. Kept, because judging them all takes a while."""
    more = catalogue.table("indicators")[["indicator_id", "also_ambition", "official_dataset"]]
    table = ambitions.indicators().merge(more, on="indicator_id")
    table["ambition_name"] = table["ambition"].map(ambition_names())
    held = [ambitions.areas(one) for one in table["indicator_id"]]
    table["how_often"] = [
        _how_often(often, areas["points"].max()) for often, areas in zip(table["frequency"], held, strict=True)
    ]
    table["area_types"] = [tuple(dict.fromkeys(areas["area_type"])) for areas in held]
    table = table.sort_values(["ambition", "name"], ignore_index=True)
    text = (
        table[["indicator_id", "name", "definition", "publisher", "official_dataset", "ambition_name"]]
        .agg(" ".join, axis=1)
        .str.lower()
    )
    return table, text


def names() -> dict[str, str]:
    """Id and name of all indicators, in order of ambition and name."""
    table = catalogue.table("indicators").sort_values(["ambition", "name"])
    return dict(zip(table["indicator_id"], table["name"], strict=True))


def ambition_names() -> dict[int, str]:
    """Number and short name of the eight ambitions."""
    table = catalogue.table("ambitions").sort_values("number")
    return dict(zip(table["number"], table["short_name"], strict=True))


def _known(what: str, value: str | None, allowed: object) -> None:
    if value is not None and value not in allowed:
        raise IndicatorError(f"{what} is {value!r}: choose one of {', '.join(allowed)}, or None for all.")


def _how_often(frequency: str, points: int) -> str:
    if points < _FEW or "missing" in frequency or "scattered" in frequency:
        return "once or now and then"
    return next((often for often in ("monthly", "quarterly") if frequency.startswith(often)), "yearly")


def finding(table: pd.DataFrame) -> str:
    """What a list from ``find`` says as a whole, in a line."""
    told = {
        "improving": "better beyond chance",
        "concerning": "worse beyond chance",
        "missing target": "short of target",
        "no recent data": "without a recent figure",
    }
    counts = {state: int(table["states"].map(lambda states, state=state: state in states).sum()) for state in told}
    said = [f"{n} {told[state]}" for state, n in counts.items() if n]
    lead = f"{len(table)} indicator{'' if len(table) == 1 else 's'}"
    return f"{lead}: {words.listed(said)}" if said else f"{lead}, none of them flagged"


def about(indicator_id: str) -> dict[str, str]:
    """How an indicator is defined and published: a label and words for each fact, in order."""
    row = catalogue.table("indicators").set_index("indicator_id").loc[indicator_id]
    better = {
        "up": "Higher is better",
        "down": "Lower is better",
        "neither": "Neither higher nor lower is better in itself",
    }
    held = list(dict.fromkeys(map(ambitions.format_day, ambitions.held(indicator_id))))
    return {
        "Definition": row["definition"],
        "Unit": row["unit"],
        "Direction": better[row["better"]],
        "Publisher": row["publisher"],
        "Official dataset": row["official_dataset"],
        "Periods": row["frequency"],
        "Held": " to ".join(held),
        "Licence": row["licence"],
    }


# --- Beside other areas -------------------------------------------------------------------------


def beside(indicator_id: str, area_code: str) -> list[str]:
    """The areas set beside ``area_code`` when none is chosen: the comparator, else other areas of its kind."""
    areas = ambitions.areas(indicator_id)
    others = areas[areas["area_code"] != area_code]
    kind = areas.loc[areas["area_code"] == area_code, "area_type"].iloc[0]
    wide = others[others["area_type"].isin(["england", "comparator"])]["area_code"].tolist()[:1]
    alike = others[others["area_type"] == kind]["area_code"].tolist() if not wide else []
    return wide or alike[: MOST_COMPARED - 1]


def side_by_side(indicator_id: str, area_codes: list[str]) -> pd.DataFrame:
    """Two to four areas on one scale: as ``ambitions.compare``, and stretch (changes where periods are missing).

    Totals become an index, because a local count and England's cannot share an axis. Raises
    ``ValueError`` where the areas share no period, or where a total is below zero so that no index can be made.
    """
    codes = list(dict.fromkeys(area_codes))
    if not 1 <= len(codes) <= MOST_COMPARED:
        raise IndicatorError(f"area_codes has {len(codes)} areas: give 1 to {MOST_COMPARED}.")
    table = ambitions.compare(indicator_id, codes)
    scale = table.attrs["scale"]
    if scale.startswith("index, ") and (table["value"] < 0).any():
        raise IndicatorError(
            f"{indicator_id} goes below zero, so it cannot be shown as an index; look at one area at a time."
        )
    # Where periods are missing is a matter of each area's own series.
    parts = [
        ambitions.chart(indicator_id, code)[["period_start", "period_end", "stretch"]].assign(area_code=code)
        for code in codes
    ]
    table = table.merge(pd.concat(parts), on=["area_code", "period_start", "period_end"], how="left")
    table.attrs["scale"] = scale
    return table


def apart(table: pd.DataFrame) -> str:
    """What ``side_by_side`` shows at the latest period all areas have, in a line."""
    wide = table.pivot(index="period_end", columns="area", values="shown").dropna()
    scale = table.attrs["scale"]
    if wide.empty:
        return "The areas have no period in common"
    last = wide.iloc[-1].sort_values(ascending=False)
    label = table.loc[table["period_end"] == wide.index[-1], "period_label"].iloc[0]
    unit = "index" if scale.startswith("index, ") else scale
    said = [
        f"{area} {value:,.0f}" if unit == "index" else f"{area} {ambitions.format_value(value, unit)}"
        for area, value in last.items()
    ]
    base = f", where {scale.removeprefix('index, ')}" if unit == "index" else ""
    return f"{label[0].upper()}{label[1:]}{base}: {words.listed(said)}"


# --- Among its peers ----------------------------------------------------------------------------


def ranked(indicator_id: str, area_type: str) -> pd.DataFrame:
    """Trusts or districts in order, best first (neutral measures: highest first).

    Columns as ``ambitions.rank``, and says (the value in words). Empty where fewer than three have a figure for the
    same period, and for totals, which follow size.
    """
    row = catalogue.table("indicators").set_index("indicator_id").loc[indicator_id]
    table = ambitions.rank(indicator_id)
    table = table[table["area_type"] == area_type].reset_index(drop=True)
    if len(table) < FEWEST_RANKED or row["unit"] in ambitions.TOTALS:
        table = table.head(0)
    return table.assign(says=[ambitions.format_value(value, row["unit"]) for value in table["value"]])


def standing(indicator_id: str, table: pd.DataFrame, area_code: str) -> str:
    """Where one area stands in ``ranked``; the first and the last where it is not among them."""
    row = catalogue.table("indicators").set_index("indicator_id").loc[indicator_id]
    own = table[table["area_code"] == area_code]
    if own.empty:
        first, last = table.iloc[0], table.iloc[-1]
        return f"From {first['area']} ({first['says']}) to {last['area']} ({last['says']})"
    one = own.iloc[0]
    level = "level " if (table["rank"] == one["rank"]).sum() > 1 else ""
    first = "highest" if row["better"] == "neither" else "best"
    return f"{one['area']}: {level}{words.ordinal(one['rank'])} of {one['of']}, {one['says']}; 1st is {first}"


def system_measure(indicator_id: str) -> str | None:
    """The measure of the 42 systems that is this very indicator, if there is one: see ``systems.distribution``."""
    return catalogue.toml("text/indicators")["same_measure"].get(indicator_id)


# --- What is missing ----------------------------------------------------------------------------


def gaps(ambition: int | None = None) -> pd.DataFrame:
    """Headline measures without a recent figure, of one ambition or all: ambition, name, then as ``ambitions.gaps``."""
    names = ambition_names()
    chosen = [ambition] if ambition else list(names)
    parts = [ambitions.gaps(number).assign(ambition=number, ambition_name=names[number]) for number in chosen]
    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    return table[["ambition", "ambition_name", *(c for c in table.columns if not c.startswith("ambition"))]]
