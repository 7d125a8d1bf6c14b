"""A scenario: which levers are moved, how far, how unsure they are and from which official projection it starts.

A plain value: it can be compared, hashed and used as a cache key.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ics_core import words
from ics_core.errors import ScenarioError
from ics_core.scenario import codec, saved
from ics_core.scenario.codec import BASES
from ics_core.scenario.lever import Lever, lever_of, levers
from ics_core.scenario.saved import Saved

_LONGEST_NAME = 80


@dataclass(frozen=True, init=False, repr=False)
class Scenario:
    """A choice of levers on one official projection. ``Scenario()`` is that projection itself.

    >>> s = Scenario(fertility=-10, migration=500)
    >>> s.fertility, s["migration"], s.mortality
    (-10.0, 500.0, 0.0)

    ``basis`` is one of ``BASES``; ``name`` is plain text, cleaned of control characters and cut at
    80 characters. Raises ``ScenarioError`` naming the lever, the value, the allowed range and the fix.

    ``ranges`` says how unsure a lever is: the low and the high value from which draws are taken,
    ``{"fertility": (-20, 5)}``. A lever without one has its usual range, which moves with the lever; one that
    is set stays where it is, even where it equals the usual one. Where the lever's own value lies outside,
    the draws reach out to it (``range_of``).
    """

    basis: str
    name: str
    moved: tuple[tuple[str, float], ...]  # only levers away from their default, in register order
    ranges: tuple[tuple[str, tuple[float, float]], ...]  # only levers whose range is set, in register order

    def __init__(
        self,
        basis: str = "ons-2022",
        name: str = "",
        *,
        ranges: Mapping[str, tuple[float, float]] | tuple[Any, ...] = (),
        **values: float,
    ) -> None:
        if not isinstance(basis, str) or basis not in BASES:
            raise ScenarioError(
                f"basis: {words.quoted(basis)} is not an official projection in use. Choose {' or '.join(BASES)}."
            )
        if not isinstance(name, str):
            raise ScenarioError(
                f"name: {words.quoted(name)} is not text. Give a name of up to {_LONGEST_NAME} characters, or none."
            )
        checked = {key: lever_of(key).check(value) for key, value in values.items()}
        moved = tuple((i, checked[i]) for i, lever in levers().items() if i in checked and checked[i] != lever.default)
        object.__setattr__(self, "basis", basis)
        object.__setattr__(self, "name", words.plain(name)[:_LONGEST_NAME].rstrip())
        object.__setattr__(self, "moved", moved)
        object.__setattr__(self, "ranges", _ranges(ranges) if ranges != () else ())

    def __getitem__(self, lever_id: str) -> float:
        lever = lever_of(lever_id)
        return dict(self.moved).get(lever.id, lever.default)

    def __getattr__(self, lever_id: str) -> float:
        if lever_id.startswith("_") or lever_id in ("moved", "ranges"):  # copying and pickling look for hooks here
            raise AttributeError(lever_id)
        try:
            return self[lever_id]
        except ScenarioError as problem:
            raise AttributeError(str(problem)) from None

    def __repr__(self) -> str:
        parts = [f"basis={self.basis!r}"] if self.basis != "ons-2022" else []
        parts += [f"name={self.name!r}"] if self.name else []
        parts += [f"{i}={v:g}" for i, v in self.moved]
        ranges = ", ".join(f"{i!r}: ({low:g}, {high:g})" for i, (low, high) in self.ranges)
        return f"Scenario({', '.join(parts + ([f'ranges={{{ranges}}}'] if ranges else []))})"

    @property
    def label(self) -> str:
        """What to call it in legends and sentences: its name without signs that Markdown would act on."""
        plain = " ".join(re.sub(r"[^\w\s.,;'’&%-]|_", " ", self.name).split())
        return plain or ("This scenario" if self.moved or self.ranges else "Official projection")

    def replace(self, **changes: Any) -> Scenario:
        """This scenario with some levers, the basis, the name or all the ranges changed."""
        return Scenario(
            **{"basis": self.basis, "name": self.name, "ranges": self.ranges, **dict(self.moved), **changes}
        )

    def with_range(self, lever_id: str, limits: tuple[float, float] | None) -> Scenario:
        """This scenario with the range of one lever set, or (None) back to its usual one."""
        others = {i: known for i, known in self.ranges if i != lever_of(lever_id).id}
        return self.replace(ranges=others if limits is None else others | {lever_id: limits})

    def range_of(self, lever_id: str) -> tuple[float, float] | None:
        """The range set for a lever, reaching out to its value where that lies outside; None where none is set.

        The value is where draws are most likely, and a wider range leaves it in place.
        """
        limits = dict(self.ranges).get(lever_id)
        if limits is None:
            return None
        value = self[lever_id]
        return min(limits[0], value), max(limits[1], value)

    def values(self) -> dict[str, float]:
        """Every lever's value by id, moved or not."""
        return {i: lever.default for i, lever in levers().items()} | dict(self.moved)

    def changes(self) -> list[str]:
        """What differs from the official projection, in words, one sentence part each."""
        return [levers()[i].change(value) for i, value in self.moved] + [
            _drawn(levers()[i], *(self.range_of(i) or limits)) for i, limits in self.ranges
        ]

    def warnings(self) -> list[str]:
        """One sentence for each lever that lies outside its observed range, or outside the range set for it."""
        unusual = [(levers()[i], value) for i, value in self.moved if levers()[i].is_unusual(value)]
        return [
            f"{lever.label}: {lever.show(value)} is outside the observed range of "
            f"{lever.between(*lever.observed)} ({lever.source})"
            for lever, value in unusual
            if lever.observed
        ] + [
            f"{lever.label}: {lever.show(self[lever.id])} is outside the range set for it, "
            f"{lever.between(*limits)}, so the draws reach out to it"
            for lever, limits in ((levers()[i], limits) for i, limits in self.ranges)
            if self.range_of(lever.id) != limits
        ]

    # ------------------------------------------------------------------------------ links and files

    def to_query(self) -> dict[str, str]:
        """The scenario as URL parameters: only what differs from ``Scenario()``."""
        return codec.to_query(self)

    @classmethod
    def from_query(cls, mapping: Mapping[str, Any], known: Container[str] = ()) -> tuple[Scenario, list[str]]:
        """The scenario in URL parameters, and one note for each part that was ignored.

        A range is written ``fertility_range=-20..5``. Never raises, whatever the parameters hold. ``known``
        names the page's own parameters.
        """
        return codec.from_query(cls, mapping, known)

    def to_parameter(self) -> str:
        """The scenario as one parameter of an address, for one to compare with."""
        return codec.to_parameter(self)

    @classmethod
    def from_parameter(cls, text: str) -> tuple[Scenario, list[str]]:
        """The scenario of ``to_parameter``, and one note for each part that was ignored. Never raises."""
        return codec.from_parameter(cls, text)

    def to_json(self, results: Sequence[Mapping[str, Any]] = ()) -> str:
        """The scenario as a file's text, with schema, model version, data release and ``results`` under them."""
        return codec.to_json(self, results)

    @classmethod
    def from_json(cls, text: str | bytes) -> Scenario:
        """The scenario in a file's text, whatever version wrote it; ``read_file`` tells what else the file holds.

        Raises ``ScenarioError`` for damaged or foreign files, repeated entries, a newer schema or model than this
        one, and levers that are unknown or out of range.
        """
        return saved.read(cls, text).scenario


