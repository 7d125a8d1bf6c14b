"""From source to table: derived figures whose inputs are kept are made anew and compared with what is held.

``differences`` of a ``Maker`` are the cells that would change; ``rebuild`` writes them, all or nothing. What cannot be
made here, for want of an input, is in ``NOT_MADE`` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import LandingError
from ics_core.importers import transaction
from ics_core.importers.observed import FOOTPRINT, TRUSTS, TRUSTS_SUMMED
from ics_core.importers.store import Store, said

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Tables = Callable[[str], pd.DataFrame]
MEDIAN = "ICB_MEDIAN"
_WAVENEY, _EAST_SUFFOLK, _NORFOLK = "E07000206", "E07000244", "E10000020"

NOT_MADE: Mapping[str, str] = {
    "calibration_ratios": "England's population by single year of age behind the five-year rates is not kept",
    "base_population (localities and Waveney)": "ONS small-area estimates by single year of age are not kept",
    "migration_age_profile, variant_ranges": "the workbooks of the national projection are not kept",
    "lsoas, lsoas outlines, lsoa_links": "ONS boundaries, lookups and Census tables of England are not kept",
    "drive_times": "the model of travel times is another project's",
    "systems outlines, system_deprivation": "small areas of England are not kept",
    "observations (LA_MEDIAN, DISTRICT_MEDIAN)": "the values of all authorities of England are not kept",
}


@dataclass(frozen=True)
class Maker:
    """How one kind of derived figure is made: rows of ``table`` by ``key``, and the columns it fills."""

    id: str
    table: str
    what: str
    inputs: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    make: Callable[[Tables], pd.DataFrame] = field(repr=False)
    tolerance: float = 1e-9

    def differences(self, tables: Tables = catalogue.table) -> pd.DataFrame:
        """Cells that are made otherwise than held: the key, column, held, made. A row that is not held is no cell."""
        made, held = self.make(tables), tables(self.table)
        both = made.merge(held[[*self.key, *self.columns]], on=list(self.key), suffixes=("", "_held"))
        if len(both) != len(made):
            raise LandingError(f"{self.id}: {len(made) - len(both)} rows that can be made are not in {self.table}.")
        found = []
        for column in self.columns:
            one, other = both[column], both[f"{column}_held"]
            if pd.api.types.is_numeric_dtype(one):
                differs = ((one - other).abs() > self.tolerance) | (one.isna() != other.isna())
            else:
                differs = one.fillna("") != other.fillna("")
            cells = both.loc[differs, [*self.key]].assign(column=column, held=other[differs], made=one[differs])
            found.append(cells.astype({"held": object, "made": object}))
        return pd.concat(found, ignore_index=True)


def _networks(tables: Tables) -> pd.DataFrame:
    """Networks from their practices: sizes, the list-weighted mean of their points, ages, deprivation."""
    practices, networks = tables("practices"), tables("pcns")
    ages = tables("registered_age").query("level == 'practice' and band_type == 'age'")
    patients = ages.pivot_table(index="code", columns="band", values="patients", aggfunc="sum")
    rows = []
    for pcn_set, member, size in (
        ("current_20", "pcn_code", "list_size"),
        ("original_17", "pcn17_code", "list_size_2022"),
    ):
        for code in networks.loc[networks["pcn_set"] == pcn_set, "pcn_code"]:
            ours = practices[practices[member] == code]
            weight, now = ours[size].fillna(0), ours["list_size"].fillna(0)
            by_age = patients.reindex(ours["practice_code"]).sum()
            rows.append(
                {
                    "pcn_set": pcn_set,
                    "pcn_code": code,
                    "n_practices": int((weight > 0).sum()),
                    "list_size": weight.sum(),
                    "list_date": ours[size.replace("size", "date")].max(),
                    "list_size_2022": ours["list_size_2022"].sum(),
                    "list_size_2026": now.sum(),
                    "lat": round((ours["lat"] * weight).sum() / weight.sum(), 5),
                    "lon": round((ours["lon"] * weight).sum() / weight.sum(), 5),
                    "largest_practice": ours.loc[weight.idxmax(), "name"],
                    "districts": _by_size(ours["district"], weight),
                    "former_ccg": _by_size(ours["former_ccg"], weight),
                    "pct_0_14": round(100 * by_age["0-14"] / by_age.sum(), 2),
                    "pct_65_plus": round(100 * by_age[["65-74", "75-79", "80+"]].sum() / by_age.sum(), 2),
                    "pct_80_plus": round(100 * by_age["80+"] / by_age.sum(), 2),
                    "imd_2025_score": round(np.average(ours["imd_2025_score"].fillna(0), weights=now), 2),
                }
            )
    return pd.DataFrame(rows)


def _by_size(names: pd.Series, weight: pd.Series) -> str:
    return "; ".join(weight.groupby(names).sum().sort_values(ascending=False, kind="stable").index)


def _registered_ages(tables: Tables) -> pd.DataFrame:
    """Age bands and sexes of the system, networks and former commissioning groups: sums over their practices."""
    practices, ages = tables("practices"), tables("registered_age")
    mine = ages[ages["level"] == "practice"].merge(practices, left_on="code", right_on="practice_code")
    members = {"pcn": "pcn_code", "pcn17": "pcn17_code", "former_ccg": "former_ccg_code"}
    made = []
    for level in ages.loc[ages["level"] != "practice", "level"].unique():
        code = mine[members[level]] if level in members else ages.loc[ages["level"] == level, "code"].iloc[0]
        made.append(mine.assign(level=level, code=code))
    sums = pd.concat(made).groupby(["level", "code", "band_type", "band"], as_index=False)["patients"].sum()
    whole = sums.groupby(["level", "code", "band_type"])["patients"].transform("sum")
    return sums.assign(pct=(100 * sums["patients"] / whole).round(3))


def _footprint_sums(tables: Tables) -> pd.DataFrame:
    """Figures of the three acute trusts added up: counts, and shares from their numerators and denominators."""
    held = tables("observations")
    place = ["indicator_id", "period_start", "period_end", "breakdown"]
    wanted = held[(held["area_code"] == FOOTPRINT) & held["note"].fillna("").str.startswith(TRUSTS_SUMMED)]
    parts = held[held["area_code"].isin(TRUSTS)].merge(wanted[place], on=place)
    sums = parts.groupby(place).agg(
        trusts=("area_code", "nunique"), counts=("value", "sum"), numerator=("numerator", lambda v: v.sum(min_count=3)),
        denominator=("denominator", lambda v: v.sum(min_count=3)),
    ).query("trusts == 3").reset_index()  # fmt: skip
    units = tables("indicators").set_index("indicator_id")["unit"]
    share = 100 * sums["numerator"] / sums["denominator"]
    sums["value"] = np.where(sums["indicator_id"].map(units) == "%", share.round(4), sums["counts"])
    sums = sums[sums["indicator_id"].map(units).isin(["%", "count"])].dropna(subset="value")
    return sums.assign(area_code=FOOTPRINT)[[*_OBSERVATION, "value"]]


_MEDIANS = {
    "gp_fte_100k": "gp_fte", "gpnurse_fte_100k": "gpn_fte", "gpdpc_fte_100k": "dpc_fte", "qof_af": "qof_af",
    "qof_dementia": "qof_dementia", "qof_diabetes": "qof_diabetes", "qof_hypertension": "qof_hypertension",
    "qof_palliative": "qof_palliative", "qof_stroke": "qof_stroke", "smoking_gpps": "smoke_gpps",
    "gp_wait_4wk": "gp_wait_over4w",
}  # fmt: skip
_OBSERVATION = ("indicator_id", "area_code", "period_start", "period_end", "breakdown")


def _medians(tables: Tables) -> pd.DataFrame:
    """The middle of the 42 systems, for indicators that have no figure for England."""
    systems, held = tables("system_observations"), tables("observations")
    systems = systems[systems["icb_code"].str.startswith("E54") & systems["metric_id"].isin(_MEDIANS.values())]
    every = systems.groupby(["metric_id", "year"])["value"].agg(["median", "size"]).query("size == 42")["median"]
    wanted = held[(held["area_code"] == MEDIAN) & held["indicator_id"].isin(_MEDIANS)]
    year = wanted["period_label"].str.extract(r"(\d{4}(?:/\d\d)?)$")[0].str.replace("/", "-")
    at = pd.MultiIndex.from_arrays([wanted["indicator_id"].map(_MEDIANS), year])
    return wanted[[*_OBSERVATION]].assign(value=every.reindex(at).to_numpy()).dropna()


def _waveney(tables: Tables) -> pd.DataFrame:
    """Waveney as its share of East Suffolk, by five-year age, when both were counted; the others as sums."""
    projection, base = tables("projections_2022"), tables("base_population")
    single = projection.query("age_group not in ('All ages', '0-64')")
    parent = tables("east_suffolk_ages")
    here = base.query("area_code == @_WAVENEY and year == @parent.year.iat[0]").groupby("age")["population"].sum()
    there = parent.set_index("age")["population"]
    band = here.index.to_series().floordiv(5).mul(5).clip(upper=90)
    share = here.groupby(band).sum() / there.groupby(band).sum()
    whole = here.loc[:64].sum() / there.loc[:64].sum()
    east = single[single["area_code"] == _EAST_SUFFOLK].copy()
    east["population"] *= east["age_from"].floordiv(5).mul(5).clip(upper=90).map(share)
    young = east["age_from"] < 65
    published = projection.query("area_code == @_EAST_SUFFOLK and age_group == '0-64'").set_index("year")["population"]
    factor = published * whole / east[young].groupby("year")["population"].sum()
    east.loc[young, "population"] *= east.loc[young, "year"].map(factor)
    norfolk = single[single["area_code"].isin([p.code for p in AREA.districts if p.code != _WAVENEY])]
    norfolk = norfolk.groupby(["year", "age_group"], as_index=False)["population"].sum()
    waveney = east[["year", "age_group", "population"]]
    both = pd.concat([norfolk, waveney]).groupby(["year", "age_group"], as_index=False)["population"].sum()
    made = [waveney.assign(area_code=_WAVENEY), norfolk.assign(area_code=_NORFOLK), both.assign(area_code=AREA.code)]
    return pd.concat(made).round({"population": 3})


def _footprint_ages(tables: Tables) -> pd.DataFrame:
    """Residents of the footprint by sex and age: the sum of its localities."""
    base = tables("base_population")
    parts = base[base["area_type"].str.startswith("locality")]
    sums = parts.groupby(["sex", "age", "year"], as_index=False)["population"].sum()
    return sums.assign(area_code=AREA.code)


MAKERS: tuple[Maker, ...] = (
    Maker(
        "networks", "pcns", "sizes, points, largest practice, ages and deprivation of the networks",
        ("practices", "registered_age"), ("pcn_set", "pcn_code"),
        ("n_practices", "list_size", "list_date", "list_size_2022", "list_size_2026", "lat", "lon", "largest_practice",
         "districts", "former_ccg", "pct_0_14", "pct_65_plus", "pct_80_plus", "imd_2025_score"), _networks,
    ),
    Maker(
        "registered ages", "registered_age", "ages and sexes of registered people above the practice",
        ("practices", "registered_age"), ("level", "code", "band_type", "band"), ("patients", "pct"), _registered_ages,
    ),
    Maker(
        "footprint sums", "observations", "figures of the three acute trusts added up", ("observations",),
        _OBSERVATION, ("value",), _footprint_sums, tolerance=0.001,
    ),
    Maker(
        "medians", "observations", "the middle of the 42 systems", ("system_observations",), _OBSERVATION, ("value",),
        _medians, tolerance=0.0001,
    ),
    Maker(
        "Waveney's share", "projections_2022", "Waveney, Norfolk and the footprint in the 2022-based projection",
        ("projections_2022", "base_population", "east_suffolk_ages"), ("area_code", "year", "age_group"),
        ("population",), _waveney, tolerance=0.0015,
    ),
    Maker(
        "footprint ages", "base_population", "residents of the footprint by sex and age", ("base_population",),
        ("area_code", "sex", "age", "year"), ("population",), _footprint_ages, tolerance=0.05,
    ),
)  # fmt: skip

OUTLINES: Mapping[str, str] = {"msoas": "msoa_code", "districts": "lad_code", "localities": "locality_code"}


def outline(layer: str) -> GeoDataFrame:
    """A layer of outlines made anew by joining the small areas of each of its areas: ``code`` and geometry."""
    parent = catalogue.table("lsoas").set_index("lsoa_code")[OUTLINES[layer]]
    small = catalogue.geometry("lsoas")
    return small.assign(code=small["code"].map(parent))[["code", "geometry"]].dissolve("code", as_index=False)


def rebuild() -> list[str]:
    """Makes everything anew and writes the cells that differ, all or nothing; says what was found, a line each."""
    found = {maker: maker.differences() for maker in MAKERS}
    told = [
        f"{maker.table}: {maker.what}, from {words.listed(maker.inputs)}: "
        f"{words.plural(len(cells), 'cell') + ' made anew' if len(cells) else 'as held'}"
        for maker, cells in found.items()
    ]
    if any(len(cells) for cells in found.values()):
        with transaction.changing(catalogue.DATA) as (copy, _):
            for maker, cells in found.items():
                put(Store(copy), maker, cells)
    return told + [f"{table}: cannot be made here: {reason}" for table, reason in NOT_MADE.items()]


def put(store: Store, maker: Maker, cells: pd.DataFrame) -> None:
    """Writes cells that differ into the table of a folder; the rest of it stays as it stands."""
    if cells.empty:
        return
    if store.path(maker.table).suffix == ".parquet":
        frame = store.table(maker.table)
        at = frame[[*maker.key]].reset_index().merge(cells, on=list(maker.key))
        for column, mine in at.groupby("column"):
            frame.loc[mine["index"], column] = mine["made"].astype(frame[column].dtype).to_numpy()
        frame.to_parquet(store.path(maker.table), index=False)
        return
    rows = store.rows(maker.table)
    made = {_named([row[k] for k in maker.key], row["column"]): row["made"] for row in cells.to_dict("records")}
    for row in rows:
        for column in maker.columns:
            value = made.get(_named([row[k] for k in maker.key], column))
            if value is not None:
                row[column] = said(float(value) if isinstance(value, np.number) else value)
    store.write(maker.table, rows, list(rows[0]))


def _named(key: Sequence[object], column: str) -> tuple[str, ...]:
    return (*map(str, key), column)
