"""What is derived can be made anew from the inputs that are kept, and is what is held."""

import pandas as pd
import pytest

from ics_core import catalogue
from ics_core.importers import __main__ as command
from ics_core.importers import rebuild
from ics_core.importers.store import Store

MAKERS = {maker.id: maker for maker in rebuild.MAKERS}


@pytest.mark.parametrize("id", MAKERS)
def test_a_derived_table_made_anew_is_what_is_held(id):
    made = MAKERS[id].make(catalogue.table)
    assert len(made) > 30 and made[[*MAKERS[id].columns]].notna().any().all()
    assert MAKERS[id].differences().empty


@pytest.mark.parametrize("layer", rebuild.OUTLINES)
def test_outlines_made_anew_from_small_areas_are_those_held(layer):
    made = rebuild.outline(layer).to_crs(27700).set_index("code").geometry
    held = catalogue.geometry(layer).to_crs(27700).set_index("code").geometry
    assert sorted(made.index) == sorted(held.index)
    assert (made.symmetric_difference(held.reindex(made.index)).area / 1e6).max() < 0.02, "km2"


def test_rebuilding_what_is_in_order_changes_no_file(data_copy, capsys):
    before = {path: path.read_bytes() for path in data_copy.rglob("*") if path.is_file()}
    assert command.main(["--rebuild"]) == 0
    assert {path: path.read_bytes() for path in data_copy.rglob("*") if path.is_file()} == before
    said = capsys.readouterr().out
    assert all(f"{maker.table}: {maker.what}" in said for maker in rebuild.MAKERS)
    assert "calibration_ratios: cannot be made here" in said


def test_a_spoilt_figure_is_made_anew_byte_for_byte(data_copy, capsys):
    whole = (data_copy / "places/pcns.csv").read_bytes()
    store = Store(data_copy)
    rows = store.rows("pcns")
    rows[3] |= {"lat": "51.5", "largest_practice": "None", "n_practices": "99"}
    store.write("pcns", rows, list(rows[0]))
    projection = pd.read_parquet(data_copy / "population/projections_2022.parquet")
    at = projection.index[projection["area_code"] == "E07000206"][5]
    true = projection.loc[at, "population"]
    projection.loc[at, "population"] += 50
    projection.to_parquet(data_copy / "population/projections_2022.parquet", index=False)
    catalogue.stamp()
    catalogue.forget()
    assert command.main(["--rebuild"]) == 0
    assert "from practices and registered_age: 3 cells made anew" in capsys.readouterr().out
    assert (data_copy / "places/pcns.csv").read_bytes() == whole
    assert catalogue.table("projections_2022").loc[at, "population"] == true
    assert catalogue.damaged() == []


def test_networks_follow_when_a_list_size_lands(data_copy, tmp_path):
    held = catalogue.table("practices").query("status == 'active'")
    head = "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,"
    lines = [head + "NUMBER_OF_PATIENTS"]
    lines += [
        f"GP_PRAC_PAT_LIST,01AUG2026,GP,26A,E38000239,{row.practice_code},NR1 1AA,ALL,ALL,{int(row.list_size) + 7}"
        for row in held.itertuples()
    ]
    (tmp_path / "all.csv").write_text("\n".join(lines) + "\n")
    period = catalogue.source("practices.list_size").period
    before = catalogue.table("pcns").query("pcn_set == 'current_20'")["list_size"].sum()
    assert command.main([str(tmp_path / "all.csv")]) == 0
    networks = catalogue.table("pcns").query("pcn_set == 'current_20'")
    assert networks["list_size"].sum() == before + 7 * len(held)
    assert set(networks["list_date"]) == {"2026-08-01"} and MAKERS["networks"].differences().empty
    for table in ("practices", "pcns"):  # what the tables say of themselves follows too
        title = "Patients Registered at a GP Practice (totals)"
        source = next(one for one in catalogue.describe(table)["sources"] if one["title"] == title)
        assert source["period"] == "1 August 2026" and "SHA-256" in source["note"], source
        assert catalogue.source(f"{table}.list_size").title == title
        assert catalogue.source(f"{table}.imd_2025_score").title != title
    assert catalogue.contents().set_index("name")["missed"]["practices"] == 10  # the map of networks is older
    assert command.main(["--undo"]) == 0
    assert catalogue.source("practices.list_size").period == period
