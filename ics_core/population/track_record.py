"""How the last official projection fared by place and age, and the range of error that follows from it.

The 2018-based projection of the latest mid-year that was estimated is held to that estimate, which followed a
Census. The misses in the cells of place and age are taken as one drawing from what may happen again: their spread,
by age group and with what places and ages have in common, is the spread of the error that ranges carry, in proportion
to the years ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ics_core import chance
from ics_core.errors import PopulationError
from ics_core.kept import MEGABYTE, kept, read_only
from ics_core.population import implied
from ics_core.population.answers import estimates, official, totals
from ics_core.population.implied import FOOTPRINT
from ics_core.population.model import UNIT, ages_of, codes, codes_frame
from ics_core.scenario import Scenario

BROAD_AGES = ("0-14", "15-64", "65-74", "75-84", "85+")
TESTED = Scenario(basis="ons-2018")


def tested_year() -> int:
    """The mid-year at which the projection is held to what was counted."""
    return implied.base_year()


def back_test(by: str = "place") -> pd.DataFrame:
    """The 2018-based projection of the latest mid-year estimated against that estimate.

    ``by="place"``: the total of each district and the footprint, as published. Columns: place_code, place, place_type,
    year, projected, estimate, difference, unit, percent. ``by="age"``: also age_group, for every place, and kind:
    "published", or "modelled" where only the district's total was published and its ages are ours.
    """
    if by not in ("place", "age"):
        raise PopulationError(f"by: {by!r} is not a way to show the back-test. Choose place or age.")
    return (_by_place() if by == "place" else _by_age()).copy()


@cache
def _by_place() -> pd.DataFrame:
    asked, year = [*implied.parts().districts, FOOTPRINT], tested_year()
    projected = official(TESTED.basis, asked).query("year == @year").set_index("place_code")["population"]
    frame = codes_frame(asked).assign(year=year, projected=projected.loc[asked].to_numpy())
    return _compared(frame, "all ages")


@cache
def _by_age() -> pd.DataFrame:
    parts, year = [], tested_year()
    for group in BROAD_AGES:
        projected = totals(TESTED, codes(), group).query("year == @year")
        frame = codes_frame(list(codes())).assign(age_group=group, year=year)
        parts.append(_compared(frame.assign(projected=projected["population"].to_numpy()), group))
    frame = pd.concat(parts, ignore_index=True)
    published = frame["place_type"] != "district"
    frame = frame.assign(kind=np.where(published, "published", "modelled"))
    order = {code: n for n, code in enumerate(codes())}
    return frame.sort_values("place_code", key=lambda column: column.map(order), kind="stable", ignore_index=True)


def _compared(frame: pd.DataFrame, age_group: str) -> pd.DataFrame:
    found = estimates(frame["place_code"], age_group)
    found = found[found["year"] == tested_year()].set_index("place_code")
    frame["estimate"] = found["population"].loc[frame["place_code"]].to_numpy()
    frame["difference"] = frame["projected"] - frame["estimate"]
    return frame.assign(unit=UNIT, percent=100 * frame["difference"] / frame["estimate"])


@dataclass(frozen=True)
class Spread:
    """Spread of past error after ``years`` years.

    ``by_age``: standard deviation of the error of a district, as a logarithm, for each of ``BROAD_AGES``; what part of
    its square all places have in common (``common``), and what part all ages of a place (``of_place``).
    """

    years: int
    by_age: tuple[float, ...]
    common: float
    of_place: float


@cache
def spread() -> Spread:
    """The spread the back-test shows: root mean squares about nil, as a projection means to be right."""
    table = back_test("age")
    table = table.assign(error=np.log(table["estimate"] / table["projected"]))
    grid = table.pivot(index="place_code", columns="age_group", values="error")[list(BROAD_AGES)]
    districts, everyone = grid.loc[list(implied.parts().districts)].to_numpy(), grid.loc[FOOTPRINT].to_numpy()
    by_age = np.sqrt((districts**2).mean(axis=0))
    of_place = ((districts - everyone) / by_age).mean(axis=1)
    first = int(totals(TESTED, FOOTPRINT)["year"].iloc[0])
    return Spread(
        tested_year() - first,
        tuple(by_age.tolist()),
        float(((everyone / by_age) ** 2).mean()),
        float((of_place**2).mean()),
    )


@kept(40 * MEGABYTE)
def error_factors(place_code: str, age_group: str, steps: int, draws: int, seed: int) -> np.ndarray:
    """What past error multiplies a place's people of a broad age group by [draw, year], nil in the first year.

    The error grows in proportion to the years ahead. The footprint has only what all places have in common.
    """
    found = spread()
    drawn = np.sqrt(found.common) * chance.normal(chance.ranks(draws, seed, "error", age_group))
    if place_code != FOOTPRINT:
        alone = 1 - found.common - found.of_place
        drawn += np.sqrt(found.of_place) * chance.normal(chance.ranks(draws, seed, "error", place_code))
        drawn += np.sqrt(alone) * chance.normal(chance.ranks(draws, seed, "error", place_code, age_group))
    ahead = np.arange(steps) / found.years
    factors = np.exp(found.by_age[BROAD_AGES.index(age_group)] * drawn[:, None] * ahead)
    read_only(factors)
    return factors


def within(ages: slice) -> list[tuple[str, slice]]:
    """The broad age groups that a group of ages cuts, each with the ages it shares with it."""
    found = []
    for group in BROAD_AGES:
        broad = ages_of(group)
        shared = slice(max(broad.start, ages.start), min(broad.stop, ages.stop))
        if shared.start < shared.stop:
            found.append((group, shared))
    return found
