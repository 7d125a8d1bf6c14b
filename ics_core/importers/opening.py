"""Files as publishers give them, opened safely: text in any encoding, workbooks (XLS, XLSX, ODS), a zip of either.

``opened(path)`` gives a ``Book`` of ``Sheet``s. Nothing is unpacked to disk, nothing large is held in memory: rows
come one by one, and those that cannot matter are passed over before they are taken apart.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree

from ics_core import words
from ics_core.errors import UnreadableFile
from ics_core.importers import cells

TOP = 60  # rows in which a heading must appear
LONGEST_LINE = 1_000_000
_MOST_UNPACKED, _MOST_RATIO = 4_000_000_000, 300
_MOST_WORKBOOK = 1_000_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_DATA = (".csv", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm")

_NOT_A_TABLE = (
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)


@dataclass(frozen=True)
class Sheet:
    """One table-like part of a file; ``rows`` gives its rows as lists of cells, from the top."""

    name: str
    hidden: bool
    rows: Callable[..., Iterator[list]] = field(repr=False)
    text: bool = False  # a CSV, in which every row has a cell for each heading

    @cached_property
    def top(self) -> list[list]:
        """The first rows, in which a preamble and the headings are."""
        found = []
        for row in self.rows():
            found.append(row)
            if len(found) == TOP:
                break
        return found


@dataclass(frozen=True)
class Book:
    """A file, opened: what kind it is, its checksum, its sheets."""

    path: Path
    kind: str
    size: int
    sha256: str
    sheets: tuple[Sheet, ...]

    @property
    def shown(self) -> tuple[Sheet, ...]:
        """Sheets that a reader of the workbook sees."""
        return tuple(sheet for sheet in self.sheets if not sheet.hidden)


def opened(path: str | Path) -> Book:
    """The file at that path as a ``Book``; ``UnreadableFile`` says what it is if it is no table."""
    path = Path(path)
    try:
        size = path.stat().st_size
        head = _head(path)
        sha256 = _checksum(path)
    except OSError as problem:
        raise UnreadableFile(f"{path.name} cannot be opened ({problem.strerror}). Check the path.") from None
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        what = "is empty" if size == 0 else "holds nothing but blanks"
        raise UnreadableFile(f"{path.name} {what}. Download it again from the publication's page.")
    for magic, what in _NOT_A_TABLE:
        if head.startswith(magic):
            raise UnreadableFile(
                f"{path.name} is {what}. Expected: an official table as CSV, XLS, XLSX, ODS or a zip of one. "
                "Download the data file of the publication."
            )
    if head.startswith(b"PK"):
        kind, sheets = _zip(path)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        kind, sheets = "XLS workbook", _xls(path.name, path.read_bytes())
    else:
        _refuse_pages(path.name, head)
        kind, sheets = "CSV", (_text_sheet(path.name, lambda: open(path, "rb"), head),)
    return Book(path, kind, size, sha256, tuple(sheets))


def _head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(65_536)


def _checksum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_pages(name: str, head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lowered = start[:4096].lower()
    if start.startswith(b"<"):
        title = re.search(rb"<title[^>]*>(.*?)</title>", head, re.IGNORECASE | re.DOTALL)
        said = " ".join(title[1].decode("utf-8", "replace").split())[:80] if title else ""
        page = b"<html" in lowered or b"<!doctype html" in lowered or title
        what = "a web page" if page else "an XML file"
        raise UnreadableFile(
            f"{name} is {what}{f' titled “{said}”' if said else ''}, not a table: the link may have expired or asked "
            "for a login. Expected: an official table as CSV, XLS, XLSX, ODS or a zip of one. Download the data file "
            "again."
        )
    if start[:1] in b"{[" and re.match(rb"[\[{]\s*[\"\[{\]}]", start):
        raise UnreadableFile(f"{name} is JSON, not a table. Download the CSV or workbook of the publication.")


# ------------------------------------------------------------------------------------------- text


def _text_sheet(name: str, open_it: Callable[[], IO[bytes]], head: bytes) -> Sheet:
    encoding = _wide(head)
    if encoding is None and b"\0" in head:
        raise _nul(name)
    if encoding:
        sample = head[: len(head) // 2 * 2].decode(encoding, "replace")
    else:
        sample = _decoded(head.removeprefix(b"\xef\xbb\xbf"))
    delimiter = _delimiter(sample)
    old_mac = "\n" not in sample and "\r" in sample

    def rows(needles: tuple[bytes, ...] = ()) -> Iterator[list]:
        with open_it() as stream:
            if encoding or old_mac:
                lines = io.TextIOWrapper(stream, encoding or "utf-8", errors="replace", newline=None)
                source = (line.removeprefix("\ufeff") for line in lines)
            else:
                source = _lines(name, stream, needles)
            try:
                yield from csv.reader(source, delimiter=delimiter)
            except csv.Error as problem:
                raise UnreadableFile(
                    f"{name} is not a readable CSV ({problem}). It may be cut off inside a quoted cell: "
                    "download it again."
                ) from None
            except _BROKEN as problem:
                raise UnreadableFile(f"{name} breaks off while being read ({problem}). Download it again.") from None

    return Sheet(name, False, rows, text=True)


def _lines(name: str, stream: IO[bytes], needles: tuple[bytes, ...]) -> Iterator[str]:
    """Lines as text. With needles, only the first lines (headings) and those that hold one of them."""
    for position, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE), b"")):
        if len(line) >= LONGEST_LINE:
            raise UnreadableFile(f"{name}: a line is over a million characters long, so it is no table of ours.")
        if position == 0:
            line = line.removeprefix(b"\xef\xbb\xbf")
        elif needles and position >= TOP and not any(needle in line for needle in needles):
            continue
        if b"\0" in line:
            raise _nul(name)
        yield _decoded(line)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _nul(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name} holds NUL bytes, so it is not text or was damaged on the way. Download it again as CSV or workbook."
    )


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 by its mark, or UTF-16 by every other byte being zero."""
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return encoding
    sample = head[:4096]
    if len(sample) >= 8 and 0.3 < sample.count(0) / len(sample) <= 0.5:
        return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
    return None


