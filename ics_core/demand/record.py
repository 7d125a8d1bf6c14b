"""What is known about use of services and illness: rates by age, what was published here, effect sizes.

The ground ``demand`` stands on. The measures are records in ``data/demand_measures.toml``, the effect
sizes in ``data/effects.toml``. A financial year bears the number of the mid-year inside it (2025 is April
2025 to March 2026); a register of 31 March 2025 bears 2025, the nearest mid-year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

from ics_core import catalogue, population, register, words
from ics_core.area import AREA
from ics_core.errors import DemandError, RegisterError
from ics_core.kept import read_only
from ics_core.population import FOOTPRINT, SEXES
from ics_core.scenario import levers

BOARD = AREA.board.code  # as the indicator tables know it
TRUSTS = AREA.acute
SERVICE = next(iter(AREA.of_kind("ambulance")), "")
KINDS = MappingProxyType({"service": "Services", "condition": "Conditions"})
TREND_MARGIN = 0.5  # percentage points a year by which the range of a trend is wider than the record
DAYS = 365
AGES = 91


# ---------------------------------------------------------------------------------------- registers


@dataclass(frozen=True)
class Measure:
    """One service or condition, as recorded in ``data/demand_measures.toml``."""

    id: str
    label: str
    noun: str
    kind: Literal["service", "condition"]
    unit: str
    rate: Mapping[str, str]
    rate_words: str
    anchor: str
    anchor_year: int  # not before the people of the projection start
    whose: str
    trend: str
    capacity: str
    caveat: str
    past: str = "none"
    rate_credit: str = ""
    rate_sex: str = ""
    flat_from: int = 0
    corrections: tuple[Mapping[str, Any], ...] = ()
    breaks: tuple[int, ...] = ()
    anchor_key: str = ""
    anchor_list: str = ""
    anchor_days: int = 0
    weight_spend: str = ""
    weight_share: float = 0.0
    told_year: int = 0  # the year of the published level


@dataclass(frozen=True)
class Effect:
    """What a lever at 100% does to a measure, as recorded in ``data/effects.toml``: shares of the measure."""

    lever: str
    measure: str
    at_full: float
    low: float
    high: float
    basis: str
    source: str
    how: str
    age_from: int = 0


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure by id, in the order of the register. Read-only."""
    found = register.records(Measure, catalogue.toml("demand_measures")["measure"], file="data/demand_measures.toml")
    first = population.base_year()
    return MappingProxyType(
        {i: replace(m, anchor_year=max(m.anchor_year, first), told_year=m.anchor_year) for i, m in found.items()}
    )


@cache
def effects() -> tuple[Effect, ...]:
    """Every effect of prevention and other ways of care, in the order of the register."""
    file, found = "data/effects.toml", []
    for values in catalogue.toml("effects")["effect"]:
        name = f"{values.get('lever', '(without lever)')} on {values.get('measure', '(without measure)')}"
        effect = register.record(Effect, values, file=file, name=name)
        for field, value, known in (("lever", effect.lever, levers()), ("measure", effect.measure, measures())):
            if value not in known:
                raise RegisterError(
                    f"{file}, {name}: {field} = {value!r} is unknown.{words.did_you_mean(value, known)}"
                )
        found.append(effect)
    return tuple(found)


def measure(measure_id: str) -> Measure:
    """The measure of that id. Raises ``DemandError`` with the nearest names."""
    if measure_id not in measures():
        raise DemandError(
            f"There is no measure called {measure_id!r}.{words.did_you_mean(measure_id, measures(), most=50)}"
        )
    return measures()[measure_id]


def effect_table() -> pd.DataFrame:
    """The effect sizes as a table: lever, measure, age_from, at_full, low, high (%), basis, source, how."""
    rows = [
        (
            levers()[e.lever].label,
            measure(e.measure).label,
            e.age_from,
            100 * e.at_full,
            100 * e.low,
            100 * e.high,
            e.basis,
            e.source,
            e.how,
        )
        for e in effects()
    ]
    return pd.DataFrame(
        rows, columns=["lever", "measure", "age_from", "at_full", "low", "high", "basis", "source", "how"]
    )


@cache
def order() -> Mapping[str, int]:
    """Where each measure stands in arrays over measures: measure_id -> row. Read only."""
    return MappingProxyType({i: n for n, i in enumerate(measures())})


@cache
def demand_levers() -> tuple[str, ...]:
    """Ids of the levers that act on demand, in the order of the register: trends, prevention, care."""
    return tuple(i for i, lever in levers().items() if lever.group in {"trends", "prevention", "care"})


def levers_of(measure_id: str) -> tuple[str, ...]:
    """Ids of the demand levers that act on this measure."""
    acting = {measure(measure_id).trend} | {e.lever for e in effects() if e.measure == measure_id}
    return tuple(i for i in demand_levers() if i in acting)


