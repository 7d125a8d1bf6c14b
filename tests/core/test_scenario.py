"""The lever register and scenarios: what they promise, and what hostile input may not do."""

import copy
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import catalogue, results, scenario
from ics_core.scenario import BASES, Scenario, ScenarioError
from ics_core.scenario import saved as saved_files
from ics_core.workshop import known

ROOT = Path(__file__).resolve().parents[2]
LEVERS = scenario.levers()
ANYTHING = st.one_of(
    st.text(),
    st.floats(),
    st.integers(),
    st.none(),
    st.booleans(),
    st.lists(st.text()),
    st.dictionaries(st.text(), st.text()),
)
KEYS = st.one_of(st.sampled_from([*LEVERS, *(f"{i}_range" for i in LEVERS), "basis", "name"]), st.text())


@st.composite
def scenarios(draw):
    chosen = draw(st.lists(st.sampled_from(list(LEVERS)), unique=True, max_size=6))
    values = {i: draw(st.floats(LEVERS[i].low, LEVERS[i].high)) for i in chosen}
    ranged = draw(st.lists(st.sampled_from(list(LEVERS)), unique=True, max_size=4))
    ranges = {i: sorted(draw(st.tuples(*[st.floats(LEVERS[i].low, LEVERS[i].high)] * 2))) for i in ranged}
    return Scenario(basis=draw(st.sampled_from(list(BASES))), name=draw(st.text(max_size=100)), ranges=ranges, **values)


# ------------------------------------------------------------------------------------------ register


def test_the_register_has_the_four_population_levers_and_at_most_fifteen_public_ones():
    assert list(LEVERS)[:4] == ["fertility", "mortality", "migration", "retirement_migration"]
    assert 0 < sum(lever.public for lever in LEVERS.values()) <= 15


@pytest.mark.parametrize("lever", LEVERS.values(), ids=list(LEVERS))
def test_each_lever_speaks_for_itself(lever):
    assert len(lever.purpose.split()) <= 20 and lever.purpose.endswith(".")
    assert len(lever.background.split()) >= 15 and lever.source
    assert lever.group in scenario.groups()
    for end in {lever.low, lever.high} - {lever.default}:
        words = lever.change(end)
        assert "{" not in words and any(c.isdigit() for c in words)
    assert abs((lever.high - lever.low) / lever.step) <= 400, "a slider with more steps cannot be set by hand"


def test_the_observed_range_of_births_is_the_national_variants_of_the_last_year():
    table = catalogue.table("variant_ranges")
    last = table[table["year_ending_mid"] == 2043].set_index(["measure", "variant"])["ratio_to_principal"]
    births = last["total_fertility_rate"]
    assert LEVERS["fertility"].observed_low == round(100 * (births["low fertility"] - 1))
    assert LEVERS["fertility"].observed_high == round(100 * (births["high fertility"] - 1))


def test_observed_range_of_migration_is_the_footprints_share_of_the_national_variants():
    flows = catalogue.table("components").query(
        "source == 'snpp_2018_table5' and sex == 'persons' and area_code == 'E54000022' and year == 2030"
    )
    flows = flows.set_index("component")["value"]
    footprint = flows["international_migration_in"] - flows["international_migration_out"]
    national = (
        catalogue.table("variant_ranges")
        .query("measure == 'net_international_migration' and year_ending_mid == 2030")
        .set_index("variant")["value"]
    )
    swing = (national["high migration"] - national["principal"]) * footprint / national["principal"]
    assert LEVERS["migration"].observed_high == pytest.approx(swing, abs=25)
    assert LEVERS["migration"].observed_low == -LEVERS["migration"].observed_high
    assert "1.1%" in LEVERS["migration"].source and round(100 * footprint / national["principal"], 1) == 1.1


def test_observed_range_of_retirement_migration_is_that_of_single_years_against_their_mean():
    net = catalogue.table("components").query(
        "kind == 'estimate' and area_code == 'E10000020' and component == 'internal_net' and source != 'mye3_2021_census_day_to_mid_2021'"
    )
    by_year = net.groupby("year")["value"].sum()
    assert (by_year.index.min(), by_year.index.max()) == (2002, 2023)
    lever = LEVERS["retirement_migration"]
    assert lever.observed_low == round(100 * (by_year.min() / by_year.mean() - 1))
    assert lever.observed_high == round(100 * (by_year.max() / by_year.mean() - 1))


