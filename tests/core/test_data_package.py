"""The data package holds together: described, unaltered, linked by keys, and adding up."""

import json
import re
from io import BytesIO

import pandas as pd
import pytest
from frictionless import Package

from ics_core import catalogue
from ics_core.catalogue import descriptors

PACKAGE = json.loads((catalogue.DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}
TABLES = {name: resource for name, resource in RESOURCES.items() if resource["format"] != "geojson"}
CSV = [name for name, resource in TABLES.items() if resource["format"] == "csv"]
PARQUET = [name for name, resource in TABLES.items() if resource["format"] == "parquet"]

FOOTPRINT, ENGLAND = "E54000022", "E92000001"
RESIDENTS_MID_2024, RESIDENTS_CENSUS_2021 = 1_058_014, 1_032_480
REGISTERED = {"2022-05-01": 1_081_017, "2026-07-01": 1_096_244}  # totals as published, by day of the list

# Links that the descriptors must declare (``refers_to``); blanks are allowed where the code does not apply.
KEYS = [
    ("observations.indicator_id", "indicators.indicator_id"),
    ("observations.area_code", "indicator_areas.area_code"),
    ("observations.source_id", "indicator_sources.source_id"),
    ("targets.ambition", "ambitions.number"),
    ("milestones.ambition", "ambitions.number"),
    ("milestones.objective_id", "objectives.objective_id"),
    ("objectives.ambition", "ambitions.number"),
    ("reported_values.ambition", "ambitions.number"),
    ("indicators.ambition", "ambitions.number"),
    ("metric_indicator_map.indicator_id", "indicators.indicator_id"),
    ("founding_facts.document_id", "founding_documents.document_id"),
    ("founding_commitments.document_id", "founding_documents.document_id"),
    ("founding_finance.document_id", "founding_documents.document_id"),
    ("founding_projections.document_id", "founding_documents.document_id"),
    ("timeline.document_id", "founding_documents.document_id"),
    ("practices.pcn_code", "pcns.pcn_code"),
    ("milestone_targets.row_id", "targets.row_id"),
    ("promise_tests.commitment_id", "founding_commitments.commitment_id"),
    ("headline_picks.indicator_id", "indicators.indicator_id"),
    ("targets.document_id", "founding_documents.document_id"),
    ("system_observations.metric_id", "system_metrics.metric_id"),
    ("system_observations.source", "system_sources.source_id"),
    ("system_deprivation.icb_code", "systems.icb_code"),
    ("system_successors.icb_code", "systems.icb_code"),
    ("components.source", "population_sources.source_id"),
    ("demand_rates.source", "population_sources.source_id"),
    ("local_activity.source", "population_sources.source_id"),
    ("lsoa_links.lsoa21_code", "lsoas.lsoa_code"),
    ("drive_times.lsoa11_code", "lsoa_links.lsoa11_code"),
]


def column(path: str) -> pd.Series:
    table, name = path.split(".")
    return catalogue.table(table)[name]


@pytest.fixture(scope="module")
def package() -> Package:
    return Package(str(catalogue.DATA / "datapackage.json"))


def test_the_descriptor_is_a_valid_data_package(package):
    assert package.name == "norfolk-waveney-ics"
    assert package.version == catalogue.release()
    assert len(package.resources) == len(RESOURCES)


@pytest.mark.parametrize("name", CSV)
def test_every_csv_keeps_to_its_schema(package, name):
    report = package.get_resource(name).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]


@pytest.mark.parametrize("name", PARQUET)
def test_every_parquet_keeps_to_its_schema(name):
    frame, schema = catalogue.table(name), TABLES[name]["schema"]
    assert list(frame) == [field["name"] for field in schema["fields"]]
    kinds = {"integer": "iu", "number": "f", "string": "OTU", "date": "OTU", "boolean": "b"}
    for field in schema["fields"]:
        values = frame[field["name"]]
        assert values.dtype.kind in kinds[field["type"]], field["name"]
        if field.get("constraints", {}).get("required"):
            assert values.notna().all(), field["name"]
        if field["type"] == "date":
            assert values.dropna().str.fullmatch(r"\d{4}-\d\d-\d\d").all(), field["name"]


