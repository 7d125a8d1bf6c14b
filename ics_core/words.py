"""Numbers, dates, lists and near names in words: the one place where a fact becomes text.

Minus signs are minus signs and nothing is ever "−0". What has a unit of its own (an indicator, pounds) is
worded beside the thing that has it, from these pieces.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

NOT_FOUND = "No published figure found"
MONTHS = "January February March April May June July August September October November December".split()
SMALL = "no one two three four five six seven eight nine ten eleven twelve".split()

_ISO = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
_MINUS = "−–‐‑-"
_WRITTEN = re.compile(rf"([+{_MINUS}]?)(\d{{1,3}}(?:[,']\d{{3}})+|\d+|(?=\.\d))([.,]\d*)?", re.ASCII)
_FINANCIAL_YEAR = re.compile(r"\b(20\d\d)-(\d\d)\b")


# ------------------------------------------------------------------------------------------ numbers


def number(value: float, decimals: int = 0, signed: bool = False) -> str:
    """A number with thousands separators; ``signed`` writes + or − before it, and nothing before zero.

    >>> number(1234.5), number(-3.14, 1), number(12, signed=True), number(-0.04, 1, signed=True)
    ('1,234', '−3.1', '+12', '0.0')
    """
    text = f"{abs(value):,.{decimals}f}"
    if not re.search("[1-9]", text):
        return text
    return ("−" if value < 0 else "+" if signed else "") + text


def percent(value: float, decimals: int = 1, signed: bool = False) -> str:
    """A percentage: ``percent(5.25)`` is "5.2%", ``percent(-3, 0, signed=True)`` "−3%"."""
    return number(value, decimals, signed) + "%"


def about(value: float, signed: bool = False) -> str:
    """A number of people as it is said: to the nearest ten, hundred or thousand by its size.

    >>> about(1_165_432), about(61_289), about(544), about(-2_344, signed=True)
    ('1,165,000', '61,300', '540', '−2,340')
    """
    step = 1000 if abs(value) >= 100_000 else 100 if abs(value) >= 10_000 else 10
    return number(round(value / step) * step, signed=signed)


def change(value: float) -> str:
    """A change as it is said: +13,600, −240, +3.2.

    >>> change(13_612), change(-239), change(3.21), change(0)
    ('+13,600', '−240', '+3.2', '0.0')
    """
    if abs(value) < 100:
        return number(value, 0 if abs(value) >= 20 else 1, signed=True)
    return about(value, signed=True)


def significant(value: float) -> str:
    """A number with the digits that count for its size, without trailing noughts.

    >>> significant(1234.5), significant(12.34), significant(5.0), significant(0.456)
    ('1,234', '12.3', '5', '0.46')
    """
    text = number(value, 0 if abs(value) >= 1000 or float(value).is_integer() else 1 if abs(value) >= 10 else 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def spoken(value: float) -> str:
    """A number in running text: small counts as words."""
    return SMALL[int(value)] if value in range(len(SMALL)) else significant(value)


def ordinal(count: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    end = "th" if 10 <= count % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{end}"


def parts(values: Sequence[float], step: float = 1) -> list[float]:
    """Values rounded to ``step`` so that they sum to their rounded total (largest remainder).

    >>> parts([54_796.4, 23_157.4, 0.4])
    [54797.0, 23157.0, 0.0]
    """
    down = [math.floor(value / step) for value in values]
    short = round(sum(values) / step) - sum(down)
    by_remainder = sorted(range(len(down)), key=lambda i: down[i] - values[i] / step)
    raised = set(by_remainder[:short])
    return [float((whole + (i in raised)) * step) for i, whole in enumerate(down)]


def read(text: str) -> float | None:
    """The number somebody wrote: with our minus sign or another, thousands parted, a decimal comma; None if it is none.

    >>> read("−1,050"), read("1,5"), read("12 000.5"), read("+3%"), read("1.2.3"), read("30).")
    (-1050.0, 1.5, 12000.5, 3.0, None, 30.0)
    """
    plain = "".join(str(text).split()).strip("()[]{}<>\"'“”‘’;:!?%").rstrip(".,%)")
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        return None
    sign, whole, tail = found.groups()
    value = float(re.sub("[,']", "", whole) + "." + (tail or ".")[1:] + "0")
    return (-value if sign and sign in _MINUS else value) if math.isfinite(value) else None


# -------------------------------------------------------------------------------------------- dates


def day(iso: str) -> str:
    """``2020-12-08`` as 8 December 2020; a month or a year as far as it goes."""
    year, *rest = iso.split("-")
    on = [str(int(rest[1]))] if len(rest) > 1 else []
    month_name = [MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*on, *month_name, year])


def month(iso: str) -> str:
    """``2026-03-31`` or ``2026-03`` as March 2026; a year as it is."""
    return day(iso[:7])


def when(date: str, precision: str = "day") -> str:
    """A date or period of any table in words, no more precise than it is known.

    >>> when("2018-01/2018-03"), when("2020-12-08", "day of report"), when("2025-04 to 2025-07"), when("2023-24")
    ('January to March 2018', 'reported 8 December 2020', 'April to July 2025', '2023/24')
    """
    start, _, end = date.replace(" to ", "/").partition("/")
    if _ISO.fullmatch(start) and _ISO.fullmatch(end):
        first = day(start)
        return f"{first.rpartition(' ')[0] or first if start[:4] == end[:4] else first} to {day(end)}"
    if _ISO.fullmatch(date):
        return ("reported " if precision == "day of report" else "") + day(date)
    return _FINANCIAL_YEAR.sub(r"\1/\2", date)


# -------------------------------------------------------------------------------------------- lists


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; a comma before the last ``and`` where a name has one of its own."""
    if not words:
        return ""
    comma = "," if any(" and " in word for word in words) else ""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}{comma} and {words[-1]}"