RECORD = """
[[group]]
id = "g"
label = "Group"
[[lever]]
id = "x"
label = "X"
group = "g"
public = true
purpose = "One."
background = "Two."
unit = "%"
default = 0.0
low = -1.0
high = 1.0
step = 0.1
decimals = 1
source = "S"
moves = "m"
direction = "up"
raised = "up {amount}"
lowered = "down {amount}"
"""


def test_a_sound_register_is_read():
    assert scenario.read_register(RECORD)[0]["x"].change(-0.5) == "down 0.5"


@pytest.mark.parametrize(
    ("wrong", "right", "complaint"),
    [
        ("default = 0.0", "default = 2.0", "default"),
        ("default = 0.0", 'default = "0"', "default"),
        ("default = 0.0", "default = nan", "default"),
        ("public = true", 'public = "yes"', "public"),
        ("decimals = 1", "decimals = true", "decimals"),
        ("step = 0.1", "step = 0.0", "step"),
        ('direction = "up"', 'direction = "sideways"', "direction"),
        ('group = "g"', 'group = "h"', "group"),
        ('unit = "%"', "", "unit"),
        ('unit = "%"', 'unit = "%"\nunits = "%"', "units"),
        ('purpose = "One."', f'purpose = "{"word " * 21}"', "purpose"),
        ('source = "S"', 'source = "S"\nobserved_low = -1.0', "observed"),
        ('source = "S"', 'source = "S"\nobserved_low = -5.0\nobserved_high = 0.5', "observed"),
        ('source = "S"', 'source = "S"\nlevels = { most = 7.0 }', "most"),
        ('id = "x"', 'id = "replace"', "taken"),
        ('id = "x"', 'id = "x_range"', "taken"),
        ('id = "x"', 'id = "ranges"', "taken"),
        ('id = "x"', 'id = "X-y"', "id"),
    ],
)
def test_a_faulty_register_names_the_lever_and_the_fault(wrong, right, complaint):
    with pytest.raises(ScenarioError, match=rf"(?s)levers.toml, .*{complaint}"):
        scenario.read_register(
            RECORD.replace(wrong, right, 1) if 'id = "x"' not in wrong else RECORD.replace(wrong, right)
        )


def test_a_lever_registered_twice_is_refused():
    with pytest.raises(ScenarioError, match="twice"):
        scenario.read_register(RECORD + RECORD[RECORD.index("[[lever]]") :])


# ------------------------------------------------------------------------------------------ scenario


def test_a_scenario_without_levers_is_the_official_projection():
    s = Scenario()
    assert s.basis == "ons-2022" and s.changes() == [] and s.warnings() == [] and s.to_query() == {}
    assert s.values() == {i: lever.default for i, lever in LEVERS.items()}


def test_a_lever_set_to_its_default_is_not_moved():
    assert Scenario(fertility=0) == Scenario() and hash(Scenario(fertility=0)) == hash(Scenario())


def test_levers_are_read_by_name_and_by_key_and_replaced():
    s = Scenario(fertility=-10)
    assert s.fertility == s["fertility"] == -10 and s.mortality == 0
    moved = s.replace(fertility=0, migration=500, name="Mine")
    assert moved == Scenario(migration=500, name="Mine") and s.fertility == -10


def test_scenarios_can_be_copied_pickled_and_used_as_keys():
    s = Scenario(fertility=-10, name="x")
    assert pickle.loads(pickle.dumps(s)) == copy.deepcopy(s) == s and {s: 1}[Scenario(name="x", fertility=-10.0)] == 1


def test_a_scenario_cannot_be_changed():
    with pytest.raises(AttributeError):
        Scenario().basis = "ons-2018"


def test_changes_are_told_in_words():
    assert Scenario(fertility=-10, migration=500).changes() == [
        "Birth rates 10% lower",
        "500 more people a year moving in",
    ]


def test_a_lever_beyond_what_was_observed_is_warned_about_in_words():
    (warning,) = Scenario(fertility=-20).warnings()
    assert "Birth rates" in warning and "−20%" in warning and "−11" in warning and "variants" in warning
    assert Scenario(fertility=-11).warnings() == []


