"""What levers do to a population: how far one of them alone takes it, and what each of those that are moved did."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from ics_core.population import answers, model, tables
from ics_core.population import draws as ranges
from ics_core.population.implied import FOOTPRINT
from ics_core.scenario import BASES, Scenario, levers


@lru_cache(maxsize=256)
def extremes(place: str = FOOTPRINT, age_group: str = "all ages", basis: str = "ons-2022") -> tuple[float, float]:
    """Least and most residents of any year: published, with no lever moved, and with one lever at a usual end.

    An axis between the two stays put while a lever moves that far (``Lever.usual``).
    """
    band = ranges.bands(Scenario(basis=basis), place, age_group)
    known = [answers.estimates(place, age_group), *(answers.official(one, place, age_group) for one in BASES)]
    found = [band["low"].to_numpy(), band["high"].to_numpy()]
    found += [residents(one, place, age_group) for one in _ends(basis)]
    found += [frame["population"].to_numpy() for frame in known if len(frame)]
    return min(float(one.min()) for one in found), max(float(one.max()) for one in found)


def residents(scenario: Scenario, place: str = FOOTPRINT, age_group: str = "all ages") -> np.ndarray:
    """Residents of each year."""
    result = model.run(scenario)
    return result.people[result.places.index(place)][:, model.ages_of(age_group)].sum((0, 1))


@lru_cache(maxsize=256)
def proportion_extremes(
    place: str = FOOTPRINT, measures: tuple[str, ...] = tables.OLDER, basis: str = "ons-2022"
) -> tuple[float, float]:
    """The same for the measures of ``tables.proportions``."""
    published = tables.proportions(place, Scenario(basis=basis))
    found = [published, *(answers.shares(one, place) for one in _ends(basis))]
    values = [frame.loc[frame["measure"].isin(measures), "value"] for frame in found]
    return min(float(one.min()) for one in values), max(float(one.max()) for one in values)


def _ends(basis: str) -> list[Scenario]:
    """No lever moved, and each lever alone at its usual ends."""
    ends = [(i, levers()[i].check(end)) for i in model.LEVERS for end in levers()[i].usual]
    return [Scenario(basis=basis), *(Scenario(basis=basis).replace(**{i: end}) for i, end in ends)]


def levers_did(
    place: str = FOOTPRINT, age_group: str = "all ages", scenario: Scenario = Scenario(), year: int | None = None
) -> pd.DataFrame:
    """What each lever that is moved does to the residents of ``year`` (the last, if not given).

    The levers are moved one after the other in the order of the register, so the changes sum to the difference from
    no lever moved exactly; another order would share it out a little differently. Columns: lever_id, step, change,
    unit; no row where no lever is moved.
    """
    at = -1 if year is None else model.year_position(model.run(scenario), year)
    now = Scenario(basis=scenario.basis)
    before, rows = float(residents(now, place, age_group)[at]), []
    for lever_id, value in scenario.moved:
        if lever_id in model.LEVERS:
            now = now.replace(**{lever_id: value})
            after = float(residents(now, place, age_group)[at])
            rows.append((lever_id, levers()[lever_id].label, after - before))
            before = after
    return pd.DataFrame(rows, columns=["lever_id", "step", "change"]).assign(unit="residents")
