"""The bytes of a file of ``data/``, as they were stamped; and where they are not, what is wrong and how to mend it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from ics_core.errors import CatalogueError

PACKAGE = "datapackage.json"
STAMP = "After an intended edit, run `python -m ics_core.catalogue --stamp`."
_POINTER = b"version https://git-lfs.github.com/spec/"


def digest(content: bytes) -> str:
    """SHA-256 as the package writes it: ``sha256:`` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def read(data: Path, path: str) -> bytes:
    """A file of the data folder as it is, unchecked. Raises ``CatalogueError`` if it cannot be read."""
    try:
        return (data / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise CatalogueError(f"data/{path} is missing. {_restore(data, path)}") from None
    except OSError as problem:
        if (data / path).is_dir():
            raise CatalogueError(f"data/{path} is a folder where a file belongs. {_restore(data, path)}") from None
        if isinstance(problem, PermissionError):
            raise CatalogueError(
                f"data/{path} may not be read by the account that runs this. Allow it to read the file, "
                f"for example with `chmod u+r data/{path}`."
            ) from None
        raise CatalogueError(f"data/{path} cannot be read ({problem.strerror}). {_restore(data, path)}") from None


def checked(data: Path, path: str, stamped: dict[str, Any], known: dict[str, Any]) -> bytes:
    """A file as it was stamped: ``stamped`` has its ``hash`` and its ``bytes`` or ``size``, ``known`` is the package.

    Raises ``CatalogueError`` if it cannot be read or is not what it was.
    """
    content = read(data, path)
    if digest(content) == stamped["hash"]:
        return content
    if package(data)["checksum"] != known["checksum"]:
        raise CatalogueError(f"data/{path} was changed while the app was running. Start the app again.")
    raise CatalogueError(_difference(data, path, content, stamped))


def text(path: str, content: bytes) -> str:
    """A text as the package wants it: UTF-8 without a mark, LF line ends. Raises ``CatalogueError``."""
    if b"\r" in content:
        raise CatalogueError(_line_ends(path))
    if content.startswith(b"\xef\xbb\xbf"):
        raise CatalogueError(f"data/{path} begins with a byte-order mark. Save it as UTF-8 without one.")
    if content.startswith(_POINTER):
        raise CatalogueError(_pointer(path))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise CatalogueError(f"data/{path} is not UTF-8 text (byte {problem.start}). Save it as UTF-8.") from None


def package(data: Path) -> dict[str, Any]:
    """The compiled description of everything, its own checksum confirmed. Raises ``CatalogueError``."""
    content = read(data, PACKAGE)
    try:
        found = json.loads(content)
        if digest(content.replace(found["checksum"].encode(), b"", 1)) == found["checksum"]:
            return found
        problem = "differs from its checksum"
    except (ValueError, LookupError, TypeError, AttributeError):
        problem = "is cut off or no JSON" if content.strip() else "is empty"
    raise CatalogueError(_package_difference(data, content, problem))


def sealed(document: dict[str, Any]) -> str:
    """The text of ``datapackage.json``; ``checksum`` is that of the text without these 71 characters."""
    bare = json.dumps({**document, "checksum": ""}, indent=1, ensure_ascii=False) + "\n"
    return bare.replace('\n "checksum": ""', f'\n "checksum": "{digest(bare.encode())}"')


def _difference(data: Path, path: str, content: bytes, stamped: dict[str, Any]) -> str:
    size = stamped["bytes"] if "bytes" in stamped else stamped["size"]
    if content.startswith(_POINTER):
        return _pointer(path)
    if digest(content.replace(b"\r\n", b"\n")) == stamped["hash"]:
        return _line_ends(path)
    restore = f"{_restore(data, path)} {STAMP}"
    if not content:
        return f"data/{path} is empty. {restore}"
    if len(content) < size:
        return f"data/{path} is cut off or shortened: {len(content):,} bytes of {size:,}. {restore}"
    return f"data/{path} differs from its checksum. {restore}"


def _package_difference(data: Path, content: bytes, problem: str) -> str:
    if content.startswith(_POINTER):
        return _pointer(PACKAGE)
    if b"\n<<<<<<<" in content or content.startswith(b"<<<<<<<"):
        return f"data/{PACKAGE} has a merge conflict in it. It is compiled: run `python -m ics_core.catalogue --stamp`."
    if b"\r\n" in content:
        return _line_ends(PACKAGE)
    return f"data/{PACKAGE} {problem}. {_restore(data, PACKAGE)} {STAMP}"


def _line_ends(path: str) -> str:
    return (
        f"data/{path} has Windows line ends (CRLF) where the package has LF. Save it with LF line ends, or clone "
        "the project again with the .gitattributes it now has."
    )


def _pointer(path: str) -> str:
    return f"data/{path} is a pointer of Git LFS and not the file itself. To fetch it, run `git lfs pull`."


def _restore(data: Path, path: str) -> str:
    if data.name == "data" and (data.parent / ".git").exists():
        return f"To restore it, run `git checkout -- data/{path}`."
    return "To restore it, install or unpack the project again."
