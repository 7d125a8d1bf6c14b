"""Another area is another folder of data: Suffolk and North East Essex, from national tables and its own area.toml."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ics_core import catalogue
from ics_core.catalogue import descriptors

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "second_area"
NAME, CODE = "Suffolk and North East Essex", "E54000023"
# Tables and maps that are about England or all its systems; everything else in data/ is of one area.
NATIONAL = {
    "systems",
    "system_metrics",
    "system_observations",
    "system_sources",
    "system_successors",
    "systems_outlines",
    "timeline",
    "founding_documents",
    "founding_facts",
}
NEED_NO_TABLE = {"running_order"}
NEED_ONLY_NATIONAL = {"systems", "system_profile", "nearest_systems", "reshaped"}
OF_NO_AREA = {"running_order"}  # shows no figure by itself
OPEN_EVERY_PAGE = """
import json, logging, pathlib
logging.disable(logging.ERROR)
from streamlit.testing.v1 import AppTest
seen = {}
for path in sorted(pathlib.Path("pages").glob("[a-z]*.py")):
    script = f"import runpy\\nfrom pages.components.frame import problems\\n"
    script += f"with problems.in_words():\\n    runpy.run_path({str(path)!r})"
    page = AppTest.from_string(script, default_timeout=120).run()
    said = [element.value for kind in ("markdown", "caption") for element in page.get(kind)]
    said += [element.proto.body for element in page.get("html")]
    seen[path.stem] = {
        "exceptions": [error.message for error in page.exception],
        "errors": [error.value for error in page.error],
        "said": "\\n".join(said),
    }
print(json.dumps(seen))
"""


def build(folder: Path) -> Path:
    """The data folder of the second area: national tables, the texts, its own area.toml and its outline."""
    ours = set()
    for name in [*catalogue.tables(), *(f"{one}_outlines" for one in catalogue.geometries())]:
        path = Path(catalogue.describe(name)["path"])
        ours |= set() if name in NATIONAL else {path, path.with_name(f"{name}.toml")}
    for source in catalogue.DATA.rglob("*.*"):
        path = source.relative_to(catalogue.DATA)
        if source.is_file() and path not in ours:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / path)
    outlines = json.loads((catalogue.DATA / "geography/systems.geojson").read_text(encoding="utf-8"))
    outlines["features"] = [one for one in outlines["features"] if one["properties"]["code"] == CODE]
    (folder / "geography/footprint.geojson").write_text(json.dumps(outlines), encoding="utf-8")
    shutil.copy(folder / "geography/systems_outlines.toml", folder / "geography/footprint_outlines.toml")
    shutil.copy(FIXTURE / "area.toml", folder)
    (folder / "datapackage.json").write_text(descriptors.compiled(folder), encoding="utf-8")
    return folder


def run(script: str, data: Path) -> subprocess.CompletedProcess:
    """The script in a process of its own, as the area is read once, at start."""
    command, environment = [sys.executable, "-c", script], os.environ | {"ICS_DATA": str(data)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """What each page of the second area says, by its name."""
    done = run(OPEN_EVERY_PAGE, build(tmp_path_factory.mktemp("data")))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_page_that_needs_only_national_data_opens_on_the_second_area(pages):
    for name in NEED_ONLY_NATIONAL:
        assert not pages[name]["exceptions"] and not pages[name]["errors"], (name, pages[name])
        assert NAME in pages[name]["said"], name
    assert pages["system_profile"]["said"].startswith(f"# {NAME}")


def test_every_other_page_says_which_table_is_missing(pages):
    assert set(pages) > NEED_ONLY_NATIONAL
    for name in set(pages) - NEED_ONLY_NATIONAL - NEED_NO_TABLE:
        assert pages[name]["errors"] and not pages[name]["exceptions"], (name, pages[name]["exceptions"])
        for problem in pages[name]["errors"]:
            kind, missing = re.search(r"There is no (table|geometry|resource) called '(\w+)'", problem).groups()
            known = {"geometry": catalogue.geometries()}.get(kind, catalogue.tables())
            assert missing in known and missing not in NATIONAL, (name, problem)


def test_a_wrong_field_of_the_area_stops_the_app_at_start_in_words(tmp_path):
    data, text = build(tmp_path), (FIXTURE / "area.toml").read_text(encoding="utf-8")
    (data / "area.toml").write_text(text.replace('kind = "acute"', 'kind = "accute"', 1), encoding="utf-8")
    (data / "datapackage.json").write_text(descriptors.compiled(data), encoding="utf-8")
    done = run("import app", data)
    assert done.returncode and done.stderr.splitlines()[-1].endswith(
        "data/area.toml: trusts, RDE: kind = 'accute' should be one of acute, mental health, community, ambulance. "
        "Did you mean acute?"
    )
