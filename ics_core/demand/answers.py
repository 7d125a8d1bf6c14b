"""What the change of demand takes in plain units, where its levels come from, and its growth as one figure."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, population
from ics_core.area import AREA
from ics_core.demand.model import all_demand, place_index, scales, told_people, values_of, year_index
from ics_core.demand.record import DAYS, history, measure, measures, observed, order, rates
from ics_core.population import FOOTPRINT
from ics_core.scenario import Scenario

WEEKS, WORKING_DAYS = 52, 253


def practices(place_code: str = FOOTPRINT) -> int:
    """General practices at work in the footprint, a locality or a district."""
    table = catalogue.table("practices")
    table = table[table["status"] == "active"]
    if place_code == FOOTPRINT:
        return len(table)
    names = catalogue.table("base_population").drop_duplicates("area_code").set_index("area_code")["area_name"]
    # Practices bear the code of the district of today, which a former one is now part of.
    district = next((part.now for part in AREA.districts if part.code == place_code and part.now), place_code)
    return int(((table["district_code"] == district) | (table["former_ccg"] == names[place_code])).sum())


@cache
def _occupancy() -> float:
    """Share of open general and acute beds that were occupied in the year the bed days are taken from."""
    rows = observed("ga_bed_occupancy")
    rows = rows[rows["year"] == measure("bed_days").told_year]
    return float(rows["numerator"].sum() / rows["denominator"].sum())


@cache
def _occupancy_aim() -> float:
    targets = catalogue.table("targets")
    return float(targets.loc[targets["metric_id"] == "UEC_BEDOCC", "target_value"].iloc[0]) / 100


def capacity(
    measure_id: str, scenario: Scenario = Scenario(), year: int | None = None, place_code: str = FOOTPRINT
) -> pd.DataFrame:
    """What the change from base year to ``year`` takes, in plain units: what, value, unit, how.

    The first row is the change itself, the second its percentage; the others put it in visits a day,
    appointments a week for each practice, or beds.
    """
    m = measure(measure_id)
    values, run = values_of(measure_id, scenario, place_code)
    at = len(run.years) - 1 if year is None else year_index(year, run)
    start = values_of(measure_id, Scenario(basis=scenario.basis), place_code)[0][year_index(m.anchor_year, run)]
    more = values[at] - start
    since = f"{run.years[at]} against {m.anchor_year}"
    rows = [("Change", more, m.unit, since), ("Change in per cent", 100 * more / start, "%", since)]
    if m.capacity == "per_day":
        rows.append(("For each day", more / DAYS, f"{m.noun} a day", f"change divided by {DAYS}"))
    elif m.capacity == "per_working_day":
        rows.append(
            (
                "For each working day",
                more / WORKING_DAYS,
                f"{m.noun} a working day",
                f"change divided by {WORKING_DAYS}",
            )
        )
    elif m.capacity == "per_practice_week":
        n = practices(place_code)
        unit, how = f"{m.noun} a week for each of {n} practices", f"change divided by {WEEKS} and by {n}"
        rows.append(("For each practice and week", more / WEEKS / n, unit, how))
    elif m.capacity == "people_per_practice":
        n = practices(place_code)
        rows.append(("For each practice", more / n, f"people for each of {n} practices", f"change divided by {n}"))
    else:
        for how_full, share in (
            ("as full as in 2024-25", _occupancy()),
            ("as full as the national aim", _occupancy_aim()),
        ):
            rows.append(
                (
                    f"Beds, {how_full}",
                    more / DAYS / share,
                    "beds",
                    f"change divided by {DAYS} and by {share:.1%} occupied",
                )
            )
    return pd.DataFrame(rows, columns=["what", "value", "unit", "how"])


def levels(basis: str = "ons-2022") -> pd.DataFrame:
    """How each base level comes about: measure_id, measure, year, period, published, from_rates, scale, status.

    ``from_rates`` is what the rates alone would give for the residents of that year; ``scale`` is
    published over that, 1 where no local figure was found.
    """
    return _levels(basis).copy(deep=False)


@cache
def _levels(basis: str) -> pd.DataFrame:
    official = population.run(Scenario(basis=basis))
    rows = []
    for n, (measure_id, m) in enumerate(measures().items()):
        record = history(measure_id)
        last = record.iloc[-1] if not record.empty else None
        expected = (rates()[n] * told_people(m, official)).sum()
        published = last["value"] if last is not None else math.nan
        period, status = (last["period"], last["status"]) if last is not None else ("", "none found")
        rows.append((measure_id, m.label, m.told_year, period, published, expected, scales(basis)[n], status))
    return pd.DataFrame(
        rows, columns=["measure_id", "measure", "year", "period", "published", "from_rates", "scale", "status"]
    )


def weights() -> pd.DataFrame:
    """What each measure counts for in ``growth``: measure_id, measure, spend, weight (sums to 1).

    Spending (million pounds, 2023/24) of the board on primary and acute care (written answer of 27 June 2025);
    acute care is split between episodes, outpatients and A&E as the costs of English providers were in 2020/21 (£35bn,
    £17bn and £4.5bn of £56.5bn: NHS Digital as reported by HFMA on 21 April 2022, outpatients as the rest).
    """
    return _weights().copy(deep=False)


@cache
def _weights() -> pd.DataFrame:
    spends = observed("icb_spend_primary"), observed("icb_spend_acute")
    spend = {frame["indicator_id"].iloc[0]: frame["value"].iloc[-1] for frame in spends}
    counted = [m for m in measures().values() if m.weight_share]
    rows = [(m.id, m.label, spend[m.weight_spend] * m.weight_share) for m in counted]
    frame = pd.DataFrame(rows, columns=["measure_id", "measure", "spend"])
    return frame.assign(weight=frame["spend"] / frame["spend"].sum())


def growth(scenario: Scenario = Scenario()) -> pd.DataFrame:
    """Growth of the demand for health care as one figure: year, index (first year 100), growth (% on the year before).

    Weighted as in ``weights``: GP appointments, A&E attendances, outpatients and hospital episodes in the
    footprint. Community, mental health and social care are not in it.
    """
    demand, run = all_demand(scenario)
    table = weights()
    rows = [order()[i] for i in table["measure_id"]]
    totals = demand[rows, :, place_index(FOOTPRINT, run)].sum(axis=1)
    index = 100 * (table["weight"].to_numpy()[:, None] * totals / totals[:, :1]).sum(axis=0)
    return pd.DataFrame(
        {"year": run.years, "index": index, "growth": np.concatenate([[np.nan], 100 * (index[1:] / index[:-1] - 1)])}
    )
