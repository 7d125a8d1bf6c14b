"""Pictures of the pages with levers leave room for what they show, at every width, and keep still while one moves."""

import json
import re

import pandas as pd
import pytest
import vl_convert

from ics_core import words
from ics_core.scenario import Scenario
from pages.components.charts import bars, lines
from pages.components.charts.picture import Picture
from pages.components.frame import mode
from pages.components.frame.show import still
from pages.figures import registry

PAGES = ("population", "demand", "money", "outlook_2018", "travel")
MOVED = {"migration": "900", "efficiency": "3"}
NO_CHARTS = {"beyond", "capacity", "said-and-since", "assumptions"}  # a map, numbers and lists
ENTRIES = [entry for page in PAGES for entry in registry.figures(page) if entry.id not in NO_CHARTS]


def drawn(picture, width: int, height: int = 400) -> str:
    """The picture as SVG, fitted into a space as the page fits it."""
    fitted = {"type": "fit", "contains": "padding"}
    return vl_convert.vegalite_to_svg(still(picture).properties(width=width, height=height, autosize=fitted).to_dict())


def plot(svg: str) -> tuple[float, float]:
    """Width and height of the plot."""
    found = re.search(r'role-frame root".*?d="M0(?:\.5)?,0(?:\.5)?h([\d.]+)v([\d.]+)', svg)
    return float(found[1]), float(found[2])


@pytest.fixture(params=ENTRIES, ids=lambda entry: f"{entry.page}/{entry.id}", scope="module")
def picture(request):
    return registry.make(request.param.page, request.param.id, MOVED)[1]


def test_the_plot_has_three_quarters_of_a_phone_and_more_than_half_of_a_wide_screen(picture):
    assert plot(drawn(picture, 358))[0] >= 0.75 * 358
    across, _ = plot(drawn(picture, 900))
    labelled = isinstance(picture, Picture) and "turn" in picture.data
    assert across - (132 if labelled else 0) >= 0.55 * 900


def test_no_name_of_a_bar_or_axis_stands_beside_the_plot(picture):
    spec = still(picture).to_dict()
    for layer in spec.get("layer", [spec]):
        upright = layer.get("encoding", {}).get("y", {})
        assert not upright.get("title"), "its title stands above the picture"
        assert upright.get("type") != "nominal" or upright.get("axis", "") is None


@pytest.mark.parametrize("lever", ["fertility", "migration"])
def test_no_label_however_long_moves_the_plot(lever):
    frame = registry.make("population", "over-time", {lever: "3"})[0].table
    sizes = set()
    for name in (
        "A",
        "This scenario",
        "A scenario with a name of the full length of eighty signs, and then some more words",
    ):
        named = frame.assign(series=frame["series"].where(frame["kind"] != "projected", name))
        sizes.add(plot(drawn(lines.projected_line(named, unit="Residents"), 700)))
    assert len(sizes) == 1


def test_labels_do_not_lie_on_each_other():
    spec = drawn(registry.make("population", "over-time", {"fertility": "-1"})[1], 700, 260)
    at = re.findall(
        r'<text[^>]*transform="translate\(([\d.]+),([\d.]+)\)"[^>]*font-size="12px"[^>]*font-weight="600"', spec
    )
    down = sorted({round(float(y), 1) for x, y in at if float(x) > 350})
    assert len(down) >= 4
    assert all(below - above >= 15 for above, below in zip(down, down[1:]))


def test_an_axis_leaves_its_domain_only_where_a_value_does_and_by_whole_steps():
    assert lines.axis(12, 95, (10, 100)) == lines.axis(40, 60, (10, 100)) == (0, 120)
    assert lines.axis(12, 121, (10, 100)) == (0, 140)
    assert lines.axis(-5, 95, (10, 100)) == (-20, 120)
    assert lines.axis(0.0, 95, (10, 100))[0] == 0


@pytest.mark.parametrize(
    "moved", [Scenario(), Scenario(migration=1234, fertility=-7), Scenario(mortality=13, falls=37)]
)
def test_bars_of_a_sum_are_written_so_that_they_sum_to_the_total_that_is_written(moved):
    for page in ("population", "demand", "money"):
        for id in {"population": ["drivers"], "demand": ["drivers"], "money": ["money-steps"]}[page] + ["levers-did"]:
            entry = registry.entry(page, id)
            rows = entry.make(entry.view(scenario=moved))[1].data["steps"]
            said = [float(text.replace(",", "").replace("−", "-")) for text in rows["text"]]
            assert sum(said[:-1]) == pytest.approx(said[-1]), (page, id)
            assert not any("-" in text or text.startswith("−0") for text in rows["text"])


def test_type_grows_with_the_window_in_a_room_and_the_column_of_labels_with_it():
    spec = mode.enlarge(json.loads(registry.make("population", "over-time")[1].instructions))
    params = {one["name"]: one for one in spec["params"]}
    assert "windowSize()[1]" in params["tall"]["expr"] and "tall" in params["enlarged"]["expr"]
    assert "enlarged" in params["label_column"]["expr"]


def test_what_a_kind_of_line_is_called_is_words():
    assert all(" " in one.said or one.said.islower() for one in lines.KINDS_OF_LINE.values())
    assert words.capital(lines.KINDS_OF_LINE["unmoved"].said) == "Projected, no lever moved"


def test_bars_with_a_key_above_them_keep_their_room():
    frame = pd.DataFrame({"what": ["one", "two", "three"], "value": [1.0, -2.0, 3.0]})
    plain, keyed = (
        json.loads(bars.differences(frame, "what", "value", unit="%", meaning=meaning).instructions)["height"]
        for meaning in (None, ("more", "less"))
    )
    assert keyed - plain >= 40
