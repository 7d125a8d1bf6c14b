"""Every file of the data damaged in five ways, each time with the app begun anew: what does a page that needs it show?

    python -m tests.faults                   every file, some 600 trials, about twenty minutes (Linux, macOS)
    python -m tests.faults --files 100       so many of them, by seed: 500 trials
    python -m tests.faults text/ranges.toml  this one

A file is deleted, cut off, has one bit turned, may not be read, or is a folder. Which pages read it is noted first, with
whole data. For each trial a process of its own opens the home page, frame and all, and goes on to the page that reads the
fewest files besides; where no page reads it as it opens, the catalogue's door to it is tried. Counted is what came of
it; whatever is not said in words, with the file named, is printed, and so is a home page that fails though it does
not need the file; the program then ends with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Libraries alone: the app and its core are imported in each trial anew, as by a server that starts.
import altair
import geopandas
import numpy  # noqa: F401
import streamlit  # noqa: F401
import vl_convert  # noqa: F401
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
WAYS = ("deleted", "cut off", "one bit turned", "unreadable", "a folder")
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("[a-z]*.py"))
assert altair and geopandas


def damage(path: Path, way: str) -> None:
    """Do that to a file. "unreadable" is done in the trial: an administrator may read what nobody may."""
    content = path.read_bytes()
    if way in ("deleted", "a folder"):
        path.unlink()
    if way == "a folder":
        path.mkdir()
    elif way == "cut off":
        path.write_bytes(content[: len(content) * 2 // 3])
    elif way == "one bit turned":
        at = len(content) // 2
        path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])


def mend(path: Path, whole: Path) -> None:
    if path.is_dir():
        path.rmdir()
    shutil.copyfile(whole, path)


def apart(do: Callable[[], Any]) -> Any:
    """What ``do`` gives in a process of its own, or how that ended."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        try:
            said = do()
        except BaseException as problem:
            said = {"raised": f"{type(problem).__name__}: {problem}"}
        with os.fdopen(into, "w") as pipe:
            json.dump(said, pipe)
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"raised": "the process ended"}


def opened(page: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What home shows as the app is first opened, and then the page: exceptions, and errors in words."""
    from pages.components import seams

    begin = PagesManager.__init__

    def begun(manager: PagesManager, *given: Any, **named: Any) -> None:
        begin(manager, *given, **named)
        seams.only_listed_pages()  # as app.py does once as the server starts

    PagesManager.__init__ = begun  # type: ignore[method-assign]
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()
    home = _shown(app)
    return home, _shown(app.switch_page(f"pages/{page}.py").run()) if page != "home" else home


def _shown(app: AppTest) -> dict[str, Any]:
    return {"exceptions": [one.message for one in app.exception], "said": [one.value for one in app.error]}


def read_by(page: str) -> list[str]:
    """The files that home and a page read as they open."""
    from ics_core.catalogue import files

    noted, read = set(), files.read

    def note(data: Path, path: str) -> bytes:
        noted.add(path)
        return read(data, path)

    files.read = note
    shown = opened(page)
    if any(one["exceptions"] or one["said"] for one in shown):
        raise RuntimeError(f"{page} with whole data: {shown}")
    return sorted(noted)


def door(path: str) -> dict[str, Any]:
    """What the catalogue says when asked for the file itself."""
    from ics_core import catalogue

    name = Path(path).stem
    try:
        if path.endswith(".geojson"):
            catalogue.geometry(name)
        elif path.endswith((".csv", ".parquet")):
            catalogue.table(name)
        elif path.endswith(".md"):
            catalogue.text(path.removeprefix("text/").removesuffix(".md"))
        else:
            catalogue.toml(path.removesuffix(".toml"))
    except catalogue.CatalogueError as problem:
        return {"exceptions": [], "said": [str(problem)]}
    return {"exceptions": [], "said": []}


def outcome(shown: dict[str, Any], path: str) -> str:
    """ "" for words that name the file, else what is wrong."""
    if "raised" in shown:
        return f"ended with {shown['raised']}"
    if shown["exceptions"]:
        return f"an exception: {shown['exceptions'][0]}"
    return "" if any(f"data/{path} " in said for said in shown["said"]) else "shown as if nothing were wrong"


def tried(data: Path, path: str, way: str, page: str) -> dict[str, dict[str, Any]]:
    """What home shows, and the page that needs the file or the door to it."""

    def trial() -> dict[str, dict[str, Any]]:
        if way == "unreadable":
            whole = Path.read_bytes

            def refuse(one: Path) -> bytes:
                if one == data / path:
                    raise PermissionError(13, "Permission denied")
                return whole(one)

            Path.read_bytes = refuse  # type: ignore[method-assign]
        home, shown = opened(page or "home")
        return {"home": home, "shown": shown if page else door(path)}

    found = apart(trial)
    return {"home": found, "shown": found} if "raised" in found else found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="which, such as places/pcns.csv")
    parser.add_argument("--files", type=int, default=0, help="how many files, by seed; all unless given")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    os.environ["ICS_DATA"] = str(data)
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    files = ["datapackage.json", *(one["path"] for one in package["resources"]), *package["texts"]]
    if asked.names:
        files = asked.names
    elif asked.files:
        files = random.Random(asked.seed).sample(files, asked.files)

    reads = {page: apart(lambda page=page: read_by(page)) for page in PAGES}
    if broken := {page: found for page, found in reads.items() if not isinstance(found, list)}:
        raise SystemExit(f"With whole data: {broken}")
    by_file = defaultdict(list)
    for page in sorted(PAGES, key=lambda page: len(reads[page])):
        for path in reads[page]:
            by_file[path].append(page)

    counted: Counter[tuple[str, str]] = Counter()
    wrong = []
    for path in files:
        page = next(iter(by_file[path]), "")
        for way in WAYS:
            damage(data / path, way) if way != "unreadable" else None
            found = tried(data, path, way, page)
            mend(data / path, ROOT / "data" / path)
            fault = outcome(found["shown"], path)
            became = "not in words" if fault else f"in words, {'on the page' if page else 'at the door'}"
            counted[way, became] += 1
            if fault:
                wrong.append(f"{path} {way}, {page or 'door'}: {fault[:300]}")
            if path not in reads["home"] and found["home"] != {"exceptions": [], "said": []}:
                wrong.append(f"{path} {way}, home that does not need it: {found['home']}"[:400])
    shutil.rmtree(folder)
    columns = sorted({became for _, became in counted})
    for way in WAYS:
        print(f"{way}: " + ", ".join(f"{became} {counted[way, became]}" for became in columns))
    print(
        f"{sum(n for (_, became), n in counted.items() if became.startswith('in words'))} of {5 * len(files)} in words"
    )
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
