"""What a search can find: places and what became of them, care, pages, ambitions, measures, systems.

A table that is missing leaves out what is in it: a search stands on every page and has to work with what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ics_core import ambitions, catalogue, geography, register, systems, words
from ics_core.area import AREA
from ics_core.errors import CatalogueError
from ics_core.geography import gazetteer
from ics_core.geography.ground import lsoa_table

# In the order in which equal finds are given: the whole before its parts, places before figures.
KINDS = (
    "town or village",
    "district",
    "area",
    "locality",
    "hospital",
    "GP practice",
    "primary care network",
    "neighbourhood",
    "page",
    "ambition",
    "service or condition",
    "measure of places",
    "indicator",
    "system",
    "measure of systems",
    "postcode",
    "small area",
    "former place",
)
PLACES = frozenset({"town or village", "district", "area", "locality", "neighbourhood", "small area", "former place"})
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Hit:
    """Something found: what it is, and the page (path of the address, "" for Home) with the query that opens it."""

    kind: str
    code: str
    name: str
    detail: str
    path: str
    query: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True)
class Entry:
    """A hit and everything it is called."""

    hit: Hit
    names: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A page as ``data/search.toml`` has it."""

    path: str
    title: str
    words: tuple[str, ...] = ()


def entries() -> list[Entry]:
    """Everything there is to find."""
    found: list[Entry] = []
    for kind in (_areas, _villages, _practices, _networks, _former, _hospitals, _postcodes, _figures, _systems, _pages):
        try:
            found.extend(kind())
        except CatalogueError:
            continue
    return found


def _place(kind: str, code: str, name: str, detail: str, *also: str, opened: str = "") -> Entry:
    hit = Hit(kind, code, name, detail, "places", MappingProxyType({"place": opened or code}))
    return Entry(hit, (name, code, *also))


def _areas() -> Iterator[Entry]:
    lsoas = lsoa_table()
    bodies = [body.name for body in (AREA.predecessor, AREA.board, AREA.successor) if body]
    yield _place("area", AREA.code, AREA.name, "the whole footprint", AREA.board.code, *bodies)
    counties = lsoas.groupby(["county_code", "county"])["lad_name"].unique()
    for (code, county), districts in counties.items():
        here = [part for part in AREA.districts if part.name in districts]
        if code in AREA.counties:
            detail = f"county, all of it in {AREA.name}: {words.listed([part.name for part in here])}"
            yield _place("area", code, county, detail, opened=AREA.code)
        else:
            detail = f"county; the part in {AREA.name} is {words.listed([part.name for part in here])}"
            yield _place("area", code, county, detail, opened=here[0].code)
    for part in AREA.districts:
        detail = f"district to {words.month(part.until)}, now in {part.now_name}" if part.until else "district"
        yield _place("district", part.code, part.name, detail, f"{part.name} district")
        if part.now:
            note = f"district; its part in {AREA.name} is the former district of {part.name}"
            yield _place("district", part.now, part.now_name, note, opened=part.code)
    for part in AREA.localities:
        known = (f"{part.name} locality", f"NHS {part.name} CCG")
        yield _place("locality", part.code, part.name, "locality, the former clinical commissioning group", *known)
    for one in lsoas.drop_duplicates("msoa_code").itertuples():
        parted = one.local_name.replace(" & ", ", ").split(", ")
        detail = f"neighbourhood {one.msoa_name} in {one.lad_name}"
        yield _place("neighbourhood", one.msoa_code, one.local_name, detail, one.msoa_name, *parted)
    for one in lsoas.itertuples():
        yield _place("small area", one.lsoa_code, one.name, f"small area of {one.local_name}", one.local_name)


def _villages() -> Iterator[Entry]:
    frame = gazetteer.villages()
    twice = frame["name"].duplicated(keep=False)
    for one, shared in zip(frame.itertuples(), twice):
        code = f"{one.name}, {one.outward}" if shared else one.name
        also = [one.also] if isinstance(one.also, str) else []
        named = gazetteer.plain(one.name) in gazetteer.plain(one.around)
        detail = one.outward if named else f"{one.outward}, in or near {one.around}"
        yield _place("town or village", code, one.name, detail, *also, opened=one.place_code)