def read_file(text: str | bytes) -> Saved:
    """A scenario file: its scenario, which schema, model and data made it, its results then, and notes on all that.

    Raises ``ScenarioError`` as ``Scenario.from_json`` does.
    """
    return saved.read(Scenario, text)


def _drawn(lever: Lever, low: float, high: float) -> str:
    if low == high:
        return f"{lever.label} held at {lever.show(low)} in every draw"
    return f"{lever.label} drawn from {lever.between(low, high)}"


def _ranges(ranges: Any) -> tuple[tuple[str, tuple[float, float]], ...]:
    """Ranges by lever, checked and in register order."""
    try:
        given = dict(ranges)
    except (TypeError, ValueError):
        raise ScenarioError(
            f'ranges: {words.quoted(ranges)} is not a range for each lever. Give for example {{"fertility": (-20, 5)}}.'
        ) from None
    checked = {key: lever_of(key).check_range(limits) for key, limits in given.items()}
    return tuple((i, checked[i]) for i in levers() if i in checked)


def range_table(scenario: Scenario, usual: Mapping[str, tuple[str, tuple[float, float]]]) -> pd.DataFrame:
    """From which range each lever is drawn, to be read and set; ``usual``: by lever, why that range and the range.

    Columns: lever_id, low, high (as set by the scenario, else as usual), chosen (whether it was set), usual_low,
    usual_high, usual (why), all in the lever's unit and to its decimals.
    """
    chosen, rows = dict(scenario.ranges), []
    for lever_id, (why, limits) in usual.items():
        low, high = (round(float(limit), levers()[lever_id].decimals) + 0.0 for limit in limits)
        rows.append((lever_id, *chosen.get(lever_id, (low, high)), lever_id in chosen, low, high, why))
    return pd.DataFrame(rows, columns=["lever_id", "low", "high", "chosen", "usual_low", "usual_high", "usual"])