@pytest.mark.parametrize("value", [99, -99, float("nan"), float("inf"), "10", None, True, [1], 10**400, 1j])
def test_a_value_that_cannot_be_is_refused_with_lever_range_and_fix(value):
    with pytest.raises(ScenarioError, match=r"(?s)fertility.*Choose a number from −30 to 30%"):
        Scenario(fertility=value)


def test_an_unknown_lever_is_refused_with_a_near_name():
    with pytest.raises(ScenarioError, match="fertility"):
        Scenario(fertilty=5)
    with pytest.raises(AttributeError, match="fertility"):
        _ = Scenario().fertilty
    with pytest.raises(ScenarioError, match="no lever"):
        Scenario()["zzz"]


@pytest.mark.parametrize("basis", ["ons-2030", "", None, 7, ["ons-2022"], "<b>"])
def test_an_unknown_basis_is_refused_with_the_known_ones(basis):
    with pytest.raises(ScenarioError, match="ons-2022 or ons-2018"):
        Scenario(basis=basis)


def test_a_name_is_plain_text_of_at_most_eighty_characters():
    assert Scenario(name="a\x00b\u202ec\n d  <b>x</b>").name == "abc d <b>x</b>"
    assert Scenario(name="n" * 200).name == "n" * 80
    with pytest.raises(ScenarioError, match="name"):
        Scenario(name=5)


# -------------------------------------------------------------------------------------------- ranges


def test_a_range_is_part_of_what_a_scenario_is():
    s = Scenario(fertility=-10, ranges={"migration": (-500, 2000), "fertility": (-20, 0)})
    assert s.ranges == (("fertility", (-20.0, 0.0)), ("migration", (-500.0, 2000.0)))
    again = Scenario(ranges={"fertility": (-20, 0), "migration": (-500, 2000)}, fertility=-10)
    assert (
        s == again
        and hash(s) == hash(again)
        and {s: 1}[pickle.loads(pickle.dumps(again))] == 1
        and copy.deepcopy(s) == s
    )
    assert s != Scenario(fertility=-10) and s != s.with_range("migration", (-500, 2050))
    with pytest.raises(AttributeError):
        s.ranges = ()


def test_ranges_stay_when_levers_are_replaced_and_are_set_one_by_one():
    s = Scenario(fertility=-10).with_range("fertility", (-20, 0)).replace(fertility=-5, name="Mine")
    assert s == Scenario(fertility=-5, name="Mine", ranges={"fertility": (-20, 0)})
    assert s.with_range("mortality", (0, 5)).with_range("fertility", None) == Scenario(
        fertility=-5, name="Mine", ranges={"mortality": (0, 5)}
    )
    assert s.replace(ranges={}) == Scenario(fertility=-5, name="Mine") and s.with_range("mortality", None) == s
    with pytest.raises(ScenarioError, match="fertility"):
        s.with_range("fertilty", None)


def test_a_range_reaches_out_to_a_lever_outside_it_and_the_scenario_says_so():
    inside, above, below = (Scenario(fertility=value, ranges={"fertility": (-10, 0)}) for value in (-5, 5, -11))
    assert [s.range_of("fertility") for s in (inside, above, below)] == [(-10, 0), (-10, 5), (-11, 0)]
    assert above.ranges == inside.ranges and Scenario().range_of("fertility") is None
    assert inside.warnings() == []
    (warning,) = above.warnings()
    assert "Birth rates: 5% is outside the range set for it, −10 to 0%" in warning


@settings(max_examples=50, deadline=None)
@given(scenarios())
def test_a_range_holds_the_value_of_its_lever(s):
    for lever_id, (low, high) in s.ranges:
        reached = s.range_of(lever_id)
        assert reached[0] <= min(low, s[lever_id]) and reached[1] >= max(high, s[lever_id])
        assert set(reached) <= {low, high, s[lever_id]}


def test_ranges_are_told_in_words():
    s = Scenario(
        fertility=-10,
        ranges={"fertility": (-20, 0), "migration": (-500, 2000), "ae_trend": (0, 0), "mortality": (5, 5)},
    )
    assert s.changes() == [
        "Birth rates 10% lower",
        "Birth rates drawn from −20 to 0%",
        "Death rates drawn from 0 to 5%",
        "People moving in drawn from −500 to 2,000 people a year",
        "A&E attendances per person held at 0.0% a year in every draw",
    ]


