"""The only door to ``data/``: tables, geometry and where each came from.

Everything is described in ``data/datapackage.json`` (a Data Package), compiled from the descriptor beside
each table by ``python -m ics_core.catalogue --stamp``. A file is read and held to its checksum the first time it
is asked for, and kept for the life of the process. Callers get a copy (of the numbers; text and polygons cannot be
changed in place and are shared), a third of a millisecond for the largest: a view would leave its arrays open.
"""

from __future__ import annotations

import os
import pickle
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ics_core import words
from ics_core.catalogue import descriptors, files
from ics_core.catalogue.descriptors import OUTLINES
from ics_core.catalogue.files import PACKAGE, STAMP
from ics_core.errors import CatalogueError, ExplorerError

if TYPE_CHECKING:  # geopandas costs a third of a second to import: only maps pay for it
    from geopandas import GeoDataFrame

_CORE = Path(__file__).resolve().parents[1]
_HERE = _CORE / "data" if (_CORE / "data").is_dir() else _CORE.parent / "data"  # within the package once installed
DATA = Path(os.environ.get("ICS_DATA") or _HERE)  # of this area

_CONTENTS = (
    "name folder title publisher publication released missed period licence address obtained_from retrieved rows bytes"
).split()


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
def _package() -> dict[str, Any]:
    return files.package(DATA)


@cache
def _resources() -> dict[str, dict[str, Any]]:
    return {resource["name"]: resource for resource in _package()["resources"]}


def _content(resource: dict[str, Any]) -> bytes:
    return files.checked(DATA, resource["path"], resource, _package())


def _resource(name: str, known: tuple[str, ...], kind: str) -> dict[str, Any]:
    if name in known:
        return _resources()[name + OUTLINES if kind == "geometry" else name]
    raise CatalogueError(f"There is no {kind} called {name!r}.{words.did_you_mean(name, known, n=4, most=99)}")


def _any(name: str) -> dict[str, Any]:
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
    return _table(name).copy()


@cache
def _table(name: str) -> pd.DataFrame:
    resource = _resource(name, tables(), "table")
    frame = descriptors.frame(_content(resource), resource)
    frame.attrs["units"] = {f["name"]: f["unit"] for f in resource["schema"]["fields"] if "unit" in f}
    return frame


def geometry(name: str) -> GeoDataFrame:
    """Areas as polygons, EPSG:4326, at least ``code`` and ``name`` beside the geometry.

    Raises ``CatalogueError`` as ``table`` does.
    """
    return _geometry(name).copy()


@cache
def _geometry(name: str) -> GeoDataFrame:
    import geopandas

    content = _content(_resource(name, geometries(), "geometry"))
    return geopandas.read_file(BytesIO(content)).set_crs(4326, allow_override=True)


@cache
def geometry_path(name: str) -> Path:
    """The GeoJSON file behind ``geometry``, found whole, for a browser to fetch as it is."""
    resource = _resource(name, geometries(), "geometry")
    _content(resource)
    return DATA / resource["path"]


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
            near = words.did_you_mean(column, fields, n=4, most=99)
            raise CatalogueError(f"The table {table_name!r} has no column {column!r}.{near}")
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


def describe(name: str) -> dict[str, Any]:
    """The Data Package descriptor of that resource: title, description, schema, sources."""
    return deepcopy(_any(name))


def contents(search: str = "") -> pd.DataFrame:
    """Everything in the data package, one row a table or geometry; with ``search`` what holds all of its words.

    Columns: name, folder, title, publisher, publication, released, missed, period, licence, address, obtained_from,
    retrieved, rows, bytes. ``publisher`` to ``retrieved`` are of the first source; ``source`` knows the others.
    ``missed``: releases of any of its sources since the one held; missing where none is regular or the date unknown.
    """
    rows = []
    wanted = search.casefold().split()
    for name, resource in _resources().items():
        s = source(name)
        columns = [f"{field['name']} {field.get('description', '')}" for field in resource["schema"]["fields"]]
        origins = [f"{one['publisher']} {one['title']}" for one in resource["sources"]]
        said = " ".join([name, resource["title"], resource["description"], *origins, *columns]).casefold()
        if not all(word in said for word in wanted):
            continue
        rows.append(
            {
                "name": name,
                "folder": resource["path"].split("/")[0].split(".")[0],
                "title": resource["title"],
                "publisher": s.publisher,
                "publication": s.title,
                "released": s.released,
                "missed": max((n for one in resource["sources"] if (n := _missed(one)) is not None), default=None),
                "period": s.period,
                "licence": s.licence,
                "address": s.address,
                "obtained_from": s.obtained_from,
                "retrieved": s.retrieved,
                "rows": resource["rows"] if "rows" in resource else resource["areas"],
                "bytes": resource["bytes"] if "bytes" in resource else resource["size"],
            }
        )
    return pd.DataFrame(rows, columns=_CONTENTS).astype({"missed": "Int64"})