# -------------------------------------------------------------------------------------------- rates


def rate_table(measure_id: str) -> pd.DataFrame:
    """Rates by sex and age as the model uses them, before scaling: sex, age_from, age_to, rate.

    Services are contacts a year for each person, conditions a share of people; ``age_to`` of the open
    top band is 90 (90 and over). A correction of the register is applied; bands follow the source.
    """
    m = measure(measure_id)
    if not m.rate["category"]:
        return pd.DataFrame(
            [(sex, m.flat_from, 90, 1.0) for sex in SEXES], columns=["sex", "age_from", "age_to", "rate"]
        )
    table = catalogue.table("demand_rates")
    for column in ("category", "measure", "source", "year"):
        if column in m.rate:
            table = table[table[column] == m.rate[column]]
    per = table["unit"].map({"per_1000_per_year": 1000.0, "proportion": 1.0})
    table = table.assign(rate=table["value"] / per, age_to=table["age_to"].fillna(90))
    if "persons" in set(table["sex"]) and not set(SEXES) & set(table["sex"]):
        table = pd.concat([table.assign(sex=sex) for sex in SEXES])
    elif m.rate_sex:
        table = pd.concat([table[table["sex"] == m.rate_sex].assign(sex=sex) for sex in SEXES])
    table = table[table["sex"].isin(SEXES)].sort_values(["sex", "age_from"])[["sex", "age_from", "age_to", "rate"]]
    for c in m.corrections:
        table.loc[(table["sex"] == c["sex"]) & (table["age_from"] == c["age_from"]), "rate"] = c["value"]
    return table.astype({"age_from": int, "age_to": int}).reset_index(drop=True)


@cache
def rates() -> np.ndarray:
    """Rates for single ages [measure, sex, age]; ages below the first band have none."""
    rates = np.zeros((len(measures()), len(SEXES), AGES))
    for n, measure_id in enumerate(measures()):
        for row in rate_table(measure_id).itertuples():
            rates[n, SEXES.index(row.sex), row.age_from : row.age_to + 1] = row.rate
    read_only(rates)
    return rates


# ------------------------------------------------------------------- what was published for the area


def _financial_year(starts: pd.Series) -> pd.Series:
    starts = pd.to_datetime(starts)
    return starts.dt.year - (starts.dt.month < 4)


def _span(year: int) -> str:
    return f"April {year} to March {year + 1}"


def _financial(year: int) -> str:
    """2025 as the tables write the financial year: 2025-26."""
    return f"{year}-{(year + 1) % 100:02d}"


def observed(indicator: str, *areas: str) -> pd.DataFrame:
    """Published values of an indicator, the board's unless areas are named, with their financial ``year``."""
    table = catalogue.table("observations")
    rows = table[
        (table["indicator_id"] == indicator)
        & table["area_code"].isin(areas or (BOARD,))
        & (table["breakdown"] == "all")
    ]
    return rows.assign(year=_financial_year(rows["period_start"]))


def _complete_years(m: Measure) -> list[tuple[Any, ...]]:
    """Sums of the monthly returns, for financial years with all twelve."""
    months = observed(m.anchor_key).groupby("year")["value"].agg(["sum", "size"])
    full = months.loc[months["size"] == 12, "sum"]
    return [(year, _span(year), value, "published", "sum of twelve monthly returns") for year, value in full.items()]


def _trust_years(m: Measure) -> list[tuple[Any, ...]]:
    """Twelve-month totals of the acute trusts."""
    table = catalogue.table("local_activity")
    rows = table[(table["measure"] == m.anchor_key) & table["org_code"].isin(TRUSTS)]
    totals = rows.groupby("period")["value"].sum()
    return [
        (*_twelve_months(period), value, "published", "sum of twelve monthly returns")
        for period, value in sorted(totals.items())
    ]


def _twelve_months(period: str) -> tuple[int, str]:
    """The year in which twelve months began, and the months in words; "2024-06 to 2025-05 (...)" or "2025-26 (...)"."""
    span = period.partition(" (")[0]
    year = int(span[:4])
    return year, words.when(span) if " to " in span else _span(year)


def _occupied_beds(m: Measure) -> list[tuple[Any, ...]]:
    """Bed days from the average number of beds occupied each month, for years with all twelve."""
    rows = observed(m.anchor_key)
    days = (pd.to_datetime(rows["period_end"]) - pd.to_datetime(rows["period_start"])).dt.days + 1
    years = rows.assign(days=rows["numerator"] * days).groupby("year")["days"].agg(["sum", "size"])
    full = years.loc[years["size"] == 12, "sum"]
    return [
        (year, _span(year), value, "published", "average beds occupied each month times its days")
        for year, value in full.items()
    ]