@settings(max_examples=50, deadline=None)
@given(scenarios())
def test_what_a_scenario_is_called_in_python_makes_it_again(s):
    assert eval(repr(s)) == s  # noqa: S307 - our own words, pasted in notebooks


@pytest.mark.parametrize(
    ("ranges", "complaint"),
    [
        ({"fertility": (-99, 0)}, r"fertility\), low end of the range: .*99.* outside .*from −30 to 30%"),
        ({"fertility": (0, 99)}, r"fertility\), high end of the range: .*99.* outside .*from −30 to 30%"),
        (
            {"fertility": (5, -5)},
            r"fertility\), range: the low end 5 is above the high end −5.*two numbers from −30 to 30%, the lower first",
        ),
        ({"fertility": ("a", 5)}, r"fertility.*\"a\" is not a number.*from −30 to 30%"),
        ({"fertility": (float("nan"), 5)}, r"fertility.*not a finite number.*from −30 to 30%"),
        ({"fertility": (0, float("inf"))}, r"fertility.*not a finite number.*from −30 to 30%"),
        ({"fertility": (True, 5)}, r"fertility.*not a number"),
        ({"fertility": (1, 2, 3)}, r"fertility.*\(1, 2, 3\).*not a low and a high value.*from −30 to 30%"),
        ({"fertility": 5}, r"fertility.*\"5\" is not a low and a high value"),
        ({"fertility": None}, r"fertility.*None.*not a low and a high value"),
        ({"fertilty": (0, 5)}, r"no lever \"fertilty\".*fertility"),
        ({5: (0, 5)}, r"no lever \"5\""),
        (5, r"ranges: \"5\" is not a range for each lever"),
        ("fertility", r"ranges: \"fertility\" is not a range for each lever"),
        (None, r"ranges: \"None\""),
    ],
)
def test_a_range_that_cannot_be_is_refused_with_lever_value_range_and_fix(ranges, complaint):
    with pytest.raises(ScenarioError, match=f"(?s){complaint}"):
        Scenario(ranges=ranges)


# --------------------------------------------------------------------------------------------- links


@settings(max_examples=50, deadline=None)
@given(scenarios())
def test_a_link_brings_back_the_scenario(s):
    again, notes = Scenario.from_query(s.to_query())
    assert again == s and notes == []


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(KEYS, ANYTHING, max_size=8))
def test_no_link_raises_and_each_part_is_used_or_named(mapping):
    s, notes = Scenario.from_query(mapping)
    assert isinstance(s, Scenario) and all(isinstance(note, str) and len(note) < 400 for note in notes)
    assert len(notes) <= len(mapping)


@pytest.mark.parametrize(
    "value", ["nan", "inf", "1e999", "-1e999", "<script>alert(1)</script>", "", "ten", "9" * 5000, ["1", "2"], "31"]
)
def test_a_bad_value_in_a_link_is_ignored_and_named(value):
    s, notes = Scenario.from_query({"fertility": value, "migration": "500"})
    assert s == Scenario(migration=500)
    assert len(notes) == 1 and "fertility" in notes[0] and "30%" in notes[0]


def test_a_range_in_a_link_can_be_read_by_people():
    s = Scenario(ranges={"fertility": (-20, 5), "ae_trend": (-0.5, 2)})
    assert s.to_query() == {"fertility_range": "-20..5", "ae_trend_range": "-0.5..2.0"}
    assert Scenario.from_query({"fertility_range": " -20 ..5.0", "ae_trend_range": "-.5..2"}) == (s, [])


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("5", "two dots between them"),
        ("", "two dots between them"),
        ("1..2..3", "two dots between them"),
        ("-20,5", "-30..30"),
        (["1", "2"], "two dots"),
        ("5..-5", "above the high end"),
        ("-99..5", "outside the allowed range"),
        ("nan..5", "not a finite number"),
        ("0..1e999", "not a number"),
        ("a..b", "not a number"),
        ("..", "not a number"),
        ("<b>..5", "not a number"),
    ],
)
def test_a_bad_range_in_a_link_is_ignored_and_named_and_the_lever_stays(value, complaint):
    s, notes = Scenario.from_query({"fertility": "-10", "fertility_range": value, "mortality_range": "0..5"})
    assert s == Scenario(fertility=-10, ranges={"mortality": (0, 5)})
    assert (
        len(notes) == 1 and "Birth rates (fertility)" in notes[0] and complaint in notes[0] and "−30 to 30%" in notes[0]
    )