def _missed(origin: Mapping[str, Any]) -> int | None:
    """Releases of a regular publication between the one held and the day of the data release."""
    if not (every := origin.get("every_months")) or not origin.get("released"):
        return None
    months = [12 * int(day[:4]) + int(day[5:7]) for day in (origin["released"], released())]
    return (months[1] - months[0]) // every


def citation(name: str) -> str:
    """How to cite a table or outline: each publication behind it, then this package with its release."""
    resource, head = _any(name), _package()
    parts = []
    for one in resource["sources"]:
        released = f", released {words.when(one['released'])}" if one.get("released") else ""
        licence = one.get("licence", resource["licenses"][0]["title"])
        address = f" {one['path']}" if one.get("path") else ""
        parts.append(f"{one['publisher']}, {one['title']} ({words.when(one['period'])}{released}). {licence}.{address}")
    return " ".join([*parts, f"As held in {head['title']}, release {head['version']}, {resource['path']}."])


def release() -> str:
    """The version of the data package, for scenario files and footers."""
    return _package()["version"]


def released() -> str:
    """The day the data package was put together, ISO."""
    return _package()["created"][:10]


def attribution() -> tuple[str, ...]:
    """The statements that the licences of the data ask us to show, one sentence or two each."""
    return tuple(_package()["attribution"])


def texts() -> tuple[str, ...]:
    """Names that ``text`` knows, sorted."""
    paths = (path for path in _package()["texts"] if path.startswith("text/") and path.endswith(".md"))
    return tuple(sorted(path.removeprefix("text/").removesuffix(".md") for path in paths))


@cache
def text(name: str) -> str:
    """A prose page from ``data/text/NAME.md``; numbers in it are left as ``{field}`` to fill."""
    return _words(f"text/{name}.md")


def toml(name: str) -> dict[str, Any]:
    """The records in ``data/NAME.toml``, for example ``levers`` or ``text/glossary``: a copy of what is kept."""
    return pickle.loads(_records(name))  # noqa: S301 (what we packed ourselves)


def records(folder: str) -> tuple[str, ...]:
    """Names in a folder of the data that ``toml`` knows, sorted; also what lies there and was not stamped yet.

    A file that the package lists and that is gone is among them: ``toml`` says so.
    """
    listed = {
        Path(path).stem for path in _package()["texts"] if path.startswith(f"{folder}/") and path.endswith(".toml")
    }
    return tuple(sorted(listed | {path.stem for path in (DATA / folder).glob("*.toml")}))


@cache
def _records(name: str) -> bytes:
    return pickle.dumps(tomllib.loads(_words(f"{name}.toml")))


def _words(path: str) -> str:
    stamped = _package()["texts"]
    if path not in stamped:
        if (DATA / path).exists():
            raise CatalogueError(f"data/{path} is not in the data package. {STAMP}")
        raise CatalogueError(f"There is no text data/{path}.{words.did_you_mean(path, stamped)}")
    return files.text(path, files.checked(DATA, path, stamped[path], _package()))


def damaged() -> list[str]:
    """What cannot be read or no longer matches its checksum or its descriptor, one sentence each."""
    found = []
    described = {resource["path"]: resource for resource in _resources().values()} | _package()["texts"]
    for path, stamped in described.items():
        try:
            files.checked(DATA, path, stamped, _package())
        except CatalogueError as problem:
            found.append(str(problem))
    if not found:
        try:
            if descriptors.compiled(DATA).encode() != files.read(DATA, PACKAGE):
                found.append(f"data/{PACKAGE} is not what the descriptors say. {STAMP}")
        except ExplorerError as problem:
            found.append(str(problem))
    return found


def stamp() -> list[str]:
    """Compile ``datapackage.json`` from the descriptors and the files as they are now; names what changed.

    Needs no earlier ``datapackage.json``: one with a merge conflict in it is replaced. Raises ``CatalogueError``
    or ``RegisterError`` where a file or a descriptor is missing or wrong, and then writes nothing.
    """
    made = descriptors.compiled(DATA)
    try:
        before = _marks(files.package(DATA))
    except CatalogueError:
        before = {}
    beside = DATA / f".{PACKAGE}"
    beside.write_text(made, encoding="utf-8", newline="\n")
    beside.replace(DATA / PACKAGE)  # at once, so that a running app never reads half of it
    forget()
    after = _marks(_package())
    return [name for name in {**after, **before} if after.get(name) != before.get(name)]


def _marks(package: dict[str, Any]) -> dict[str, dict[str, Any]]:
    head = {key: value for key, value in package.items() if key not in ("resources", "texts", "checksum")}
    return {"package": head} | {resource["name"]: resource for resource in package["resources"]} | package["texts"]


def forget() -> None:
    """Read every file anew when it is next asked for, because the files have changed under a running process."""
    for kept in (_package, _resources, _table, _geometry, geometry_path, text, _records):
        kept.cache_clear()