def test_a_parquet_table_is_valid_to_other_readers_of_the_standard(package):
    """They read Parquet slowly, so the smallest stands for all; the whole package: ``frictionless validate``."""
    smallest = min(PARQUET, key=lambda name: TABLES[name]["rows"])
    report = package.get_resource(smallest).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]


def test_only_tables_that_are_large_as_text_are_parquet():
    assert all(len(catalogue.table(name).to_csv(index=False)) > 2_000_000 for name in PARQUET)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_same_whether_it_is_kept_as_csv_or_as_parquet(name):
    frame, resource = catalogue.table(name), TABLES[name]
    text, parquet = frame.to_csv(index=False, lineterminator="\n").encode(), BytesIO()
    frame.to_parquet(parquet)
    for kind, content in ("csv", text), ("parquet", parquet.getvalue()):
        again = descriptors.frame(content, {**resource, "format": kind})
        again.attrs = frame.attrs
        pd.testing.assert_frame_equal(again, frame, check_exact=True)


@pytest.mark.parametrize("table", ["indicators", "system_metrics"])
def test_what_can_be_counted_from_the_figures_is_not_kept_beside_them(table):
    derived = {"first_period", "last_period", "n_periods", "periods", "n_obs", "rows", "areas", "source_ids", "sources"}
    assert not derived & set(catalogue.table(table))


def test_the_package_is_what_its_descriptors_compile_to():
    assert (catalogue.DATA / "datapackage.json").read_bytes().decode() == descriptors.compiled(catalogue.DATA)


def test_no_file_differs_from_its_checksum():
    assert catalogue.damaged() == []
    for resource in RESOURCES.values():
        size = resource["size" if resource["format"] == "parquet" else "bytes"]
        assert (catalogue.DATA / resource["path"]).stat().st_size == size, resource["path"]


def test_every_file_is_described_once_and_nothing_else_is():
    on_disk = {
        str(path.relative_to(catalogue.DATA).as_posix())
        for path in catalogue.DATA.rglob("*")
        if path.suffix in {".csv", ".parquet", ".geojson"}
    }
    assert sorted(resource["path"] for resource in RESOURCES.values()) == sorted(on_disk)


def test_the_package_stays_small():
    assert catalogue.contents()["bytes"].sum() < 15_000_000


@pytest.mark.parametrize("what", ["name", "path", "title", "description", "hash"])
def test_no_two_resources_describe_the_same_thing(what):
    values = [resource[what] for resource in PACKAGE["resources"]]
    assert len(values) == len(set(values))


@pytest.mark.parametrize("name", RESOURCES)
def test_every_resource_says_who_published_it_where_and_under_what_licence(name):
    resource = RESOURCES[name]
    assert len(resource["title"]) > 8 and len(resource["description"]) > 20
    for source in resource["sources"]:
        ours = source["publisher"] == "Norfolk & Waveney ICS Explorer"  # made by hand here: no copy, no other address
        for key in (
            ("publisher", "title", "period") if ours else ("publisher", "title", "period", "obtained_from", "retrieved")
        ):
            assert source.get(key, "").strip(), f"{name}: a source has no {key}"
        assert ours or re.match(r"https?://\S+$", source["path"]), f"{name}: a source has no address"
    for licence in resource["licenses"]:
        assert licence["title"] and licence["path"].startswith("https://")


@pytest.mark.parametrize("name", RESOURCES)
def test_every_column_is_described(name):
    for field in RESOURCES[name]["schema"]["fields"]:
        assert field.get("description"), f"{name}.{field['name']}"
        if "source" in field:
            assert catalogue.source(f"{name}.{field['name']}").title == field["source"]