def test_a_range_of_an_unknown_lever_in_a_link_is_named():
    s, notes = Scenario.from_query({"fertilty_range": "0..5"})
    assert s == Scenario() and len(notes) == 1 and "Did you mean fertility" in notes[0]


def test_unknown_parts_of_a_link_are_named_unless_they_belong_to_the_page():
    s, notes = Scenario.from_query({"basis": "<b>", "fertilty": "5", "place": "E07000147"}, known={"place"})
    assert s == Scenario() and len(notes) == 2 and "basis" in notes[0] and "fertility" in notes[1]


# --------------------------------------------------------------------------------------------- files


@settings(max_examples=50, deadline=None)
@given(scenarios())
def test_a_file_brings_back_the_scenario_and_keeps_to_the_schema(s):
    text = s.to_json()
    assert Scenario.from_json(text) == Scenario.from_json(text.encode()) == s
    jsonschema.validate(json.loads(text), scenario.json_schema())


def test_a_file_says_which_model_and_data_made_it():
    content = json.loads(Scenario(fertility=-10).to_json())
    assert content["model_version"] == scenario.MODEL_VERSION and content["data_release"] == catalogue.release()
    assert content["levers"] == {"fertility": -10.0}


def test_a_file_of_before_there_were_ranges_still_loads():
    content = json.loads(Scenario(fertility=-10, name="Old").to_json()) | {"schema_version": "1.0"}
    assert "ranges" not in content
    jsonschema.validate(content, scenario.json_schema())
    assert Scenario.from_json(json.dumps(content)) == Scenario(fertility=-10, name="Old")


def test_a_range_in_a_file_says_which_end_is_which():
    content = json.loads(Scenario(ranges={"fertility": (-20, 5)}).to_json())
    assert content["ranges"] == {"fertility": {"low": -20.0, "high": 5.0}} and content["levers"] == {}


def written(**fields: object) -> str:
    """A scenario file as an app of another age would have written it; None leaves an entry out."""
    content = json.loads(results.to_file(Scenario(fertility=-10))) | fields
    return json.dumps({key: value for key, value in content.items() if value is not None})


def test_a_file_keeps_the_key_results_it_showed_and_they_come_back():
    saved = scenario.read_file(written())
    assert saved.scenario == Scenario(fertility=-10) and saved.notes == ()
    assert saved.results == results.key_results(Scenario(fertility=-10))
    jsonschema.validate(json.loads(written()), scenario.json_schema())
    assert {"residents", "dementia", "gap"} <= {one.id for one in saved.results}


@pytest.mark.parametrize("form", ["1.0", "1.1"])
def test_a_file_of_an_older_form_is_migrated_and_says_so(form):
    saved = scenario.read_file(written(schema_version=form, results=None))
    assert saved.scenario == Scenario(fertility=-10) and saved.results == ()
    assert f"form {form}" in saved.notes[0] and "1.2 added key results" in saved.notes[0]


def test_every_older_form_leads_to_todays():
    for at in saved_files.MIGRATIONS:
        while at != scenario.SCHEMA_VERSION:
            at = saved_files.MIGRATIONS[at][0]


def test_results_of_another_release_stand_beside_todays():
    content = json.loads(written(data_release="2025.01", model_version="0.9.0"))
    for one in content["results"]:
        if one["id"] == "dementia":
            one["value"] /= 2
    content["results"].append({"id": "gone", "label": "Gone", "unit": "people", "year": 2040, "value": 1})
    saved = scenario.read_file(json.dumps(content))
    assert "2025.01" in " ".join(saved.notes) and "other results" in " ".join(saved.notes)
    table = results.then_and_today(saved).set_index("id")
    assert table["today"]["dementia"] == pytest.approx(2 * table["then"]["dementia"])
    assert table["difference"]["residents"] == 0 and table["today"].isna()["gone"]
    assert "1 of 11 key results" in results.finding(saved) and "dementia, +100.0%" in results.finding(saved)
    shown = results.worded(saved)
    assert list(shown.columns)[1:3] == ["When saved, 2025.01", f"Today, {catalogue.release()}"]
    assert shown.iloc[-1]["Difference"] == results.NO_LONGER and not shown.isna().any(axis=None)


