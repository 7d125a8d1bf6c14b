"""All or nothing: a copy of the data folder is changed, and only when it is whole are its files put in place.

The files that were there are kept in ``data/undo``. From there a landing that was interrupted is rolled back, and
``undo`` restores the last one byte for byte.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from ics_core import catalogue, kept, words
from ics_core.errors import LandingError

_UNDO, _JOURNAL = "undo", "landing.zip"
_LIVE = "live"  # answers of workshops, which go on being written meanwhile
_STALE = 900  # seconds after which a lock is of a landing that died


@contextmanager
def changing(folder: Path) -> Iterator[tuple[Path, str]]:
    """A copy of the data folder to change, and the number of the landing; what changed is put in place at the end.

    Raises ``LandingError`` with the folder as it was if the copy does not hold together.
    """
    with _alone(folder), _copy(folder) as copy:
        number = _next(folder)
        yield copy, number
        _stamp(copy)
        _put(copy, folder, _changed(copy, folder), number)
    kept.forget()


def _stamp(copy: Path) -> None:
    """Sizes and checksums of the copy, in a process of its own: the catalogue of this one keeps its folder."""
    script = (
        "import sys; from pathlib import Path; from ics_core import catalogue; catalogue.DATA = Path(sys.argv[1]); "
        "catalogue.stamp(); problems = catalogue.damaged(); print('\\n'.join(problems)); sys.exit(bool(problems))"
    )
    root = Path(__file__).resolve().parent.parent.parent
    done = subprocess.run(  # noqa: S603 (our own arguments)
        [sys.executable, "-c", script, str(copy)], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LandingError(f"The changed tables do not hold together, so nothing landed. {done.stdout}{done.stderr}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One landing at a time; what an earlier one left half done is rolled back first."""
    undo = folder / _UNDO
    try:
        undo.mkdir(exist_ok=True)
    except OSError as problem:
        raise LandingError(
            f"The folder {folder} cannot be written ({problem.strerror}), so nothing can land here."
        ) from None
    lock = undo / "lock"
    if lock.exists() and time.time() - lock.stat().st_mtime > _STALE:
        lock.unlink()
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        raise LandingError(f"Another landing is under way. Wait for it, or remove {lock} if there is none.") from None
    try:
        for left in undo.glob(".landing-*"):
            shutil.rmtree(left, ignore_errors=True)
        if (undo / _JOURNAL).exists():
            _restore(folder, undo / _JOURNAL)
            (undo / _JOURNAL).unlink()
        yield
    finally:
        lock.unlink(missing_ok=True)


@contextmanager
def _copy(folder: Path) -> Iterator[Path]:
    parent = tempfile.mkdtemp(prefix=".landing-", dir=folder / _UNDO)
    try:
        copy = Path(parent) / "data"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(_UNDO, _LIVE))
        yield copy
    finally:
        shutil.rmtree(parent, ignore_errors=True)


def _changed(copy: Path, folder: Path) -> list[str]:
    """Files of the copy that differ from the folder's, the compiled description last."""
    found = []
    for path in sorted(copy.rglob("*")):
        name = path.relative_to(copy).as_posix()
        if path.is_file() and (not (folder / name).exists() or path.read_bytes() != (folder / name).read_bytes()):
            found.append(name)
    return sorted(found, key=lambda name: (name == "datapackage.json", name))


def _put(copy: Path, folder: Path, changed: Sequence[str], number: str) -> None:
    undo = folder / _UNDO
    manifest = {name: _digest(copy / name) for name in changed}
    journal = undo / _JOURNAL
    with zipfile.ZipFile(journal, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        for name in changed:
            if (folder / name).exists():
                archive.write(folder / name, f"before/{name}")
    try:
        for name in changed:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(copy / name, folder / name)
    except BaseException:
        _restore(folder, journal)
        journal.unlink()
        raise
    os.replace(journal, undo / f"{number}.zip")


def _restore(folder: Path, journal: Path) -> None:
    with zipfile.ZipFile(journal) as archive:
        names = set(archive.namelist())
        for name in json.loads(archive.read("manifest.json")):
            if f"before/{name}" not in names:
                (folder / name).unlink(missing_ok=True)
                continue
            fresh = folder / f"{name}.restored"
            fresh.write_bytes(archive.read(f"before/{name}"))
            os.replace(fresh, folder / name)


def recover() -> None:
    """Rolls a landing back that was interrupted, so that what is compared with is whole."""
    if (catalogue.DATA / _UNDO / _JOURNAL).exists():
        with _alone(catalogue.DATA):
            kept.forget()


def last() -> str:
    """The number of the landing that ``undo`` would take back; empty where there is none."""
    made = _landings(catalogue.DATA)
    return made[-1].stem if made else ""


def _landings(folder: Path) -> list[Path]:
    return sorted((folder / _UNDO).glob("[0-9]*.zip"))


def undo() -> str:
    """Takes the last landing back, byte for byte; refused where a file was changed since."""
    folder = catalogue.DATA
    with _alone(folder):
        if not (made := _landings(folder)):
            raise LandingError("There is no landing to take back: none was made here, or it was taken back already.")
        with zipfile.ZipFile(made[-1]) as archive:
            manifest = json.loads(archive.read("manifest.json"))
        since = [
            name for name, sha in manifest.items() if not (folder / name).exists() or _digest(folder / name) != sha
        ]
        if since:
            raise LandingError(
                f"{words.listed([f'data/{name}' for name in since[:5]])} changed since that landing, so taking it back "
                "would lose that change. Use git to go back instead."
            )
        _restore(folder, made[-1])
        made[-1].unlink()
    kept.forget()
    return f"Took back {made[-1].stem}: {words.plural(len(manifest), 'file')} as before."


def _next(folder: Path) -> str:
    today = date.today().isoformat()
    made = {row.stem for row in (folder / _UNDO).glob("*.zip")}
    log = folder / "changes.csv"
    if log.exists():
        with open(log, encoding="utf-8", newline="") as file:
            made |= {row["landing"] for row in csv.DictReader(file)}
    numbers = [int(name.removeprefix(f"{today}-")) for name in made if name.startswith(f"{today}-")]
    return f"{today}-{max(numbers, default=0) + 1:02}"  # above all: one that was taken back leaves a gap


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
