"""Which area this is: its codes and names, board, trusts, hospitals and map, from ``data/area.toml``.

The file is read when this module is first imported, so a wrong field stops the app at start, in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ics_core import catalogue, register, words
from ics_core.errors import RegisterError

_FILE = "data/area.toml"


@dataclass(frozen=True)
class Body:
    """An organisation that plans or planned care for the area; dates are ISO, empty where there is none."""

    code: str
    name: str
    since: str
    until: str = ""


@dataclass(frozen=True)
class Part:
    """A locality or district. ``now`` is the code of the district it became part of after ``until``."""

    code: str
    name: str
    until: str = ""
    now: str = ""
    now_name: str = ""
    note: str = ""


@dataclass(frozen=True)
class Trust:
    """A trust that serves the area."""

    code: str
    name: str
    kind: Literal["acute", "mental health", "community", "ambulance"]


@dataclass(frozen=True)
class Hospital:
    """An acute hospital of the drive times; ``trust`` is empty for one over the border."""

    id: str
    name: str
    trust: str = ""


@dataclass(frozen=True)
class View:
    """Where a map opens: latitude and longitude in degrees, and Leaflet's zoom level."""

    centre: tuple[float, float]
    zoom: int


@dataclass(frozen=True)
class Area:
    """The area. ``code`` is the footprint's ONS code, ``counties`` those that lie whole in it."""

    code: str
    name: str
    title: str
    board: Body
    map: View
    predecessor: Body | None = None
    successor: Body | None = None
    counties: tuple[str, ...] = ()
    localities: tuple[Part, ...] = ()
    districts: tuple[Part, ...] = ()
    trusts: tuple[Trust, ...] = ()
    hospitals: tuple[Hospital, ...] = ()

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Codes of the trusts of a kind, in the order of the file."""
        return tuple(trust.code for trust in self.trusts if trust.kind == kind)

    @property
    def acute(self) -> tuple[str, ...]:
        """Codes of the acute trusts."""
        return self.of_kind("acute")

    @property
    def inside(self) -> tuple[str, ...]:
        """Ids of the acute hospitals inside the area."""
        return tuple(hospital.id for hospital in self.hospitals if hospital.trust)

    @property
    def over_border(self) -> tuple[str, ...]:
        """Ids of the acute hospitals just beyond it."""
        return tuple(hospital.id for hospital in self.hospitals if not hospital.trust)


def read() -> Area:
    """The area as ``data/area.toml`` has it; ``RegisterError`` with file, record, field, value and what is allowed."""
    area = register.record(Area, catalogue.toml("area"), file=_FILE)
    if not re.fullmatch(r"E54\d{6}", area.code):
        raise RegisterError(f"{_FILE}: code = {area.code!r} should be the code of a system: E54 and six figures.")
    for body in filter(None, (area.predecessor, area.board, area.successor)):
        for name, day in (("since", body.since), ("until", body.until)):
            if day and not _is_day(day):
                raise RegisterError(f"{_FILE}, {body.code}: {name} = {day!r} should be a day such as 2022-07-01.")
    for field in ("localities", "districts", "trusts", "hospitals"):
        codes = [getattr(one, "code", None) or one.id for one in getattr(area, field)]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice:
            raise RegisterError(f"{_FILE}, {twice}: {field} holds it twice. Remove one.")
    for hospital in area.hospitals:
        if hospital.trust and hospital.trust not in area.acute:
            near = words.did_you_mean(hospital.trust, area.acute)
            raise RegisterError(
                f"{_FILE}, {hospital.id}: trust = {hospital.trust!r} is none of the acute trusts.{near}"
            )
    latitude, longitude = area.map.centre
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RegisterError(f"{_FILE}: map.centre = {area.map.centre!r} should be a latitude and a longitude.")
    return area


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


AREA = read()