def test_a_file_of_the_same_release_says_that_nothing_has_changed():
    assert "the same key results" in results.finding(scenario.read_file(written()))
    assert results.finding(scenario.read_file(written(results=None))) == ""


def test_results_are_compared_in_the_year_they_were_of():
    content = json.loads(written())
    content["results"] = [content["results"][0] | {"year": content["results"][0]["year"] - 5}]
    table = results.then_and_today(scenario.read_file(json.dumps(content)))
    years, people = known.path("residents", Scenario(fertility=-10))
    assert table["today"][0] == people[-6] != people[-1] and table["year"][0] == years[-6]


@pytest.mark.parametrize(
    "ranges",
    [
        {"fertility": {"low": -99, "high": 0}},
        {"fertility": {"low": 0}},
        {"fertility": [0, 5]},
        {"x": {"low": 0, "high": 1}},
    ],
)
def test_the_schema_refuses_ranges_a_file_cannot_hold(ranges):
    content = json.loads(Scenario().to_json()) | {"ranges": ranges}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, scenario.json_schema())
    with pytest.raises(ScenarioError):
        Scenario.from_json(json.dumps(content))


def test_a_file_cut_short_anywhere_is_refused():
    text = Scenario(fertility=-10, name="x").to_json().strip()
    for end in range(len(text)):
        with pytest.raises(ScenarioError):
            Scenario.from_json(text[:end])


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.text(), st.binary(), ANYTHING.map(lambda value: json.dumps(value, default=str))))
def test_a_foreign_file_is_refused_in_words(text):
    with pytest.raises(ScenarioError):
        Scenario.from_json(text)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda c: c | {"schema": "other"}, "not a scenario file"),
        (lambda c: c | {"schema_version": "2.0"}, "schema_version.*Set the levers again"),
        (lambda c: c | {"model_version": "9.1.0"}, "model_version.*Set the levers again"),
        (lambda c: c | {"schema_version": "0.9"}, "schema_version.*0[.]9.*1.0, 1.1 and 1.2.*Set the levers again"),
        (lambda c: c | {"schema_version": "1.9"}, "schema_version.*1[.]9.*newer app: update"),
        (lambda c: c | {"model_version": "new"}, "model_version.*new.*versions up to"),
        (lambda c: c | {"data_release": 5}, "data_release.*5.*not text.*leave it out"),
        (lambda c: c | {"results": {}}, "results.*list.*Leave the entry out"),
        (lambda c: c | {"results": [{"id": "x"}]}, "results, number 1.*id, label, unit, year and value"),
        (
            lambda c: c | {"results": [{"id": "x", "label": "X", "unit": "people", "year": True, "value": 1}]},
            "results, number 1, year: .True. should be of the type integer",
        ),
        (lambda c: c | {"levers": [1]}, "levers"),
        (lambda c: c | {"levers": {"fertility": 99}}, "fertility.*Choose"),
        (lambda c: c | {"levers": {"fertility": "10"}}, "fertility.*not a number"),
        (lambda c: c | {"levers": {"basis": "ons-2018"}}, "no lever"),
        (lambda c: c | {"basis": "ons-1066"}, "ons-2022"),
        (lambda c: c | {"name": 5}, "name"),
        (lambda c: c | {"ranges": [1]}, "ranges.*object such as"),
        (lambda c: c | {"ranges": {"fertility": {"low": 5, "high": -5}}}, "fertility.*above the high end.*two numbers"),
        (
            lambda c: c | {"ranges": {"fertility": {"low": -20, "high": "5"}}},
            "fertility.*high end.*not a number.*Choose",
        ),
        (lambda c: c | {"ranges": {"fertility": {"low": -20}}}, "fertility.*should have a low and a high.*−30 to 30%"),
        (lambda c: c | {"ranges": {"fertility": {"low": -20, "high": 5, "mid": 0}}}, "fertility.*nothing else"),
        (lambda c: c | {"ranges": {"basis": {"low": 0, "high": 1}}}, "no lever"),
        (lambda c: c | {"lever": {}}, "levers"),
    ],
)
def test_a_file_with_a_fault_is_refused_by_name(change, complaint):
    content = change(json.loads(Scenario(fertility=-10).to_json()))
    with pytest.raises(ScenarioError, match=rf"(?s){complaint}"):
        Scenario.from_json(json.dumps(content))


