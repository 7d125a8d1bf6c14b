"""From the descriptor beside each table to ``datapackage.json``, the form that other tools read.

``data/FOLDER/NAME.toml`` describes ``NAME.csv`` or ``NAME.parquet``; ``NAME_outlines.toml`` describes
``NAME.geojson``; ``data/package.toml`` is the head of the package with its licences. Sizes, checksums and
row counts are taken from the files themselves. The result depends on these files alone, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ics_core import register, words
from ics_core.errors import CatalogueError, RegisterError

OUTLINES = "_outlines"  # the polygons of table "lsoas" are the resource "lsoas_outlines"

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".geojson": "application/geo+json",
}
_DTYPES = {"string": "str", "number": "float64", "integer": "int64", "boolean": "bool", "date": "str"}


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
    """Where the figures come from: the original publication, and where this copy was obtained."""

    publisher: str
    title: str
    period: str
    released: str = ""
    address: str = ""
    obtained_from: str = ""
    retrieved: str = ""
    licence: str = ""
    note: str = ""


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


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def compiled(data: Path) -> str:
    """The text of ``datapackage.json`` for the files that are in ``data`` now.

    Raises ``CatalogueError`` for a table without descriptor, a descriptor without table, a column that one of them
    lacks, and whatever the descriptor forbids; ``RegisterError`` for a wrong field of a descriptor.
    """
    head = register.record(Head, _toml(data / "package.toml"), file="data/package.toml")
    files = {path: _describer(path) for path in sorted(data.rglob("*")) if path.suffix in MEDIA_TYPES}
    described = {
        path: register.record(Descriptor, _toml(beside), file=_said(beside, data)) for path, beside in files.items()
    }
    for beside in sorted(set(data.glob("*/*.toml")) - set(files.values()) - set(data.glob("text/*.toml"))):
        if {"fields", "sources"} <= set(_toml(beside)):
            table = _said(beside, data).removesuffix(".toml").replace(OUTLINES, ".geojson")
            raise CatalogueError(
                f"{table} is missing and its descriptor is there. Restore the one or remove the other."
            )
    package = {
        "profile": "data-package",
        "name": head.name,
        "title": head.title,
        "description": head.description,
        "version": head.version,
        "created": head.created,
        "attribution": head.attribution,
        "licenses": [_licence(one) for one in head.licences.values()],
        "resources": [_resource(path, one, head, data) for path, one in described.items()],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def dtype(field: Mapping[str, Any]) -> str:
    """The pandas type of a column as described: whole numbers with gaps are floats, dates ISO text."""
    if field["type"] == "integer" and not field.get("constraints", {}).get("required"):
        return "float64"
    return _DTYPES[field["type"]]


def _describer(path: Path) -> Path:
    return path.with_name(path.stem + (OUTLINES if path.suffix == ".geojson" else "") + ".toml")


def _said(path: Path, data: Path) -> str:
    return f"data/{path.relative_to(data).as_posix()}"


def _toml(path: Path) -> dict[str, Any]:
    said = _said(path, path.parents[0 if path.name == "package.toml" else 1])
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError(f"{said} is missing: it describes the table beside it. data/README.md says how.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CatalogueError(f"{said} cannot be read: {problem}.") from None


def _licence(licence: Licence) -> dict[str, str]:
    return {"name": licence.name, "title": licence.title, "path": licence.address}


def _resource(path: Path, one: Descriptor, head: Head, data: Path) -> dict[str, Any]:
    outline, said = path.suffix == ".geojson", _said(_describer(path), data)
    for licence in one.licences:
        if licence not in head.licences:
            raise RegisterError(f"{said}: licences = {licence!r}.{words.did_you_mean(licence, head.licences)}")
    return {
        "name": _describer(path).stem,
        "title": one.title,
        "description": one.description,
        "path": path.relative_to(data).as_posix(),
        "format": path.suffix[1:],
        "mediatype": MEDIA_TYPES[path.suffix],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{checksum(path)}",
        **({} if path.suffix == ".parquet" else {"encoding": "utf-8"}),
        "sources": [_publication(source) for source in one.sources],
        "licenses": [_licence(head.licences[licence]) for licence in one.licences],
        **({"note": one.note} if one.note else {}),
        "schema": _schema(one, outline),
    }


def _publication(source: Publication) -> dict[str, str]:
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
    }
    return {key: value for key, value in given.items() if value}


def _schema(one: Descriptor, outline: bool) -> dict[str, Any]:
    keys = [(name, field.refers_to.split(".")) for name, field in one.fields.items() if field.refers_to]
    return {
        "fields": [_field(name, field) for name, field in one.fields.items()],
        **({} if outline else {"missingValues": [""]}),
        **({"primaryKey": list(one.primary_key)} if one.primary_key else {}),
        **(
            {
                "foreignKeys": [
                    {"fields": [name], "reference": {"resource": table, "fields": [column]}}
                    for name, (table, column) in keys
                ]
            }
            if keys
            else {}
        ),
    }


def _field(name: str, field: Field) -> dict[str, Any]:
    constraints = {
        **({"required": True} if field.required else {}),
        **({"enum": list(field.enum)} if field.enum else {}),
    }
    given = {
        "name": name,
        "type": field.type,
        "description": field.description,
        "unit": field.unit,
        "source": field.source,
        "note": field.note,
        "constraints": constraints,
    }
    return {key: value for key, value in given.items() if value}
