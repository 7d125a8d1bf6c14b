"""Registers: records in TOML files of ``data/``, read into frozen dataclasses by one mechanism.

A wrong field is refused with the file, the record, the field, the value, what is allowed and the nearest name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ics_core import words
from ics_core.errors import RegisterError

Record = TypeVar("Record")


def records(
    kind: type[Record],
    found: Iterable[Mapping[str, Any]],
    *,
    file: str,
    key: str = "id",
    error: type[RegisterError] = RegisterError,
) -> dict[str, Record]:
    """Every record as a ``kind`` by its ``key``, in the order of the file; the same key twice is an error."""
    made: dict[str, Record] = {}
    for values in found:
        name = str(values.get(key, f"(without {key})"))
        if name in made:
            raise error(f"{file}, {name}: the register holds it twice. Remove one.")
        made[name] = record(kind, values, file=file, name=name, error=error)
    return made


def record(
    kind: type[Record],
    values: Mapping[str, Any],
    *,
    file: str,
    name: str = "",
    error: type[RegisterError] = RegisterError,
) -> Record:
    """One record as a frozen dataclass ``kind``, its fields checked against the types of the class.

    Whole numbers become floats, lists tuples and tables read-only mappings where the class says so;
    ``Literal`` names the allowed words; a field of a dataclass type is a record of its own.
    Raises ``error`` (a ``RegisterError``).
    """
    where = f"{file}, {name}" if name else file
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for given in values:
        if given not in known:
            raise error(f"{where}: there is no field {given!r}.{words.did_you_mean(given, known, most=30)}")
    made = {}
    for field_name, field in known.items():
        if field_name in values:
            made[field_name] = _value(values[field_name], hints[field_name], f"{where}: {field_name}", error)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise error(f"{where}: the field {field_name!r} is missing.")
    return kind(**made)


def _value(value: Any, hint: Any, where: str, error: type[RegisterError]) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        kinds = [one for one in inner if one is not NoneType]
        return _value(value, kinds[0], where, error)
    if origin is Literal:
        if value not in inner:
            raise error(f"{where} = {value!r} should be one of {', '.join(map(str, inner))}.{_near(value, inner)}")
        return value
    if origin is tuple and isinstance(value, list | tuple):
        each = inner if inner and inner[-1] is not Ellipsis else [inner[0] if inner else Any] * len(value)
        if len(each) != len(value):
            raise error(f"{where} = {value!r} should hold {len(each)} values.")
        return tuple(_value(one, one_hint, where, error) for one, one_hint in zip(value, each, strict=True))
    if origin is not None and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return MappingProxyType({k: _value(v, inner[1], f"{where}.{k}", error) for k, v in value.items()})
    if hasattr(hint, "__dataclass_fields__") and isinstance(value, Mapping):
        own = str(value.get("id", value.get("code", "")))
        return record(hint, value, file=where, name=own, error=error)
    if hint is Any:
        return value
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    plain = origin or hint
    if not isinstance(value, plain) or isinstance(value, bool) != (plain is bool):
        raise error(f"{where} = {value!r} should be {_said(plain)}.")
    return value


def _said(kind: type) -> str:
    names = {str: "text", bool: "true or false", int: "a whole number", float: "a number", tuple: "a list"}
    return names.get(kind, "a table" if issubclass(kind, Mapping) else kind.__name__)


def _near(value: object, known: Iterable[object]) -> str:
    found = words.near(value, map(str, known), n=1)
    return f" Did you mean {found[0]}?" if found else ""