def plural(count: int, one: str, many: str = "") -> str:
    """``plural(1, "figure")`` is "1 figure", ``plural(2, "figure")`` "2 figures"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """A label in the middle of a sentence; abbreviations keep their capitals."""
    return text if text[:2].isupper() or text[1:2] in "&" else text[0].lower() + text[1:]


def near(asked: object, known: Iterable[str], n: int = 3, cutoff: float = 0.4) -> list[str]:
    """The known names nearest to what was asked, best first, whatever its capitals; none if nothing is near."""
    names = list(known)
    by_folded = {name.casefold(): name for name in reversed(names)}
    return [by_folded[found] for found in get_close_matches(str(asked).casefold(), by_folded, n=n, cutoff=cutoff)]


def did_you_mean(asked: object, known: Iterable[str], n: int = 3, cutoff: float = 0.4, most: int = 10) -> str:
    """Words to end an error with: the nearest names, or all of them where nothing is near and there are few.

    >>> did_you_mean("fertilty", ["fertility", "migration"]), did_you_mean("x", ["a", "b"])
    (' Did you mean fertility?', ' Known: a, b.')
    """
    names = list(known)
    found = near(asked, names, n, cutoff)
    if found:
        return f" Did you mean {' or '.join(found)}?"
    return f" Known: {', '.join(names)}." if 0 < len(names) <= most else ""


# ----------------------------------------------------------------------------------- what others wrote


def plain(text: str) -> str:
    """``text`` on one line, without control, formatting or unassigned characters."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c)[0] != "C").split())


def quoted(value: object) -> str:
    """A foreign value, short enough and clean enough to stand in a message.

    >>> quoted("fertilty"), quoted(10**3), quoted("x" * 50)[-3:]
    ('"fertilty"', '"1000"', 'x…"')
    """
    text = plain(value if isinstance(value, str) else _represented(value))
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def _represented(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # a number of more than 4,300 digits, or an object that cannot describe itself
        return type(value).__name__


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown: a line of heads, one line a row."""
    return "\n".join("| " + " | ".join(line) + " |" for line in [heads, ["---"] * len(heads), *rows])
