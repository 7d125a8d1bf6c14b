"""From the descriptor beside each table to ``datapackage.json``, the form that other tools read.

``data/FOLDER/NAME.toml`` describes ``NAME.csv`` or ``NAME.parquet``; ``NAME_outlines.toml`` describes
``NAME.geojson``; ``data/package.toml`` is the head of the package with its licences. Sizes, checksums and row
counts are taken from the files themselves, and what the descriptors forbid is refused: what the catalogue finds
unaltered later was in order when it was stamped. The result depends on these files alone, byte for byte.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from ics_core import register, words
from ics_core.catalogue import files
from ics_core.errors import CatalogueError, RegisterError

OUTLINES = "_outlines"  # the polygons of table "lsoas" are the resource "lsoas_outlines"

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".geojson": "application/geo+json",
}
_DTYPES = {"string": "str", "number": "float64", "integer": "int64", "boolean": "bool", "date": "str"}
_KINDS = {"string": "OTU", "number": "f", "integer": "iuf", "boolean": "b", "date": "OTU"}
_DAY = r"\d{4}-\d\d-\d\d"


@dataclass(frozen=True)
class Field:
    """A column: ``refers_to`` is ``table.column`` where its codes are known, ``enum`` all values it may hold."""

    type: Literal["string", "number", "integer", "boolean", "date", "geojson"]
    description: str
    unit: str = ""
    source: str = ""
    note: str = ""
    required: bool = False
    enum: tuple[Any, ...] = ()
    refers_to: str = ""


@dataclass(frozen=True)
class Publication:
    """Where the figures come from: the original publication, how often it comes, where this copy was obtained."""

    publisher: str
    title: str
    period: str
    released: str = ""
    address: str = ""
    obtained_from: str = ""
    retrieved: str = ""
    licence: str = ""
    note: str = ""
    every_months: int = 0  # between two releases; 0 where it is of one day or comes when it comes


@dataclass(frozen=True)
class Descriptor:
    """What stands in the file beside a table or an outline."""

    title: str
    description: str
    licences: tuple[str, ...]
    sources: tuple[Publication, ...]
    fields: Mapping[str, Field]
    note: str = ""
    primary_key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Licence:
    """A licence as ``package.toml`` names it."""

    name: str
    title: str
    address: str


@dataclass(frozen=True)
class Head:
    """``package.toml``: what holds for the package as a whole."""

    name: str
    title: str
    description: str
    version: str
    created: str
    attribution: tuple[str, ...]
    licences: Mapping[str, Licence]


def compiled(data: Path) -> str:
    """The text of ``datapackage.json`` for the files that are in ``data`` now.

    Raises ``CatalogueError`` for a table without descriptor, a descriptor without table, and whatever in a table is
    not as its descriptor says; ``RegisterError`` for a wrong field of a descriptor.
    """
    head = register.record(Head, _records(data, "package.toml"), file="data/package.toml")
    paths = sorted(path.relative_to(data) for path in data.rglob("[!.]*.*") if path.is_file())
    tables = {path.as_posix(): _describer(path) for path in paths if path.suffix in MEDIA_TYPES}
    texts = [path.as_posix() for path in paths if path.suffix in (".md", ".toml")]
    texts = [path for path in texts if path not in {"README.md", "package.toml", *tables.values()}]
    marks = {path: _text(data, path) for path in texts}
    frames: dict[str, pd.DataFrame] = {}
    resources = [_resource(data, path, beside, head, frames) for path, beside in tables.items()]
    names = [resource["name"] for resource in resources]
    for resource in resources:
        if names.count(resource["name"]) > 1:
            raise CatalogueError(
                f"data/{resource['path']}: there is another file called {resource['name']}. Rename one."
            )
        _links(resource, frames)
    return files.sealed(
        {
            "profile": "data-package",
            "name": head.name,
            "title": head.title,
            "description": head.description,
            "version": head.version,
            "created": head.created,
            "attribution": head.attribution,
            "licenses": [_licence(one) for one in head.licences.values()],
            "resources": resources,
            "texts": marks,
        }
    )


def frame(content: bytes, resource: Mapping[str, Any]) -> pd.DataFrame:
    """A table from its bytes, each column of the type that its field says."""
    if resource["format"] == "parquet":
        return pd.read_parquet(BytesIO(content))
    dtypes = {field["name"]: _dtype(field) for field in resource["schema"]["fields"]}
    return pd.read_csv(BytesIO(content), dtype=dtypes, keep_default_na=False, na_values=[""])


def _dtype(field: Mapping[str, Any]) -> str:
    """Whole numbers with gaps are floats, dates are ISO text."""
    if field["type"] == "integer" and not field.get("constraints", {}).get("required"):
        return "float64"
    return _DTYPES[field["type"]]


def _describer(path: Path) -> str:
    return path.with_name(path.stem + (OUTLINES if path.suffix == ".geojson" else "") + ".toml").as_posix()


def _records(data: Path, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(files.text(path, files.read(data, path)))
    except tomllib.TOMLDecodeError as problem:
        raise CatalogueError(f"data/{path} is no TOML: {problem}.") from None


def _text(data: Path, path: str) -> dict[str, Any]:
    content = files.read(data, path)
    if path.endswith(".md"):
        files.text(path, content)
    elif {"fields", "sources"} <= set(_records(data, path)):
        raise CatalogueError(
            f"data/{path} describes a table that is missing beside it. Restore the one or remove the other."
        )
    return {"bytes": len(content), "hash": files.digest(content)}


def _licence(licence: Licence) -> dict[str, str]:
    return {"name": licence.name, "title": licence.title, "path": licence.address}


def _resource(data: Path, path: str, beside: str, head: Head, frames: dict[str, pd.DataFrame]) -> dict[str, Any]:
    if not (data / beside).exists():
        raise CatalogueError(f"data/{path} has no descriptor: write data/{beside}, as data/README.md says.")
    one = register.record(Descriptor, _records(data, beside), file=f"data/{beside}")
    for licence in one.licences:
        if licence not in head.licences:
            raise RegisterError(f"data/{beside}: licences = {licence!r}.{words.did_you_mean(licence, head.licences)}")
    content, kind = files.read(data, path), Path(path).suffix
    resource = {
        "name": Path(beside).stem,
        "title": one.title,
        "description": one.description,
        "path": path,
        "format": kind[1:],
        "mediatype": MEDIA_TYPES[kind],
        # Readers of the standard count the bytes of text alone and call a Parquet file with "bytes" damaged.
        "size" if kind == ".parquet" else "bytes": len(content),
        "hash": files.digest(content),
        **({} if kind == ".parquet" else {"encoding": "utf-8"}),
        "sources": [_publication(source) for source in one.sources],
        "licenses": [_licence(head.licences[licence]) for licence in one.licences],
        **({"note": one.note} if one.note else {}),
        "schema": _schema(one, kind),
    }
    said = "" if kind == ".parquet" else files.text(path, content)
    try:
        if kind == ".geojson":
            return resource | {"areas": _areas(said, set(one.fields))}
        _cells(said)
        found = frames[Path(beside).stem] = frame(content, resource)
    except (ValueError, KeyError, TypeError) as problem:
        raise CatalogueError(f"data/{path} cannot be read as data/{beside} describes it ({problem}).") from None
    for fault in _faults(found, one):
        raise CatalogueError(f"data/{path}: {fault}")
    return resource | {"rows": len(found)}


def _faults(found: pd.DataFrame, one: Descriptor) -> Iterator[str]:
    """What in a table is not as its descriptor says."""
    for column in found:
        if column not in one.fields:
            yield f"the column {column!r} is not described.{words.did_you_mean(column, one.fields, most=0)}"
    for name, field in one.fields.items():
        if name not in found:
            yield f"it lacks the column {name!r}.{words.did_you_mean(name, found, most=0)}"
            return
        values = found[name].dropna()
        if field.required and len(values) < len(found):
            yield f"{name!r} is blank in row {_row(found[name].isna())}, and is required."
        if found[name].dtype.kind not in _KINDS[field.type]:
            yield f"{name!r} holds {found[name].dtype}, and should hold {field.type}."
        elif field.type == "date" and not values.str.fullmatch(_DAY).all():
            yield f"{name!r} holds {_first(values, ~values.str.fullmatch(_DAY))!r}, and should hold days as 2026-03-31."
        if field.enum and not values.isin(field.enum).all():
            other = _first(values, ~values.isin(field.enum))
            yield f"{name!r} holds {other!r}, and may hold {words.listed([str(one) for one in field.enum])}."
    if list(found) != list(one.fields):
        yield f"its columns stand in another order than described: {', '.join(found)}."
    for name in set(one.primary_key) - set(one.fields):
        yield f"the primary key {name!r} is no column.{words.did_you_mean(name, one.fields)}"
    if one.primary_key and found.duplicated(list(one.primary_key)).any():
        yield f"row {_row(found.duplicated(list(one.primary_key)))} repeats the key {', '.join(one.primary_key)}."


def _row(which: pd.Series) -> int:
    return int(which.to_numpy().argmax()) + 2  # as an editor counts: the header is line 1


def _first(values: pd.Series, which: pd.Series) -> Any:
    return values[which].iloc[0]


def _cells(text: str) -> None:
    """Every line of a CSV has as many cells as the header, or pandas shifts or fills them in silence."""
    lines = csv.reader(StringIO(text, newline=""))
    header = next(lines, [])
    for line in lines:
        if len(line) != len(header):
            raise ValueError(f"line {lines.line_num} has {words.plural(len(line), 'cell')}, the header {len(header)}")


def _areas(text: str, described: set[str]) -> int:
    """How many areas an outline file has. Raises ``ValueError`` if one of them lacks what is described."""
    features = json.loads(text)["features"]
    for feature in features:
        if set(feature["properties"]) | {"geometry"} != described:
            raise ValueError(f"the area {feature['properties'].get('code')} has other properties than described")
    return len(features)


def _links(resource: dict[str, Any], frames: dict[str, pd.DataFrame]) -> None:
    """Every code in a column that refers to another table is known there, or blank."""
    for key in resource["schema"].get("foreignKeys", []):
        [column], [there] = key["fields"], key["reference"]["fields"]
        table = key["reference"]["resource"]
        if table not in frames or there not in frames[table]:
            raise CatalogueError(f"data/{resource['path']}: {column!r} refers to {table}.{there}, which there is not.")
        values = frames[resource["name"]][column].dropna()
        unknown = values[~values.isin(frames[table][there])]
        if len(unknown):
            raise CatalogueError(
                f"data/{resource['path']}: {column!r} holds {unknown.iloc[0]!r}, which {table}.{there} lacks."
            )


def _publication(source: Publication) -> dict[str, Any]:
    given = {
        "publisher": source.publisher,
        "title": source.title,
        "released": source.released,
        "period": source.period,
        "path": source.address,
        "obtained_from": source.obtained_from,
        "retrieved": source.retrieved,
        "licence": source.licence,
        "note": source.note,
        "every_months": source.every_months,
    }
    return {key: value for key, value in given.items() if value}


def _schema(one: Descriptor, kind: str) -> dict[str, Any]:
    keys = [(name, field.refers_to.split(".")) for name, field in one.fields.items() if field.refers_to]
    made: dict[str, Any] = {"fields": [_field(name, field) for name, field in one.fields.items()]}
    if kind != ".geojson":
        made["missingValues"] = [""]
    if one.primary_key:
        made["primaryKey"] = list(one.primary_key)
    if keys:
        made["foreignKeys"] = [
            {"fields": [name], "reference": {"resource": table, "fields": [column]}} for name, (table, column) in keys
        ]
    return made


def _field(name: str, field: Field) -> dict[str, Any]:
    constraints = {"required": field.required, "enum": list(field.enum)}
    given = {
        "name": name,
        "type": field.type,
        "description": field.description,
        "unit": field.unit,
        "source": field.source,
        "note": field.note,
        "constraints": {key: value for key, value in constraints.items() if value},
    }
    return {key: value for key, value in given.items() if value}