@pytest.mark.parametrize("name", [name for name, resource in TABLES.items() if "primaryKey" in resource["schema"]])
def test_primary_keys_tell_rows_apart(name):
    key = TABLES[name]["schema"]["primaryKey"]
    frame = catalogue.table(name)
    assert not frame.duplicated(key).any(), frame[frame.duplicated(key)].head()


@pytest.mark.parametrize(
    ("name", "key"),
    [(name, key) for name, resource in TABLES.items() for key in resource["schema"].get("foreignKeys", [])],
)
def test_foreign_keys_of_the_descriptor_hold(name, key):
    left, right = key["fields"][0], key["reference"]
    assert set(catalogue.table(name)[left].dropna()) <= set(catalogue.table(right["resource"])[right["fields"][0]])


@pytest.mark.parametrize(("left", "right"), KEYS)
def test_every_code_is_known_where_it_points_to(left, right):
    [table, name], [there, key] = left.split("."), right.split(".")
    declared = TABLES[table]["schema"]["foreignKeys"]
    assert {"fields": [name], "reference": {"resource": there, "fields": [key]}} in declared
    assert set(column(left).dropna()) <= set(column(right)), f"{left} has codes that {right} lacks"


def test_closed_lists_of_words_are_declared_and_kept_to():
    lists = [
        (name, field["name"], set(field["constraints"]["enum"]))
        for name, resource in TABLES.items()
        for field in resource["schema"]["fields"]
        if "enum" in field.get("constraints", {})
    ]
    assert {"sex", "area_type", "better", "provenance", "comparable"} <= {name for _, name, _ in lists}
    for table, name, allowed in lists:
        assert set(catalogue.table(table)[name].dropna()) <= allowed, f"{table}.{name}"


def test_every_practice_is_in_a_known_network_of_each_set():
    practices, pcns = catalogue.table("practices"), catalogue.table("pcns").set_index("pcn_set")
    assert set(practices["pcn_code"]) == set(pcns.loc["current_20", "pcn_code"])
    assert set(practices["pcn17_code"]) == set(pcns.loc["original_17", "pcn_code"])
    assert pcns.index.value_counts().to_dict() == {"current_20": 20, "original_17": 17}


def test_targets_and_reported_values_share_their_measures_with_the_map():
    measures = set(column("targets.metric_id")) | set(column("reported_values.metric_id"))
    assert set(column("metric_indicator_map.metric_id")) <= measures
    assert {code for codes in column("ambitions.headline_metric_ids") for code in codes.split("|")} <= measures


def test_system_observations_are_of_the_42_systems_and_england():
    known = set(column("systems.icb_code"))
    assert len(known) == 42
    assert set(column("system_observations.icb_code")) == known | {ENGLAND}


def test_small_areas_add_up_to_districts_and_the_footprint():
    lsoas = catalogue.table("lsoas")
    by_district = lsoas.groupby("lad_code")["pop_mid2024"].sum()
    residents = catalogue.table("base_population").query("year == 2024").groupby("area_code")["population"].sum()
    totals = (
        catalogue.table("population_totals")
        .query("sex == 'persons' and year == 2024")
        .set_index("area_code")["population"]
    )
    for code, people in by_district.items():
        assert residents[code] == pytest.approx(people, abs=1)
        if code != "E07000206":  # Waveney has been part of East Suffolk since 2019, so no total is published
            assert totals[code] == people
    assert by_district.sum() == RESIDENTS_MID_2024 == pytest.approx(residents[FOOTPRINT], abs=1)
    assert lsoas["pop_census2021"].sum() == RESIDENTS_CENSUS_2021
    assert lsoas.groupby("county")["pop_census2021"].sum().to_dict() == {"Norfolk": 916_111, "Suffolk": 116_369}


def test_census_ages_are_parts_of_the_whole_but_for_the_census_noise():
    lsoas = catalogue.table("lsoas")
    assert (lsoas["pop_0_15"] + lsoas["pop_65_plus"] <= lsoas["pop_census2021"]).all()
    assert (lsoas["pop_75_plus"] <= lsoas["pop_65_plus"] + 6).all()
    assert (lsoas["pop_85_plus"] <= lsoas["pop_75_plus"]).all()


