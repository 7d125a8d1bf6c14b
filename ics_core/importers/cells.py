"""What a cell of an official table means: headings, numbers, marks of suppression, codes, days and months.

A mark of suppression (``*``, ``-``, ``..``, ``[c]``) is a missing value, never zero. A text that is neither a number
nor such a mark is an error, so that a shifted row cannot pass for figures.
"""

from __future__ import annotations

import calendar
import math
import re
from datetime import date, datetime, timedelta

MARKS = frozenset(
    "- – — * ** *** . .. ... : c x z s [c] [x] [z] [s] [low] na n/a #n/a null none nan suppressed dna nil".split()
) | {"", "nil return", "not available"}
LARGEST = 1e10  # no count of people, visits or seconds in these publications comes near

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u200b\ufeff"), " ")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr, ["", *["Sept"] * 9])
    for number, name in enumerate(names)
    if name and (name != "Sept" or number == 9)
}
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]*(?:of )?([a-z]+)[ .,-]*(\d{4}|\d\d)")
_MONTH_YEAR = re.compile(r"([a-z]+)[ .,'-]*(\d{4}|\d\d)")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[ t]00:00(?::00(?:\.0+)?)?)?")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00:00(?::00)?)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_EXCEL_EPOCH = date(1899, 12, 30)


class Ambiguous(ValueError):
    """A day such as 03/04/2026 that may be of March or of April."""


def text(cell: object) -> str:
    """A cell as text: odd spaces made plain, ends trimmed, whole floats without ``.0``."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).translate(_SPACES).split())


def heading(cell: object) -> str:
    """A heading to compare by: small letters and digits, ``&`` as "and", everything else one space.

    >>> heading(" A&E attendances, Type 1 ")
    'a and e attendances type 1'
    """
    words = text(cell).casefold().replace("&", " and ").replace("<", " under ").replace(">", " over ")
    return " ".join(re.sub(r"[^a-z0-9%+]+", " ", words).split())


def number(cell: object) -> float:
    """The number in a cell, NaN for a blank or a mark of suppression; ``ValueError`` for anything else.

    >>> number("1,234"), number(" 5.0 "), number("*")
    (1234.0, 5.0, nan)
    """
    if isinstance(cell, bool):
        raise ValueError(f"{cell} is not a number")
    if isinstance(cell, int | float):
        found = float(cell)
    else:
        said = text(cell).replace("−", "-")
        if said.casefold() in MARKS:
            return math.nan
        if _GROUPED.fullmatch(said):
            said = said.replace(",", "")
        if not _PLAIN.fullmatch(said):
            raise ValueError(f"{said!r} is not a number")
        found = float(said)
    if abs(found) > LARGEST:
        raise ValueError(f"{found:g} is too large to be true")
    return found


def percent(cell: object) -> float:
    """A share as a percentage: 0.815 and ``81.5%`` are both 81.5; a bare 81.5 stays."""
    said = text(cell)
    if said.endswith("%"):
        return number(said[:-1])
    found = number(cell)
    return found * 100 if abs(found) <= 1 else found


def code(cell: object) -> str:
    """An organisation or area code: trimmed, capitals, without the dress spreadsheets and extracts put on it.

    >>> code(' rm1 '), code('="RM1"'), code("RM100"), code("26A00"), code("nE54000022")
    ('RM1', 'RM1', 'RM1', '26A', 'E54000022')
    """
    said = text(cell).upper().lstrip("=").strip("\"' ")
    if re.fullmatch(r"(?:R[A-Z0-9]{2}|\d\d[A-Z]|Q[A-Z0-9]{2})00", said):
        return said[:3]
    return said[1:] if re.fullmatch(r"NE\d{8}", said) else said


def day(cell: object) -> date:
    """A day as any of the publishers writes it; ``Ambiguous`` where day and month could be either.

    ISO, ``01Jan2022``, ``11th June 2026``, ``20220101``, ``31/01/2022`` or a spreadsheet's serial number.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = text(cell).casefold()
    if isinstance(cell, int | float) and 20_000 < float(cell) < 80_000:
        return _EXCEL_EPOCH + timedelta(days=int(cell))
    if found := _ISO.fullmatch(said):
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := _COMPACT.fullmatch(said):
        return date(*map(int, found.groups()))
    if found := _SLASHED.fullmatch(said):
        return _slashed(*map(int, found.groups()))
    if found := _DAY_MONTH_YEAR.fullmatch(said):
        return date(_year(found[3]), _month(found[2]), int(found[1]))
    raise ValueError(f"{text(cell)!r} is not a date")


def month(cell: object) -> date:
    """The first day of the month a cell names: ``March 2026``, ``May 26``, ``MAR2019``, or any day of it.

    Of a date with slashes the reading that is the first of a month is taken, for these publications date a
    month by its first day; ``Ambiguous`` where that does not decide.
    """
    said = text(cell).casefold()
    if not isinstance(cell, date) and (found := _MONTH_YEAR.fullmatch(said)) and found[1] in _MONTHS:
        return date(_year(found[2]), _month(found[1]), 1)
    if found := re.fullmatch(r"(\d{4})-(\d\d)", said):
        return date(int(found[1]), int(found[2]), 1)
    try:
        return day(cell).replace(day=1)
    except Ambiguous:
        one, other, year = map(int, _SLASHED.fullmatch(said).groups())
        if (one == 1) != (other == 1):
            return date(year, other if one == 1 else one, 1)
        raise


def month_end(start: date) -> date:
    """The last day of the month of a day."""
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])


def _slashed(one: int, other: int, year: int) -> date:
    if one <= 12 and other <= 12 and one != other:
        raise Ambiguous(f"{one:02}/{other:02}/{year} may be {other:02}-{one:02} or {one:02}-{other:02}")
    return date(year, other, one) if other <= 12 else date(year, one, other)


def _month(name: str) -> int:
    if name not in _MONTHS:
        raise ValueError(f"{name!r} is not a month")
    return _MONTHS[name]


def _year(said: str) -> int:
    return int(said) + (2000 if len(said) == 2 else 0)
