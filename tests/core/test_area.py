"""Which area this is: the file agrees with the tables, and a wrong field is refused in words."""

import copy

import pytest

from ics_core import area, catalogue, geography, words
from ics_core.area import AREA
from ics_core.errors import RegisterError


def test_the_area_agrees_with_the_tables():
    lsoas = catalogue.table("lsoas")
    assert set(lsoas["icb_code"]) == {AREA.code} and set(lsoas["icb_ods"]) == {AREA.board.code}
    assert {p.code: p.name for p in AREA.districts} == dict(zip(lsoas["lad_code"], lsoas["lad_name"]))
    assert {p.now for p in AREA.districts if p.now} == set(lsoas["lad_current_code"]) - set(lsoas["lad_code"])
    names = geography.places("locality").set_index("code")["name"].to_dict()
    assert {p.code: p.name for p in AREA.localities} == names
    hospitals = geography.acute_hospitals()
    assert {h.id: h.name for h in AREA.hospitals} == dict(zip(hospitals["id"], hospitals["name"]))
    acute = catalogue.table("hospitals").query("site_type == 'acute'").set_index("trust_code")["trust_name"]
    assert {t.code: t.name for t in AREA.trusts if t.kind == "acute"} == acute.to_dict()
    system = catalogue.table("systems").set_index("icb_code").loc[AREA.code]
    assert (AREA.name, AREA.board.name, AREA.board.code) == (system["name"], system["full_name"], system["ods_code"])
    assert AREA.board.since == system["statutory_date"]
    after = catalogue.table("system_successors").set_index("icb_code").loc[AREA.code]
    assert (AREA.successor.code, AREA.successor.since) == (after["successor_ods_code"], after["since"])


def test_the_dates_of_figures_are_those_of_their_sources():
    asked = ("census", "estimates", "lists", "first_lists", "deprivation", "rural", "drive", "road")
    lists = words.month(catalogue.table("practices")["list_date"].max())
    said = ["Census 2021", "mid-2024", lists, "May 2022", "2025", "2021", "2022", "2019"]
    assert [geography.dated(what) for what in asked] == said


def first(entries: list, **change: object) -> None:
    entries[0].update(change)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d.update(titel="x"), "data/area.toml: there is no field 'titel'. Did you mean title"),
        (lambda d: d.update(code="E5400022"), "code = 'E5400022' should be the code of a system: E54 and six figures."),
        (lambda d: d.pop("board"), "data/area.toml: the field 'board' is missing."),
        (lambda d: first(d["trusts"], kind="accute"), "trusts, RM1: kind = 'accute' should be one of acute, mental"),
        (lambda d: first(d["trusts"], code="RGP"), "data/area.toml, RGP: trusts holds it twice. Remove one."),
        (lambda d: first(d["hospitals"], trust="RM11"), "nnuh: trust = 'RM11' is none of the acute trusts. Did you"),
        (
            lambda d: first(d["districts"], nmae="x"),
            "districts, E07000143: there is no field 'nmae'. Did you mean name",
        ),
        (
            lambda d: d["board"].update(since="July 2022"),
            "QMM: since = 'July 2022' should be a day such as 2022-07-01.",
        ),
        (lambda d: d["map"].update(zoom="near"), "map: zoom = 'near' should be a whole number."),
        (lambda d: d["map"].update(centre=[520.0, 1.0]), "map.centre = (520.0, 1.0) should be a latitude and"),
        (lambda d: d["map"].update(centre=[52.0]), "map: centre = [52.0] should hold 2 values."),
    ],
)
def test_a_wrong_field_is_refused_with_file_record_field_value_and_what_is_allowed(monkeypatch, spoil, said):
    values = copy.deepcopy(catalogue.toml("area"))
    spoil(values)
    monkeypatch.setattr(catalogue, "toml", lambda name: values)
    with pytest.raises(RegisterError) as refused:
        area.read()
    assert said in str(refused.value) and "data/area.toml" in str(refused.value)
