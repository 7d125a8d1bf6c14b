"""The only door to ``data/``: tables, geometry and where each came from.

Everything is described in ``data/datapackage.json`` (a Data Package), compiled from the descriptor beside
each table by ``python -m ics_core.catalogue --stamp``. A table is read the first time it is asked for and
kept for the life of the process; callers get a copy-on-write view, so nothing they do reaches the kept frame.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ics_core.catalogue import descriptors
from ics_core.catalogue.descriptors import OUTLINES, checksum, dtype
from ics_core.errors import CatalogueError

if TYPE_CHECKING:  # geopandas costs a third of a second to import: only maps pay for it
    from geopandas import GeoDataFrame

DATA = Path(__file__).resolve().parents[2] / "data"
STAMP = "After an intended edit, run: python -m ics_core.catalogue --stamp"


@dataclass(frozen=True)
class Source:
    """Where a table comes from: the original publication, and where this copy was obtained.

    ``period`` is what the figures are about, ``released`` when they were published,
    ``retrieved`` when the copy was taken. ``note`` holds cautions that belong on screen.
    """

    publisher: str
    title: str
    released: str
    period: str
    licence: str
    address: str
    obtained_from: str
    retrieved: str
    sha256: str
    note: str


@cache
def _package() -> dict:
    try:
        return json.loads(_words("datapackage.json"))
    except json.JSONDecodeError as problem:
        raise CatalogueError(f"data/datapackage.json is damaged ({problem}). {_restore('datapackage.json')}") from None


@cache
def _resources() -> dict[str, dict]:
    return {resource["name"]: resource for resource in _package()["resources"]}


def _words(path: str) -> str:
    try:
        return (DATA / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CatalogueError(f"data/{path} is missing. {_restore(path)}") from None


def _restore(path: str) -> str:
    return f"To restore it, run: git checkout -- data/{path}"


def _resource(name: str, known: tuple[str, ...], kind: str) -> dict:
    if name in known:
        return _resources()[name + OUTLINES if kind == "geometry" else name]
    near = get_close_matches(str(name), known, n=4, cutoff=0.4) or known
    raise CatalogueError(f"There is no {kind} called {name!r}. Did you mean: {', '.join(near)}?")


def _any(name: str) -> dict:
    return _resource(name, tuple(sorted(_resources())), "resource")


def tables() -> tuple[str, ...]:
    """Names that ``table`` knows, sorted."""
    return tuple(sorted(n for n, r in _resources().items() if r["format"] != "geojson"))


def geometries() -> tuple[str, ...]:
    """Names that ``geometry`` knows, sorted."""
    return tuple(sorted(n.removesuffix(OUTLINES) for n, r in _resources().items() if r["format"] == "geojson"))


def table(name: str) -> pd.DataFrame:
    """The table of that name, one row per observation, as described in ``datapackage.json``.

    Text stays text (codes keep leading zeros, dates are ISO text); missing values are NaN.
    Raises ``CatalogueError`` for an unknown name or a missing or damaged file.
    """
    return _table(name).copy(deep=False)


@cache
def _table(name: str) -> pd.DataFrame:
    resource = _resource(name, tables(), "table")
    path = DATA / resource["path"]
    fields = resource["schema"]["fields"]
    try:
        if resource["format"] == "parquet":
            frame = pd.read_parquet(path)
        else:
            frame = pd.read_csv(
                path, dtype={f["name"]: dtype(f) for f in fields}, keep_default_na=False, na_values=[""]
            )
    except Exception as problem:
        raise _unreadable(resource, problem) from None
    missing = [f["name"] for f in fields if f["name"] not in frame]
    if missing:
        raise _unreadable(resource, f"it lacks the column {missing[0]!r}")
    frame.attrs["units"] = {f["name"]: f["unit"] for f in fields if "unit" in f}
    return frame


def _unreadable(resource: dict, problem: object) -> CatalogueError:
    what = "is missing" if isinstance(problem, FileNotFoundError) else f"cannot be read ({problem})"
    return CatalogueError(f"data/{resource['path']} {what}. {_restore(resource['path'])}")


def geometry(name: str) -> GeoDataFrame:
    """Areas as polygons, EPSG:4326, at least ``code`` and ``name`` beside the geometry.

    Raises ``CatalogueError`` as ``table`` does.
    """
    return _geometry(name).copy(deep=False)


@cache
def _geometry(name: str) -> GeoDataFrame:
    import geopandas

    resource = _resource(name, geometries(), "geometry")
    path = DATA / resource["path"]
    if not path.exists():
        raise _unreadable(resource, FileNotFoundError())
    try:
        return geopandas.read_file(path).set_crs(4326, allow_override=True)
    except Exception as problem:
        raise _unreadable(resource, problem) from None


def geometry_path(name: str) -> Path:
    """The GeoJSON file behind ``geometry``, for a browser to fetch as it is."""
    return DATA / _resource(name, geometries(), "geometry")["path"]


def source(name: str) -> Source:
    """Who published it, when, under what licence: a table's name, or ``lsoas_outlines`` for geometry.

    A table put together from several publications may name the one behind a column:
    ``source("lsoas.imd2025_decile")`` is the Indices of Deprivation, with the caution for that column;
    ``source("lsoas")`` is the first source listed.
    """
    table_name, _, column = name.partition(".")
    resource = _any(table_name)
    origin = resource["sources"][0]
    note = resource.get("note", "")
    if column:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        if column not in fields:
            near = get_close_matches(column, fields, n=4, cutoff=0.4) or tuple(fields)
            raise CatalogueError(f"{table_name!r} has no column {column!r}. Did you mean: {', '.join(near)}?")
        title = fields[column].get("source", origin["title"])
        note = fields[column].get("note", note)
        origin = next(candidate for candidate in resource["sources"] if candidate["title"] == title)
    return Source(
        publisher=origin["publisher"],
        title=origin["title"],
        released=origin.get("released", ""),
        period=origin.get("period", ""),
        licence=origin.get("licence", resource["licenses"][0]["title"]),
        address=origin.get("path", ""),
        obtained_from=origin.get("obtained_from", ""),
        retrieved=origin.get("retrieved", ""),
        sha256=resource["hash"].removeprefix("sha256:"),
        note=note,
    )


def describe(name: str) -> dict:
    """The Data Package descriptor of that resource: title, description, schema, sources."""
    return json.loads(json.dumps(_any(name)))


def contents() -> pd.DataFrame:
    """Everything in the data package, one row a table or geometry.

    Columns: name, folder, title, publisher, publication, released, period, licence, address, bytes.
    """
    rows = []
    for name, resource in _resources().items():
        s = source(name)
        rows.append(
            {
                "name": name,
                "folder": resource["path"].split("/")[0],
                "title": resource["title"],
                "publisher": s.publisher,
                "publication": s.title,
                "released": s.released,
                "period": s.period,
                "licence": s.licence,
                "address": s.address,
                "bytes": resource["bytes"],
            }
        )
    return pd.DataFrame(rows)


def release() -> str:
    """The version of the data package, for scenario files and footers."""
    return _package()["version"]


def released() -> str:
    """The day the data package was put together, ISO."""
    return _package()["created"][:10]


def attribution() -> tuple[str, ...]:
    """The statements that the licences of the data ask us to show, one sentence or two each."""
    return tuple(_package()["attribution"])


def text(name: str) -> str:
    """A prose page from ``data/text/NAME.md``; numbers in it are left as ``{field}`` to fill."""
    return _words(f"text/{name}.md")


@cache
def toml(name: str) -> dict:
    """The records in ``data/NAME.toml``, for example ``levers`` or ``text/glossary``. Read only: do not change them."""
    try:
        return tomllib.loads(_words(f"{name}.toml"))
    except tomllib.TOMLDecodeError as problem:
        raise CatalogueError(f"data/{name}.toml is damaged ({problem}). {_restore(f'{name}.toml')}") from None


def damaged() -> list[str]:
    """What no longer matches its checksum or its descriptor, one sentence each."""
    found = []
    for resource in _resources().values():
        path = DATA / resource["path"]
        if not path.exists():
            found.append(str(_unreadable(resource, FileNotFoundError())))
        elif checksum(path) != resource["hash"].removeprefix("sha256:"):
            found.append(f"data/{resource['path']} differs from its checksum. {_restore(resource['path'])}")
    if not found and descriptors.compiled(DATA) != _words("datapackage.json"):
        found.append(f"data/datapackage.json is not what the descriptors say. {STAMP}")
    return found


def stamp() -> list[str]:
    """Compile ``datapackage.json`` from the descriptors and the files as they are now; names what changed.

    Needs no earlier ``datapackage.json``: one with a merge conflict in it is replaced. Raises ``CatalogueError``
    or ``RegisterError`` where a file or a descriptor is missing or wrong, and then writes nothing.
    """
    made = descriptors.compiled(DATA)
    try:
        before = {resource["name"]: resource for resource in json.loads(_words("datapackage.json"))["resources"]}
    except (CatalogueError, ValueError, KeyError, TypeError):
        before = {}
    (DATA / "datapackage.json").write_text(made, encoding="utf-8", newline="\n")
    forget()
    return [name for name in {**_resources(), **before} if _resources().get(name) != before.get(name)]


def forget() -> None:
    """Read every file anew when it is next asked for, because the files have changed under a running process."""
    for kept in (_package, _resources, _table, _geometry, toml):
        kept.cache_clear()