def _practices() -> Iterator[Entry]:
    for one in catalogue.table("practices").query("status == 'active'").itertuples():
        detail = f"GP practice, {one.postcode}, {one.list_size:,.0f} patients in {geography.dated('lists')}"
        yield _place("GP practice", one.practice_code, one.name, detail, one.postcode)


def _networks() -> Iterator[Entry]:
    current = next(iter(geography.PCN_SETS))
    table = catalogue.table("pcns")
    for one in table[table["pcn_set"] == current].itertuples():
        detail = f"primary care network of {words.plural(one.n_practices, 'practice')}"
        yield _place("primary care network", one.pcn_code, one.pcn_name, detail, "primary care network " + one.pcn_name)


def _former() -> Iterator[Entry]:
    for one in gazetteer.former().itertuples():
        yield _place("former place", one.code, one.name, f"{one.kind}, {one.became}", opened=one.place_code)


def _hospitals() -> Iterator[Entry]:
    for one in geography.hospitals().itertuples():
        acute = one.site_type == "acute"
        detail = f"hospital with a major A&E, {one.town}" if acute else f"hospital site, {one.town}"
        path, query = ("travel", {}) if acute else ("places", {"over": "hospitals"})
        hit = Hit("hospital", one.code, one.name, detail, path, MappingProxyType(query))
        yield Entry(hit, (one.name, one.code, f"{one.town} hospital", one.postcode))


def _postcodes() -> Iterator[Entry]:
    lsoas = lsoa_table()
    for one in catalogue.table("postcodes").itertuples():
        opened = one.lsoa_code if one.level == "sector" else lsoas.at[one.lsoa_code, "msoa_code"]
        detail = (
            f"postcode {one.level}, {words.plural(one.postcodes, 'postcode')} here; most in "
            + (lsoas.at[one.lsoa_code, "local_name"])
        )
        yield _place("postcode", one.code, one.code, detail, opened=opened)


def _figures() -> Iterator[Entry]:
    def entry(kind: str, code: str, name: str, detail: str, path: str, key: str, *also: str) -> Entry:
        return Entry(Hit(kind, code, name, detail, path, MappingProxyType({key: code})), (name, *also))

    for measure in geography.MEASURES.values():
        yield entry("measure of places", measure.id, measure.label, measure.period, "places", "measure")
    for one in catalogue.toml("demand_measures")["measure"]:
        detail = f"{one['kind']}, projected; {one['unit']}"
        yield entry("service or condition", one["id"], one["label"], detail, "demand", "service", one["noun"])
    for one in catalogue.table("indicators").itertuples():
        yield entry("indicator", one.indicator_id, one.name, one.unit, "indicators", "indicator")
    for one in systems.metrics().itertuples():
        yield entry(
            "measure of systems", one.metric_id, one.label, f"the 42 systems: {one.metric}", "systems", "metric"
        )


def _systems() -> Iterator[Entry]:
    for one in catalogue.table("systems").itertuples():
        query = MappingProxyType({"system": one.icb_code})
        hit = Hit("system", one.icb_code, one.name, "one of the 42 systems", "system", query)
        yield Entry(hit, (one.full_name, one.name, one.icb_code, one.ods_code))


def pages() -> Iterable[Page]:
    """The pages of ``data/search.toml``, checked; raises ``RegisterError``."""
    return register.records(Page, catalogue.toml("search")["page"], file="data/search.toml", key="path").values()


def _pages() -> Iterator[Entry]:
    for page in pages():
        yield Entry(Hit("page", page.path, page.title, "page", page.path), (page.title, *page.words))
    for one in catalogue.table("ambitions").itertuples():
        number = int(one.number)
        name = ambitions.ambition(number)["short_name"]
        hit = Hit("ambition", str(number), name, f"ambition {number} of the plan", ambitions.slug(number))
        yield Entry(hit, (name, f"ambition {number}"))