def _april_scaled(m: Measure) -> list[tuple[Any, ...]]:
    """Full years, and the last April made a year with the seasons of 2019-20."""
    rows = observed(m.anchor_key)
    years = rows.groupby("year")["value"].agg(["sum", "size"])
    full = years[years["size"] == 12]
    found = [(year, _span(year), row["sum"], "published", "sum of twelve months") for year, row in full.iterrows()]
    april = rows[rows["period_start"].str[5:7] == "04"].set_index("year")["value"]
    seasons = full["sum"].iloc[0] / april[full.index[0]]
    last = april.index.max()
    how = f"April {last} times {seasons:.2f}, the ratio of year to April in {full.index[0]}-{(full.index[0] + 1) % 100}"
    return [*found, (last, _span(last), april[last] * seasons, "estimate", how)]


def _winter_scaled(m: Measure) -> list[tuple[Any, ...]]:
    """A winter's handovers at the trusts made a year with the seasons of the whole ambulance service."""
    winter = observed(m.anchor_key, *TRUSTS)
    service = observed(m.anchor_key, SERVICE)
    days = (pd.to_datetime(service["period_end"]) - pd.to_datetime(service["period_start"])).dt.days + 1
    service = service.assign(days=days, month=service["period_start"].str[5:7])
    year = service[service["year"] == m.told_year - 1]
    cold = year[year["month"].isin(["12", "01", "02", "03"])]
    seasons = (year["denominator"].sum() / year["days"].sum()) / (cold["denominator"].sum() / cold["days"].sum())
    value = winter["denominator"].sum() / m.anchor_days * DAYS * seasons
    how = f"{winter['denominator'].sum():,.0f} handovers in {m.anchor_days} winter days, made a year"
    return [(m.told_year, _span(m.told_year), value, "estimate", how)]


def _register(m: Measure) -> list[tuple[Any, ...]]:
    """People on practice registers: the recorded share times the list it is a share of."""
    table = catalogue.table("system_observations")
    shares = table[(table["icb_code"] == FOOTPRINT) & (table["metric_id"] == m.anchor_key)]
    # Two sources overlap in a year; the one aggregated from registers stands before the estimate.
    shares = shares.sort_values("basis").drop_duplicates("year").sort_values("year")
    lists = observed("gp_registered").set_index("period_start")["value"]
    local = catalogue.table("local_activity").set_index(["topic", "measure", "period"])["value"].sort_index()
    of_all = 1.0
    if m.anchor_list:
        sizes = local.loc["qof_list_size"]
        of_all = sizes[f"{m.anchor_list}_denominator", "2020-21"] / sizes["copd_denominator", "2020-21"]
    found = []
    for row in shares.itertuples():
        year = int(row.year[:4]) + 1
        listed = lists.get(f"{year}-03-01")
        if listed is not None:
            status = "estimate" if row.basis.startswith("estimated") else "published"
            how = "recorded share of patients times the number registered on 31 March"
            found.append((year, f"31 March {year}", row.value / 100 * listed * of_all, status, how))
    return found


_ANCHORS: Mapping[str, Callable[[Measure], list[tuple[Any, ...]]]] = MappingProxyType(
    {
        "complete_years": _complete_years,
        "trust_years": _trust_years,
        "occupied_beds": _occupied_beds,
        "april_scaled": _april_scaled,
        "winter_scaled": _winter_scaled,
        "register": _register,
        "none": lambda m: [],
    }
)


@cache
def _history(measure_id: str) -> pd.DataFrame:
    m = measure(measure_id)
    frame = pd.DataFrame(_ANCHORS[m.anchor](m), columns=["year", "period", "value", "status", "how"])
    return frame.astype({"year": "int64", "value": "float64"})


def history(measure_id: str) -> pd.DataFrame:
    """What was published for the area: year, period, value, status, how. Empty where nothing was found.

    ``status`` is "published" or "estimate" (a year made from some months of it). The last row is the
    level the model starts from.
    """
    return _history(measure_id).copy(deep=False)


# ------------------------------------------------------------------------------- the recent past


@dataclass(frozen=True)
class Past:
    """How use per person, or the recorded share of people, has changed here, % a year.

    ``crude`` is what the record shows, ageing included; ``per_year`` is left at the same ages, once what ageing alone
    would have done (``ageing``) is taken out, as the model adds ageing itself.
    """

    crude: float
    first: str
    last: str
    what: str
    ageing: float

    @property
    def per_year(self) -> float:
        """Change of use at the same ages, % a year: what is left of the crude change once ageing is taken out."""
        return 100 * ((1 + self.crude / 100) / (1 + self.ageing / 100) - 1)


