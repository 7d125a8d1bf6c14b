"""Which systems are most alike: distances between the 42, our calculation, and what sets the nearest apart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.errors import SystemsError
from ics_core.systems.measures import OWN, by_code, metrics, names, ranked, sayings, system_row, worded
from ics_core.systems.reshaping import since_2026


def characteristics() -> pd.DataFrame:
    """What systems are compared by, as NHS England publishes it: ``characteristic, label, purpose, measures``."""
    frame = pd.DataFrame(sayings()["characteristics"]).rename(columns={"id": "characteristic"})
    return frame.assign(measures=frame["metrics"].map(len)).drop(columns="metrics")


def default_weights() -> dict[str, float]:
    """Every characteristic's weight when none is given: 1."""
    return {c["id"]: 1.0 for c in sayings()["characteristics"]}


def _weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    full = default_weights()
    for key, value in (weights or {}).items():
        if key not in full:
            near = words.near(key, full, cutoff=0.3) or list(full)
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
    wanted = [m for c in sayings()["characteristics"] for m in c["metrics"]]
    return ranked()["value"].unstack()[wanted]


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
    system_row(icb_code)
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
    found = sayings()["characteristics"]
    return np.array([[float(c is own) for c in found] for own in found for _ in own["metrics"]])


def nearest(icb_code: str = OWN, n: int = 5, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """The ``n`` systems most like one, nearest first: ``rank, icb_code, name, distance, differs_most_in, since_2026``.

    Our calculation, after the published description of the peers in NHS England's Model Health
    System: deprivation, population, ages 18 to 39, 65 to 84 and 85 and over, rural share and ethnic
    group; each capped at five standard deviations above the mean, square root, standardised;
    Euclidean distance. NHS England's own weights and list of peers were not found; here each weight
    is 1 unless ``weights`` (by id of ``characteristics()``, 0 or more) says otherwise. Ties go by code.

    >>> nearest("E54000022", n=2)["name"].tolist()
    ['Devon', 'Lincolnshire']
    """
    others = len(by_code()) - 1
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or not 1 <= n <= others:
        raise SystemsError(f"n is {n!r}; ask for 1 to {others} nearest systems.")
    frame = distances(icb_code, weights).drop(index=icb_code).rename_axis("icb_code").reset_index()
    # Rounding before sorting keeps the order the same whatever the order of addition.
    frame["distance"] = frame["distance"].round(9)
    frame = frame.sort_values(["distance", "icb_code"]).head(n).reset_index(drop=True)
    labels = {c["id"]: c["label"] for c in sayings()["characteristics"]}
    frame["rank"] = frame.index + 1
    frame["name"] = frame["icb_code"].map(names())
    frame["differs_most_in"] = frame[list(labels)].idxmax(axis=1).map(labels)
    frame["since_2026"] = frame["icb_code"].map(since_2026)
    return frame[["rank", "icb_code", "name", "distance", "differs_most_in", "since_2026"]]


def alike(icb_code: str = OWN, n: int = 5, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """The characteristics of all 42 systems, with the chosen one and its nearest marked.

    Tidy, one row a measure and system: ``characteristic, label, weight, metric_id, measure, unit, period, icb_code,
    name, value, says, score, role``. ``score`` is the standardised value the distance uses, in standard deviations
    from the average of the systems; role is "chosen", "nearest" or "other".
    """
    near = set(nearest(icb_code, n, weights)["icb_code"])
    full = _weights(weights)
    rows = [
        {"characteristic": c["id"], "label": c["label"], "weight": full[c["id"]], "metric_id": metric_id}
        for c in sayings()["characteristics"]
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


def nearest_on_map(icb_code: str = OWN, n: int = 5, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """The 42 systems marked for a map: ``icb_code, name, region, class, says``.

    ``class`` is 2 for the chosen one, 1 for its nearest, 0 for the others.
    """
    near = nearest(icb_code, n, weights).set_index("icb_code")["rank"]
    frame = catalogue.table("systems")[["icb_code", "name", "nhs_region"]].rename(columns={"nhs_region": "region"})
    frame = frame.sort_values("name").reset_index(drop=True)
    frame["class"] = np.where(frame["icb_code"] == icb_code, 2, frame["icb_code"].isin(near.index).astype(int))
    place = {2: "chosen", 0: "not among the nearest"}
    frame["says"] = [
        place.get(kind) or f"{words.ordinal(near[code])} nearest"
        for code, kind in zip(frame["icb_code"], frame["class"], strict=True)
    ]
    return frame


def in_common(icb_code: str = OWN, n: int = 5, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """What sets a system and its nearest apart from the other systems, clearest first.

    Columns ``measure, group, others, unit, gap, side``. ``group`` and ``others`` are the medians of the
    chosen system with its nearest, and of the rest; ``gap`` is the difference of the two means in
    standard deviations; ``side`` is "high" or "low".
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