@pytest.mark.parametrize(
    ("chosen", "member", "size"),
    [("current_20", "pcn_code", "list_size"), ("original_17", "pcn17_code", "list_size_2022")],
)
def test_practice_lists_add_up_to_networks_and_the_total(chosen, member, size):
    practices = catalogue.table("practices").groupby(member)[size].sum()
    networks = catalogue.table("pcns").query("pcn_set == @chosen").set_index("pcn_code")["list_size"]
    pd.testing.assert_series_equal(practices.sort_index(), networks.sort_index(), check_names=False, check_dtype=False)
    check_registered(networks.sum(), catalogue.table("pcns").query("pcn_set == @chosen")["list_date"].max())


def check_registered(people: float, day: str) -> None:
    """The published total of that day; a later list than those known here is within 3% of the last of them."""
    last = max(REGISTERED)
    assert people == REGISTERED[day] if day <= last else abs(people / REGISTERED[last] - 1) < 0.03


@pytest.mark.parametrize("level", ["system", "pcn", "pcn17", "former_ccg", "practice"])
@pytest.mark.parametrize("band_type", ["age", "sex"])
def test_registered_ages_add_up_to_the_list(level, band_type):
    rows = catalogue.table("registered_age").query("level == @level and band_type == @band_type")
    check_registered(rows["patients"].sum(), rows["date"].max())


def test_districts_and_localities_each_make_up_the_footprint_at_every_age():
    people = catalogue.table("base_population")
    parts = people.pivot_table(index=["year", "sex", "age"], columns="area_type", values="population", aggfunc="sum")
    assert len(parts) == 5 * 2 * 91
    assert (parts["locality (former CCG)"] - parts["footprint"]).abs().max() < 0.05
    assert (parts["district"] - parts["footprint"]).dropna().abs().max() < 0.05
    assert parts["district"].dropna().index.get_level_values("year").unique().tolist() == [2019, 2020, 2023, 2024]


def test_females_and_males_make_up_the_2022_based_projection():
    both = catalogue.table("projections_2022_by_sex").groupby(["area_code", "year", "age"])["population"].sum()
    persons = (
        catalogue.table("projections_2022")
        .query("age_group not in ('All ages', '0-64')")
        .set_index(["area_code", "year", "age_from"])["population"]
    )
    persons.index.names = both.index.names
    assert (both - persons).dropna().abs().max() < 0.005 and len(both) == len(persons)


def test_the_geometry_has_the_codes_of_the_tables():
    lsoas = catalogue.table("lsoas")
    for layer, codes in {
        "lsoas": "lsoa_code",
        "msoas": "msoa_code",
        "districts": "lad_code",
        "localities": "locality_code",
    }.items():
        shapes = catalogue.geometry(layer)
        assert sorted(shapes["code"]) == sorted(lsoas[codes].unique()), layer
        assert shapes.geometry.is_valid.all() and not shapes.geometry.is_empty.any(), layer
    assert set(catalogue.geometry("systems")["code"]) == set(column("systems.icb_code"))
    assert catalogue.geometry("footprint")["code"].tolist() == [FOOTPRINT]


@pytest.mark.parametrize(
    ("layer", "codes"), [("msoas", "msoa_code"), ("districts", "lad_code"), ("localities", "locality_code")]
)
def test_the_layers_nest(layer, codes):
    small = catalogue.geometry("lsoas").to_crs(27700).set_index("code").area / 1e6
    large = catalogue.geometry(layer).to_crs(27700).set_index("code").area / 1e6
    parent = catalogue.table("lsoas").set_index("lsoa_code")[codes]
    assert (small.groupby(parent).sum() - large).abs().max() < 0.02, "km2"