def _delimiter(sample: str) -> str:
    lines = sample.splitlines()[:TOP]
    counts = {mark: max((line.count(mark) for line in lines), default=0) for mark in ",\t;|"}
    return max(counts, key=counts.get)


# -------------------------------------------------------------------------------------- workbooks


def _xls(name: str, content: bytes) -> tuple[Sheet, ...]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
        names = book.sheet_names()
        hidden = [visibility != 0 for visibility in book._sheet_visibility]
    except Exception as problem:  # xlrd raises almost anything on a damaged file
        raise UnreadableFile(
            f"{name} is an old Office file that cannot be read as a workbook ({_said(problem)}). It may be protected, "
            "cut off or a document. Download it again, or save it as XLSX."
        ) from None

    def reader(position: int) -> Callable[..., Iterator[list]]:
        def rows(needles: tuple[bytes, ...] = ()) -> Iterator[list]:
            try:
                sheet = book.sheet_by_index(position)
                for index in range(sheet.nrows):
                    yield [_xls_cell(cell, book.datemode) for cell in sheet.row(index)]
            except UnreadableFile:
                raise
            except Exception as problem:
                raise UnreadableFile(
                    f"{name}: the sheet {names[position]!r} is damaged ({_said(problem)}). Download it again."
                ) from None

        return rows

    return tuple(Sheet(title, hidden[i], reader(i)) for i, title in enumerate(names))


def _xls_cell(cell, datemode: int) -> object:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError, xlrd.xldate.XLDateError):
            return cell.value
    if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None  # an error's number (15 for #VALUE!) is no figure
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


def _xlsx(name: str, file: io.BytesIO) -> tuple[Sheet, ...]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as problem:
        raise UnreadableFile(
            f"{name} is a workbook that cannot be read ({_said(problem)}). It may be protected or cut off: "
            "download it again."
        ) from None

    def reader(title: str) -> Callable[..., Iterator[list]]:
        def rows(needles: tuple[bytes, ...] = ()) -> Iterator[list]:
            try:
                sheet = book[title]
                sheet.reset_dimensions()  # some official files say that a sheet is one cell large
                for row in sheet.iter_rows(values_only=True):
                    yield [None if isinstance(value, str) and value.startswith("#") else value for value in row]
            except Exception as problem:
                raise UnreadableFile(
                    f"{name}: the sheet {title!r} is damaged ({_said(problem)}). Download it again."
                ) from None

        return rows

    return tuple(Sheet(sheet.title, sheet.sheet_state != "visible", reader(sheet.title)) for sheet in book.worksheets)


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_WIDEST, _MOST_ALIKE = 500, 5_000  # cells of a row, and rows or cells alike that are told once with how often


def _ods(name: str, content: bytes) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as stream:
            root = ElementTree.parse(stream).getroot()  # noqa: S314 (expat itself stops entities that grow)
    except (ElementTree.ParseError, KeyError, *_BROKEN) as problem:
        raise UnreadableFile(
            f"{name} is an OpenDocument workbook that cannot be read ({_said(problem)}). Download it again."
        ) from None

    def reader(table: ElementTree.Element) -> Callable[..., Iterator[list]]:
        def rows(needles: tuple[bytes, ...] = ()) -> Iterator[list]:
            for row in table.iter(_OFFICE % "table" + "table-row"):
                found: list = []
                for cell in row:
                    found += [_ods_cell(cell)] * _often(cell, "columns", _WIDEST)
                while found and found[-1] is None:
                    found.pop()
                yield from [found[:_WIDEST]] * (_often(row, "rows", _MOST_ALIKE) if found else 1)

        return rows

    tables = root.iter(_OFFICE % "table" + "table")
    return tuple(Sheet(table.get(_OFFICE % "table" + "name", ""), False, reader(table)) for table in tables)