@cache
def _residents() -> pd.Series:
    """Residents by year of the area's counties and of the districts parts of it went to.

    To take population growth out of local series: an index, not a count.
    """
    around = [*AREA.counties, *(part.now for part in AREA.districts if part.now)]
    table = catalogue.table("population_totals")
    rows = table[(table["sex"] == "persons") & table["area_code"].isin(around)]
    known = rows.groupby("year")["population"].sum()
    official = population.run()
    total = official.people[official.places.index(FOOTPRINT)].sum(axis=(0, 1))
    later = pd.Series(total / total[0] * known.loc[official.years[0]], index=official.years)
    return pd.concat([known, later.loc[known.index.max() + 1 :]])


@cache
def aged() -> tuple[int, int]:
    """The earliest and the latest estimate of the footprint by sex and age that were not made for a projection."""
    table = catalogue.table("base_population")
    years = table.loc[~table["status"].str.contains("bands published"), "year"]
    return int(years.min()), int(years.max())


def people_in(year: int) -> np.ndarray:
    """Residents of the footprint as estimated for a mid-year [sex, age]."""
    table = catalogue.table("base_population")
    rows = table[(table["area_code"] == FOOTPRINT) & (table["year"] == year)]
    return rows.pivot(index="sex", columns="age", values="population").loc[list(SEXES)].to_numpy()


@cache
def ageing(measure_id: str) -> float:
    """How much use per person would have changed by ageing alone, % a year: today's rates, people of two years."""
    first, last = aged()
    used = [(rates()[order()[measure_id]] * people_in(year)).sum() / people_in(year).sum() for year in (first, last)]
    return 100 * ((used[1] / used[0]) ** (1 / (last - first)) - 1)


def _per_resident(first: float, first_year: int, last: float, last_year: int) -> float:
    people = _residents()
    return 100 * ((last / first / (people[last_year] / people[first_year])) ** (1 / (last_year - first_year)) - 1)


def major_departments() -> pd.Series:
    """Attendances at major A&E departments by financial year, counted alike throughout; complete years."""
    years = observed("ae_4hr_type1").groupby("year")["denominator"].agg(["sum", "size"])
    return years.loc[years["size"] == 12, "sum"]


def recorded_shares(measure_id: str) -> pd.Series:
    """Share of patients on practice registers, %, by financial year ("2023-24")."""
    table = catalogue.table("system_observations")
    rows = table[(table["icb_code"] == FOOTPRINT) & (table["metric_id"] == measure(measure_id).anchor_key)]
    # Two sources overlap in a year; the one aggregated from registers stands before the estimate.
    rows = rows.sort_values("basis").drop_duplicates("year").sort_values("year")
    return rows.set_index("year")["value"]


def _past_major_departments(m: Measure) -> Past:
    years = major_departments()
    first, last = 2016, int(years.index.max())
    change = _per_resident(years[first], first, years[last], last)
    what = "attendances at major A&E departments for each resident"
    return Past(change, _financial(first), _financial(last), what, ageing(m.id))


def _past_april(m: Measure) -> Past:
    rows = observed("gp_appts").set_index("period_start")["value"]
    change = _per_resident(rows["2019-04-01"], 2019, rows["2025-04-01"], 2025)
    return Past(change, "April 2019", "April 2025", "GP appointments for each resident", ageing(m.id))


def _past_through_ae(m: Measure) -> Past:
    table = catalogue.table("local_activity")
    first, last = 2016, 2025
    then = table[(table["measure"] == "ae_admissions") & table["period"].str.startswith(_financial(first))]
    now = observed("ae_12hr_dta_pct").groupby("year")["denominator"].sum()
    return Past(
        _per_resident(then["value"].sum(), first, now[last], last),
        _financial(first),
        _financial(last),
        "emergency admissions through A&E for each resident",
        ageing(m.id),
    )


def _past_recorded(m: Measure) -> Past | None:
    shares = recorded_shares(m.id)
    if not {"2015-16", "2024-25"} <= set(shares.index):
        return None
    change = 100 * ((shares["2024-25"] / shares["2015-16"]) ** (1 / 9) - 1)
    what = f"the share of patients recorded with {words.small(m.label)}"
    return Past(change, "2015-16", "2024-25", what, ageing(m.id))


@cache
def past(measure_id: str) -> Past | None:
    """How the rate has changed locally, or None where no series long enough was found."""
    m = measure(measure_id)
    if m.past == "recorded":
        return _past_recorded(m)
    found = {"major_departments": _past_major_departments, "april": _past_april, "through_ae": _past_through_ae}
    return found[m.past](m) if m.past in found else None


@cache
def trend_range(measure_id: str) -> tuple[float, float]:
    """The range of the trend used for draws, % a year.

    From none to the recent past at the same ages, a margin wider at both ends.
    """
    recent = past(measure_id)
    change = recent.per_year if recent else 0.0
    return min(0.0, change) - TREND_MARGIN, max(0.0, change) + TREND_MARGIN