def test_repeated_entries_and_numbers_that_are_none_are_refused():
    text = Scenario(fertility=-10).to_json()
    with pytest.raises(ScenarioError, match="fertility.*twice"):
        Scenario.from_json(text.replace('"fertility": -10.0', '"fertility": -10.0, "fertility": -5'))
    with pytest.raises(ScenarioError, match="NaN"):
        Scenario.from_json(text.replace("-10.0", "NaN"))
    with pytest.raises(ScenarioError, match="fertility"):
        Scenario.from_json(text.replace("-10.0", "1e999"))
    with pytest.raises(ScenarioError, match="damaged"):
        Scenario.from_json("[" * 50_000)
    with pytest.raises(ScenarioError, match="too long"):
        Scenario.from_json(" " * 200_000)


# ------------------------------------------------------------------------------------------- presets


def test_presets_begin_with_the_official_projection_and_stay_within_what_was_observed():
    presets = scenario.presets()
    assert [p.id for p in presets] == [
        "official",
        "more-moving-in",
        "fewer-births",
        "longer-lives",
        "prevention-first",
        "closer-to-home",
        "as-in-2018",
    ]
    assert presets[0].scenario == Scenario()
    assert presets[-1].scenario.basis == "ons-2018"
    for preset in presets:
        assert preset.sentence.endswith(".") and preset.scenario.warnings() == []
        assert preset.id == "official" or preset.scenario.changes() or preset.scenario.basis != "ons-2022"


ADDED = """
[[lever]]
id = "warm_homes"
label = "Warm homes"
group = "prevention"
public = false
purpose = "How many cold homes of people aged 65 and over are made warm: 100% means all of them."
background = "A lever that exists in this test alone."
unit = "% of homes"
default = 0.0
low = 0.0
high = 100.0
step = 5.0
decimals = 0
source = "None: an assumption"
moves = "copd"
direction = "down"
raised = "{value}% of cold homes of older people made warm by the last year"
lowered = "{value}% of cold homes of older people made warm by the last year"
"""
EFFECT = """
[[effect]]
lever = "warm_homes"
measure = "copd"
at_full = -0.05
low = -0.02
high = -0.08
age_from = 65
basis = "assumption"
source = ""
how = "An assumption."
"""
FOLLOWS = """
from ics_core import catalogue
assert sorted(catalogue.stamp()) == ["effects.toml", "levers.toml"]
from ics_core import demand
from ics_core.scenario import Scenario, json_schema, levers
one, notes = Scenario.from_query({"warm_homes": "40"})
assert one.warm_homes == 40 and not notes and one.to_query() == {"warm_homes": "40"}
assert Scenario.from_json(one.to_json()) == one and "warm_homes" in str(json_schema())
assert "40% of cold homes" in " ".join(map(str, one.changes()))
assert "warm_homes" in demand.levers_of("copd") and "warm_homes" in demand.demand_levers()
before, after = (demand.series("copd", s)["value"].iloc[-1] for s in (Scenario(), one))
assert levers()["warm_homes"].direction == "down" and 0.97 < after / before < 1
"""


@pytest.mark.slow
def test_a_lever_of_prevention_is_two_records_and_list_address_file_and_model_follow(tmp_path):
    shutil.copytree(catalogue.DATA, tmp_path / "data", ignore=shutil.ignore_patterns("undo", "live"))
    for name, record in (("levers", ADDED), ("effects", EFFECT)):
        with (tmp_path / "data" / f"{name}.toml").open("a", encoding="utf-8") as file:
            file.write(record)
    surroundings = os.environ | {"ICS_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", FOLLOWS], env=surroundings, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