def test_points_lie_in_the_footprint():
    import geopandas

    outline = (
        catalogue.geometry("footprint").to_crs(27700).geometry.union_all().buffer(200)
    )  # the drawn coast is simplified
    for table in ("lsoas", "practices", "pcns", "hospitals"):
        frame = catalogue.table(table)
        points = geopandas.GeoSeries.from_xy(frame["lon"], frame["lat"], crs=4326).to_crs(27700)
        assert points.within(outline).all(), frame[~points.within(outline)]


def test_links_between_2011_and_2021_cover_both_sides_once():
    links = catalogue.table("lsoa_links")
    assert links["lsoa11_code"].nunique() == 611 and links["lsoa21_code"].nunique() == 624
    stated = catalogue.table("lsoas").set_index("lsoa_code")["lsoa11_codes"].str.split(r"[;| ,]+", regex=True).explode()
    assert sorted(zip(stated.index, stated, strict=True)) == sorted(
        zip(links["lsoa21_code"], links["lsoa11_code"], strict=True)
    )


def test_only_flagged_drive_times_are_out_of_the_ordinary():
    times = catalogue.table("drive_times")
    assert times["flag"].notna().sum() == 2
    usable = times[times["flag"].isna() & (times["measure"] == "drive time")]
    assert usable["value"].between(5.8, 180).all()
    assert set(zip(times["measure"], times["unit"], strict=True)) == {
        ("drive time", "minutes"),
        ("road distance", "km"),
    }


def test_hospitals_without_proof_of_use_are_not_shown_as_open():
    hospitals = catalogue.table("hospitals")
    assert set(hospitals["show_as"]) == {"open", "use not confirmed since 2020", "weak evidence"}
    assert (hospitals["use_evidence"].str.startswith("in use") == (hospitals["show_as"] == "open")).all()
    unproved = {"Swaffham Community Hospital", "Julian Hospital", "Carlton Court", "The Fermoy Unit, King's Lynn"}
    assert set(hospitals.query("show_as == 'use not confirmed since 2020'")["name"]) == unproved


def test_the_timeline_tells_each_step_once_and_in_order():
    events = catalogue.table("timeline")
    assert events["event"].is_unique
    assert events["date"].is_monotonic_increasing
    counted = events[events["n_new"].notna() & (events["date"] > "2017") & (events["date"] < "2021-04")].set_index(
        "date"
    )
    assert counted["n_new"].tolist() == [10, 4, 3, 4, 11, 13]
    assert counted["n_total"].tolist() == [10, 14, 14, 18, 29, 42]
    for event in events[events["date"].between("2020-05", "2021-03")].dropna(subset=["n_new"]).itertuples():
        assert len(event.systems_named.split("; ")) == event.n_new


def test_percentages_and_intervals_are_possible():
    observations = catalogue.table("observations").merge(
        catalogue.table("indicators")[["indicator_id", "unit"]], on="indicator_id"
    )
    shares = observations[
        (observations["unit"] == "%") & (observations["indicator_id"] != "nof_productivity")
    ]  # that one is a change
    assert shares["value"].between(0, 100).all()
    bounded = observations.dropna(subset=["lower_ci", "upper_ci"])
    assert (bounded["lower_ci"] <= bounded["value"]).all() and (bounded["value"] <= bounded["upper_ci"]).all()
    assert (observations["period_start"] <= observations["period_end"]).all()


def test_nothing_in_the_data_points_outside_the_project():
    stray = re.compile(
        r"""\.\./|file://|[A-Z]:\\|(?:^|[\s"',(])/\w+/\w""", re.MULTILINE
    )  # relative upwards, or absolute on some machine
    for path in catalogue.DATA.rglob("*"):
        if path.suffix in {".csv", ".json", ".toml", ".md"}:
            found = stray.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{path.name}: {found.group()}"


def test_glossary_sentences_are_short():
    terms = catalogue.toml("text/glossary")
    assert len(terms) > 40
    for term, sentence in terms.items():
        assert len(sentence.split()) < 30 and sentence.endswith("."), term
