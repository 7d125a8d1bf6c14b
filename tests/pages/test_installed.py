"""The package as pip installs it: its data inside, what it needs said once, the same figures in any folder."""

import os
import pickle
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import ics_core
from ics_core import catalogue, population, profiles, spc
from pages.figures import registry

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FIGURES = [
    ("population", "over-time", {"place": "E07000147", "migration": "500"}),
    ("demand", "drivers", {"smoking": "50"}),
    ("travel", "by-minutes", {}),
    ("ambition", "measure", {"ambition": "1"}),
    ("systems", "rank", {"measure": "need_index"}),
]


def pinned(name: str) -> dict[str, set[str]]:
    """Package -> its pinned release (or releases, by Python), in a file of requirements and those it takes in."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        said = line.partition("#")[0].strip()
        if said.startswith("-r "):
            found |= pinned(str((ROOT / name).parent.joinpath(said[3:]).resolve().relative_to(ROOT)))
        elif said:
            one = Requirement(said)
            (pin,) = one.specifier
            assert pin.operator == "==", said
            found.setdefault(canonicalize_name(one.name), set()).add(pin.version)
    return found


def ranges(*extras: str) -> dict[str, Requirement]:
    """Package -> the range that ``pyproject.toml`` gives for it, of the core and these extras."""
    said = [*PROJECT["dependencies"], *(one for extra in extras for one in PROJECT["optional-dependencies"][extra])]
    found = {canonicalize_name(one.name): one for one in map(Requirement, said)}
    return {name: one for name, one in found.items() if name != PROJECT["name"]}


@pytest.mark.parametrize(
    ("file", "extras"),
    [("requirements.txt", ("maps", "app")), ("tests/requirements.txt", ("maps", "app", "test"))],
)
def test_what_is_pinned_is_what_the_package_asks_for_within_its_ranges(file, extras):
    pins, asked = pinned(file), ranges(*extras)
    assert set(pins) == set(asked)
    assert not [(name, pin) for name, some in pins.items() for pin in some if pin not in asked[name].specifier]


def test_the_lock_holds_what_is_pinned_and_what_the_package_asks_for():
    """``uv sync`` and ``pip install -r`` bring the same releases: whoever changes one makes the lock anew."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    held: dict[str, set[str]] = {}
    for one in lock["package"]:
        held.setdefault(one["name"], set()).add(one.get("version", ""))
    assert {name: held.get(name) for name in pinned("tests/requirements.txt")} == pinned("tests/requirements.txt")
    (ours,) = (one["metadata"]["requires-dist"] for one in lock["package"] if one["name"] == PROJECT["name"])
    asked = {(canonicalize_name(one["name"]), one.get("specifier", "")) for one in ours if "editable" not in one}
    everything = ranges("maps", "app", "test")
    assert {(name, str(one.specifier)) for name, one in everything.items()} == {
        pair for pair in asked if pair[0] != PROJECT["name"]
    }
    assert PROJECT["requires-python"] == lock["requires-python"]


def test_how_to_cite_it_names_this_version_and_this_release_of_the_data():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == ics_core.__version__
    (data,) = cited["references"]
    assert data["version"] == catalogue.release()
    released = re.search(
        rf"(?m)^## {re.escape(ics_core.__version__)} - (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8")
    )
    assert released and str(cited["date-released"])[:7] == pd.Timestamp(released[1]).strftime("%Y-%m")


def test_what_runs_the_app_brings_no_browser_and_no_test_tool():
    assert not {"playwright", "pytest", "scipy", "scikit-learn"} & set(pinned("requirements.txt"))


def test_every_package_the_app_runs_on_was_looked_at_in_the_release_that_is_pinned():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in re.findall(r"^\| .* \|$", text, re.M)][2:]
    assert {canonicalize_name(row[0]): set(row[1].split(", ")) for row in rows} == pinned("requirements.txt")
    assert all(len(row) == 5 and all(row) for row in rows) and re.search(r"Looked at on \d+ \w+ 20\d\d", text)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The content of the wheel, in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


@pytest.mark.slow
def test_the_wheel_holds_the_core_its_data_and_nothing_else(installed):
    tracked = subprocess.run(
        ["git", "ls-files", "ics_core", "data"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    ours = {re.sub("^data/", "ics_core/data/", name) for name in tracked.stdout.splitlines()}
    packed = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    assert ours - packed == set()
    assert not [name for name in packed - ours if ".dist-info/" not in name and not (ROOT / name).exists()]
    assert not [name for name in packed if name.startswith(("ics_core/data/live", "ics_core/data/undo"))]


@pytest.mark.slow
def test_the_same_in_python_gives_the_figures_of_the_screen_in_any_folder(installed, tmp_path):
    screen = {}
    for page, id, query in FIGURES:
        screen[page, id], _ = registry.make(page, id, query)
    script = """
import pickle, sys
from ics_core import __version__, catalogue
codes, tables = pickle.load(open("codes", "rb")), {}
for key, code in codes.items():
    names = {}
    exec(code, names)
    tables[key] = names["table"]
left = [name for name in ("streamlit", "altair", "pages", "scipy") if name in sys.modules]
pickle.dump((str(catalogue.DATA), __version__, catalogue.damaged(), left, tables), open("made", "wb"))
"""
    (tmp_path / "codes").write_bytes(pickle.dumps({key: one.code for key, one in screen.items()}))
    surroundings = {key: value for key, value in os.environ.items() if key != "ICS_DATA"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=surroundings | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    data, version, damaged, left, tables = pickle.loads((tmp_path / "made").read_bytes())
    assert Path(data).is_relative_to(installed) and not damaged and not left
    assert re.search(
        rf"^Version: {re.escape(version)}$", next(installed.glob("*.dist-info/METADATA")).read_text(), re.M
    )
    for key, one in screen.items():
        pd.testing.assert_frame_equal(
            tables[key].reset_index(drop=True), one.table.reset_index(drop=True), check_dtype=False, obj=str(key)
        )


def test_help_on_the_core_names_each_of_its_doors():
    doors = {path.stem for path in (ROOT / "ics_core").glob("[a-z]*") if (path / "__init__.py").exists()}
    assert not [name for name in doors if not re.search(rf"\b{name}\b", ics_core.__doc__)]


def test_large_results_print_in_a_few_lines():
    results = (
        population.run(),
        population.project_draws(),
        spc.xmr(range(100), improvement="increase"),
        profiles.profile("E07000147"),
        registry.make("indicators", "found")[0],
    )
    for one in results:
        assert len(repr(one)) < 1000 and repr(one).startswith(type(one).__name__)