def _often(element: ElementTree.Element, what: str, most: int) -> int:
    said = element.get(_OFFICE % "table" + f"number-{what}-repeated", "1")
    return min(int(said), most) if said.isdecimal() else 1


def _ods_cell(cell: ElementTree.Element) -> object:
    kind = cell.get(_OFFICE % "office" + "value-type")
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(_OFFICE % "office" + "value", "nan"))
    if kind == "date":
        return cell.get(_OFFICE % "office" + "date-value", "")[:10]
    return " ".join("".join(part.itertext()) for part in cell.findall(_OFFICE % "text" + "p")) or None


def _said(problem: Exception) -> str:
    return " ".join(str(problem).split())[:120] or type(problem).__name__


# -------------------------------------------------------------------------------------------- zip


def _zip(path: Path) -> tuple[str, tuple[Sheet, ...]]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as problem:
        raise UnreadableFile(
            f"{path.name} begins as a zip or workbook but is cut off or damaged ({_said(problem)}). Download it again."
        ) from None
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = {member.filename for member in members}
    _refuse_bombs(path, members, _MOST_WORKBOOK if "xl/workbook.xml" in names else _MOST_UNPACKED)
    if "xl/workbook.xml" in names:
        return "XLSX workbook", _xlsx(path.name, io.BytesIO(path.read_bytes()))
    if "mimetype" in names and archive.read("mimetype").strip() == _ODS:
        return "ODS workbook", _ods(path.name, path.read_bytes())
    if "mimetype" in names or "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise UnreadableFile(f"{path.name} is an Office document but no workbook. Save the table as XLSX or CSV.")
    _refuse_climbing(path, members)
    data = [m for m in members if m.filename.lower().endswith(_DATA) and not _rubbish(m.filename)]
    if not data:
        inside = words.listed(sorted(names)[:5]) or "nothing"
        more = " Unpack the inner zip first." if any(n.lower().endswith(".zip") for n in names) else ""
        raise UnreadableFile(f"{path.name} is a zip that holds {inside}, and no CSV or workbook.{more}")
    if any(member.flag_bits & 1 for member in data):
        raise UnreadableFile(f"{path.name} is a zip with a password. Unpack it first.")
    sheets: list[Sheet] = []
    for member in data:
        sheets += _member(path.name, archive, member)
    return f"zip of {words.plural(len(data), 'file')}", tuple(sheets)


def _member(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[Sheet, ...]:
    name = f"{file} ({PurePosixPath(member.filename).name})"
    try:
        with archive.open(member) as stream:
            head = stream.read(65_536)
            whole = b""
            if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
                if member.file_size > 300_000_000:
                    raise UnreadableFile(
                        f"{name} is too large a workbook ({member.file_size:,} bytes). Check that it is the data file."
                    )
                whole = head + stream.read()
    except _BROKEN as problem:
        raise UnreadableFile(f"{name} is damaged ({_said(problem)}). Download it again.") from None
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _xls(name, whole)
    if head.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(whole)) as inner:
                _refuse_bombs(Path(name), inner.infolist(), _MOST_WORKBOOK)
        except zipfile.BadZipFile as problem:
            raise UnreadableFile(f"{name} is damaged ({_said(problem)}). Download it again.") from None
        return _xlsx(name, io.BytesIO(whole))
    if not head.strip():
        return ()
    _refuse_pages(name, head)
    return (_text_sheet(name, lambda: archive.open(member), head),)


def _refuse_climbing(path: Path, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or re.match(r"[a-zA-Z]:", name):
            raise UnreadableFile(
                f"{path.name} holds a file named {member.filename!r}, a path out of its own folder. "
                "No official zip does: do not open it; download the file from the publisher's page."
            )


def _refuse_bombs(path: Path, members: list[zipfile.ZipInfo], most: int) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    larger_than_file = path.exists() and packed > path.stat().st_size
    if unpacked > most or (unpacked > 50_000_000 and unpacked / packed > _MOST_RATIO) or larger_than_file:
        raise UnreadableFile(
            f"{path.name} would unpack to {unpacked / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB: more than any "
            "official file of these publications. It was not opened."
        )


def _rubbish(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith((".", "~$"))


def preamble(sheet: Sheet) -> dict[str, str]:
    """The labelled lines above a table (``Period:``, ``Published:``), label in small letters without its colon."""
    found: dict[str, str] = {}
    for row in sheet.top:
        said = [cell for cell in row if cells.text(cell)]
        for label, value in zip(said, said[1:]):
            name = cells.text(label)
            if name.endswith(":") and len(name) < 30 and not cells.text(value).endswith(":"):
                found.setdefault(name[:-1].casefold(), value)
    return found
