"""What levers do to demand: how far one of them alone takes it, and what each of those that are moved did."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from ics_core import population
from ics_core.demand import draws, model, record
from ics_core.population import FOOTPRINT
from ics_core.scenario import Scenario, levers


def acting(measure_id: str) -> tuple[str, ...]:
    """The levers that act on a measure, those on people first."""
    return (*population.LEVERS, *record.levers_of(measure_id))


@lru_cache(maxsize=256)
def extremes(measure_id: str, place_code: str = FOOTPRINT, basis: str = "ons-2022") -> tuple[float, float]:
    """Least and most of any year: in the record, with no lever moved, and with one lever at a usual end.

    An axis between the two stays put while a lever moves that far (``Lever.usual``).
    """
    band = draws.bands(measure_id, Scenario(basis=basis), place_code)
    band = band[band["year"] >= record.measure(measure_id).anchor_year]
    found = [band["low"].to_numpy(), band["high"].to_numpy()]
    for lever in (levers()[i] for i in acting(measure_id)):
        for end in lever.usual:
            one = Scenario(basis=basis).replace(**{lever.id: lever.check(end)})
            found.append(model.values_of(measure_id, one, place_code)[0][-len(band) :])
    if place_code == FOOTPRINT and len(history := record.history(measure_id)):
        found.append(history["value"].to_numpy())
    return min(float(np.nanmin(one)) for one in found), max(float(np.nanmax(one)) for one in found)


def levers_did(measure_id: str, place_code: str = FOOTPRINT, scenario: Scenario = Scenario()) -> pd.DataFrame:
    """What each lever that is moved does to demand in the last year.

    The levers are moved one after the other in the order of the register, so the changes sum to the difference from
    no lever moved exactly; another order would share it out a little differently. Columns: lever_id, step, change,
    unit; no row where no lever that acts on the measure is moved.
    """
    now, rows = Scenario(basis=scenario.basis), []
    before = float(model.values_of(measure_id, now, place_code)[0][-1])
    for lever_id, value in scenario.moved:
        if lever_id in acting(measure_id):
            now = now.replace(**{lever_id: value})
            after = float(model.values_of(measure_id, now, place_code)[0][-1])
            rows.append((lever_id, levers()[lever_id].label, after - before))
            before = after
    frame = pd.DataFrame(rows, columns=["lever_id", "step", "change"])
    return frame.assign(unit=record.measure(measure_id).unit)
