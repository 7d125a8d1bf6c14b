"""Official files of every layout are known by their content and read to the figures that were published."""

import csv
import io
import math
import random
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ics_core import catalogue, importers
from ics_core.importers import cells, landing

FILES = Path(__file__).parents[2] / "fixtures" / "importers"
KEY = ["indicator_id", "area_code", "period_start"]
AE = "A&E Attendances and Emergency Admissions"
DENTAL = "English Contractor Monthly General Dental Activity"

PUBLISHED = {
    "ae_2025-12.csv": (AE, "December 2025", ""),
    "ae_provider_2019-09.xls": (AE, "September 2019", "2020-08-13"),
    "ae_provider_2020-08.xls": (AE, "August 2020", "2021-05-13"),
    "ae_provider_2025-06.xlsx": (AE, "June 2025", "2025-07-10"),
    "ae_provider_2026-04.xls": (AE, "April 2026", "2026-05-14"),
    "ae_provider_2026-05.xls": (AE, "May 2026", "2026-06-11"),
    "rtt_2026-01.zip": ("Referral to Treatment Waiting Times", "January 2026", ""),
    "ambsys_2025-08.xlsx": ("Ambulance Systems Indicators", "August 2017 to August 2025", ""),
    "cancer_2025-07.xlsx": ("Cancer Waiting Times", "July 2025", ""),
    "diagnostics_2025-07.xls": ("Monthly Diagnostics Waiting Times and Activity", "July 2025", "2025-09-11"),
    "virtual_wards_2025-07.xlsx": ("Virtual Ward Capacity and Occupancy", "July 2025", "2025-08-14"),
    "mental_health_2024-09.csv": ("Mental Health Services Monthly Statistics", "September 2024", ""),
    "vaccines_2024-25_q4.ods": ("Cover of vaccination evaluated rapidly (COVER)", "Q4 2024/25", ""),
    "dental_2019-03.csv": (DENTAL, "March 2019", ""),
    "dental_2026-03.csv": (DENTAL, "March 2026", ""),
    "quality_2024-25.zip": ("Quality and Outcomes Framework", "2024/25", ""),
    "etr_2025.csv": ("NHS trusts (etr)", "latest change on 1 October 2020", "2020-10-01"),
    "projections_2022_persons.zip": (
        "2022-based subnational population projections",
        "2022 to 2047, persons",
        "",
    ),
    "estimates_2023.xlsx": ("Mid-year population estimates", "mid-2023", "2024-07-15"),
    "gp_appointments_2019-03.csv": ("Appointments in General Practice", "March 2019", ""),
    "gp_coverage_2025.csv": ("Appointments in General Practice", "June 2025 to July 2025", ""),
    "epraccur_2022.csv": ("GP practices (epraccur)", "latest change on 4 November 2021", "2021-11-04"),
    "gp_registered_map_2022-01.csv": ("Patients Registered at a GP Practice (practice map)", "1 January 2022", ""),
    "fingertips_hypertension.csv": ("Fingertips", "2009/10 to 2012/13", ""),
}


def read(name: str) -> importers.Imported:
    return importers.read(FILES / name)


def value(found: importers.Imported, indicator_id: str, area_code: str) -> float:
    rows = found.frame.query("indicator_id == @indicator_id and area_code == @area_code")
    return rows["value"].item()


def ae_rows() -> list[list[str]]:
    return list(csv.reader((FILES / "ae_2025-12.csv").read_text().splitlines()))


def saved(folder: Path, rows: list[list[str]], name="file.csv", encoding="utf-8", delimiter=",", end="\r\n") -> Path:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter, lineterminator=end).writerows(rows)
    (folder / name).write_bytes(made.getvalue().encode(encoding))
    return folder / name


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_publication_is_known_by_its_content_whatever_the_file_is_called(name, tmp_path):
    shutil.copy(FILES / name, tmp_path / "download (3).bin")
    found = importers.read(tmp_path / "download (3).bin")
    assert (found.publication, found.period, found.released) == PUBLISHED[name]
    assert len(found.frame) and found.rows_read and len(found.sha256) == 64
    assert set(found.frame) <= set(catalogue.table(found.table))


@pytest.mark.parametrize("name", [name for name in PUBLISHED if "observations" == read(name).table])
def test_observations_have_the_shape_of_the_table_and_known_codes(name):
    frame = read(name).frame
    assert list(frame) == list(catalogue.table("observations"))
    assert set(frame["indicator_id"]) <= set(catalogue.table("indicators")["indicator_id"])
    assert set(frame["area_code"]) <= set(catalogue.table("indicator_areas")["area_code"])
    assert not frame.duplicated([*KEY, "period_end"]).any() and frame["value"].notna().all()


@pytest.mark.parametrize(
    "name",
    [
        "ae_2025-12.csv",
        "ae_provider_2020-08.xls",
        "diagnostics_2025-07.xls",
        "virtual_wards_2025-07.xlsx",
        "ambsys_2025-08.xlsx",
        "gp_appointments_2019-03.csv",
        "gp_coverage_2025.csv",
        "rtt_2026-01.zip",
        "mental_health_2024-09.csv",
        "vaccines_2024-25_q4.ods",
        "dental_2019-03.csv",
        "dental_2026-03.csv",
        "quality_2024-25.zip",
    ],
)
def test_a_file_read_again_gives_what_other_copies_of_it_gave(name):
    """The rows held were collected from other copies, by other means: trusts and footprint are the same to 0.001."""
    frame = read(name).frame.query("area_code != 'E92000001'")
    both = frame.merge(catalogue.table("observations"), on=[*KEY, "period_end", "breakdown"], suffixes=("", "_held"))
    assert len(both) == len(frame)
    assert (both["value"] - both["value_held"]).abs().max() < 0.001
    for column in ("numerator", "denominator"):
        assert (both[column] - both[f"{column}_held"]).abs().max() < 0.5 or both[column].isna().all()


def test_may_2026_by_provider_has_the_published_shares_and_says_whose_sum_the_footprint_is():
    found = read("ae_provider_2026-05.xls")
    for code, share, attendances in (("RM1", 81.5, 21_885), ("RGP", 71.5, 9_874), ("RCX", 64.2, 8_582)):
        assert round(value(found, "ae_4hr_all", code), 1) == share
        assert value(found, "ae_attendances", code) == attendances
    assert value(found, "ae_attendances", "QMM") == 21_885 + 9_874 + 8_582
    note = found.frame.query("area_code == 'QMM'")["note"].unique().tolist()
    assert note == [
        "sum of the three acute trusts; since 1 April 2026 the board is NHS Norfolk and Suffolk Integrated Care Board, "
        "which is wider than this area"
    ]
    assert not found.problems and not found.suspicious


def test_before_april_2026_the_footprint_is_only_the_sum_of_its_trusts():
    notes = read("ae_2025-12.csv").frame.query("area_code == 'QMM'")["note"]
    assert set(notes) == {"sum of the three acute trusts"}


def test_the_share_of_england_leaves_out_trusts_that_reported_no_four_hour_count():
    found = read("ae_provider_2019-09.xls")
    row = found.frame.query("indicator_id == 'ae_4hr_all' and area_code == 'E92000001'").iloc[0]
    assert row["denominator"] < value(found, "ae_attendances", "E92000001")
    assert round(row["value"], 1) == 85.2 and "14 field-test trusts" in row["note"]


def test_a_sheet_that_adds_other_providers_to_a_trust_is_not_taken_for_the_trust():
    """The footprint sheet of May 2026 gives East Suffolk and others more than they did; the provider sheet is read."""
    book = openpyxl.load_workbook(FILES / "ae_provider_2025-06.xlsx")
    assert {"Acute Trust Footprint Data", "System Mapping"} <= set(book.sheetnames)
    footprint = book["Acute Trust Footprint Data"]
    for row in footprint.iter_rows(min_row=17):
        if row[1].value == "RM1":
            row[7].value = 1
    found = importers.read(FILES / "ae_provider_2025-06.xlsx")
    assert value(found, "ae_attendances", "RM1") > 1


def test_the_footprint_of_the_rtt_extract_is_its_people_wherever_they_wait():
    found = read("rtt_2026-01.zip")
    assert value(found, "rtt_wl", "QMM") == 135_275
    assert value(found, "rtt_52wk", "QMM") == 4_816


def test_ambulance_months_are_of_a_financial_year_and_minutes_not_seconds():
    frame = read("ambsys_2025-08.xlsx").frame
    assert {"2017-08-01", "2018-03-01", "2025-08-01"} <= set(frame["period_start"])
    assert not {"2017-03-01", "2026-03-01"} & set(frame["period_start"])
    assert frame.query("indicator_id == 'amb_c1_mean'")["value"].between(5, 15).all()


def test_dental_contracts_are_the_boards_or_those_with_a_practice_in_the_area(tmp_path):
    """In 2019 all of them stand under an area team; since April 2026 the board has part of its contracts elsewhere."""
    rows = list(csv.reader((FILES / "dental_2026-03.csv").read_text("cp1252").splitlines()))
    commissioner, lsoa, units = (rows[0].index(name) for name in ("COMMISSIONER_CODE", "LSOA11_CODE", "UDA_DELIVERED"))
    for row in rows[1:]:
        if row[commissioner] == "QMM":
            row[commissioner] = "T6Y0W"
    rows.append([*rows[1]])
    rows[-1][commissioner], rows[-1][3], rows[-1][lsoa], rows[-1][units] = "T6Y0W", "99", "E01000001", "500"
    found = importers.read(saved(tmp_path, rows))
    assert value(found, "dental_uda", "QMM") == value(read("dental_2026-03.csv"), "dental_uda", "QMM") == 100685.2
    assert set(found.frame["area_code"]) == {"QMM"}, "a cut file has no total of England"
    rows[5][0] = "202602"
    with pytest.raises(importers.UnreadableFile, match="bring one month at a time"):
        importers.read(saved(tmp_path, rows))
    assert "of the area: the file may be cut" in importers.read(saved(tmp_path, rows[:4])).suspicious[0]


def test_a_dental_contract_without_a_figure_adds_nothing(tmp_path):
    rows = list(csv.reader((FILES / "dental_2026-03.csv").read_text("cp1252").splitlines()))
    units = rows[0].index("UDA_DELIVERED")
    ours = next(row for row in rows[1:] if row[1] == "QMM" and row[units])
    gone, ours[units] = float(ours[units]), "*"
    assert round(100685.2 - value(importers.read(saved(tmp_path, rows)), "dental_uda", "QMM"), 1) == gone


def test_the_year_of_the_quality_framework_stands_in_the_name_the_publisher_gave(tmp_path):
    with zipfile.ZipFile(FILES / "quality_2024-25.zip") as archive:
        text = archive.read("PREVALENCE_2425.csv").decode()
    named = {}
    for name in ("PREVALENCE_2425.csv", "prevalence_2324_v2.csv", "download.csv", "PREVALENCE_2426.csv"):
        (tmp_path / name).write_text(text)
        try:
            named[name] = importers.read(tmp_path / name).period
        except importers.UnreadableFile as problem:
            assert "save it under the name the publisher gave it" in str(problem)
    assert named == {"PREVALENCE_2425.csv": "2024/25", "prevalence_2324_v2.csv": "2023/24"}


def test_the_share_on_a_register_is_of_the_practices_list_and_missing_practices_are_named(tmp_path):
    with zipfile.ZipFile(FILES / "quality_2024-25.zip") as archive:
        rows = list(csv.reader(archive.read("PREVALENCE_2425.csv").decode().splitlines()))
    found = read("quality_2024-25.zip")
    ours = set(catalogue.table("practices")["practice_code"])
    counts = [row for row in rows[1:] if row[0] in ours and row[1] == "DM"]
    share = 100 * sum(float(row[2]) for row in counts) / sum(float(row[4]) for row in counts)
    assert value(found, "qof_diabetes", "QMM") == round(share, 4) and not found.suspicious
    assert set(found.frame["area_code"]) == {"QMM"}, "a cut file has no total of England"
    without = [row for row in rows if not (row[0] == "D82001" and row[1] == "AF")]
    assert (
        "1 practice of ours not in the file: D82001"
        in importers.read(saved(tmp_path, without, "PREVALENCE_2425.csv")).suspicious
    )
    swapped = [rows[0], *[[row[0], row[1], row[4], row[3], row[2]] for row in rows[1:]]]
    with pytest.raises(importers.UnreadableFile, match="Columns may be swapped"):
        importers.read(saved(tmp_path, swapped, "PREVALENCE_2425.csv"))


def test_districts_of_a_held_mid_year_are_compared_cell_by_cell_and_its_parts_left_alone():
    found = read("estimates_2023.xlsx")
    both = found.frame.merge(catalogue.table("base_population"), on=["area_code", "sex", "age", "year"])
    assert len(both) == len(found.frame) == 7 * 2 * 91 and (both["population_x"] == both["population_y"]).all()
    assert not found.more and not landing.plan(found).changes


def projected(**swaps: str) -> list[list[str]]:
    """The rows of the projection, with some words in place of others."""
    with zipfile.ZipFile(FILES / "projections_2022_persons.zip") as archive:
        text = archive.read(archive.namelist()[0]).decode()
    for old, new in swaps.items():
        text = text.replace(old.replace("_", " "), new)
    return list(csv.reader(text.splitlines()))


def test_a_projection_is_compared_cell_by_cell_and_lands_in_the_table_of_its_sex(tmp_path):
    found = read("projections_2022_persons.zip")
    assert found.table == "projections_2022" and len(found.frame) == 2 * 92 * 26
    assert not landing.plan(found).changes
    assert found.suspicious == (
        "it has no row for E07000143, E07000144, E07000145, E07000146, E07000147 and E07000149",
    )
    females = importers.read(saved(tmp_path, projected(persons="females")))
    assert females.table == "projections_2022_by_sex" and set(females.frame["sex"]) == {"female"}
    assert any("another variant" in text for text in females.suspicious)


@pytest.mark.parametrize(
    ("swaps", "message"),
    [
        ({"2022": "2024", "2023": "2025"}, "from 2024, and the one in use is 2022-based"),
        ({"persons": "males"}, "counts males. Expected persons, or females"),
        ({"90_and_over": "90 to 94"}, "lacks ages of E07000148"),
        ({"All_ages": "100"}, "lacks ages of E07000148"),
        ({"Population,persons,0,": "Population,persons,0,9"}, "do not add up to its all ages"),
        ({"E07": "E99"}, "holds none of the area's organisations"),
    ],
)
def test_a_projection_that_is_another_or_is_not_whole_is_refused(swaps, message, tmp_path):
    with pytest.raises(importers.UnreadableFile, match=message):
        importers.read(saved(tmp_path, projected(**swaps)))


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("MYE2 - Persons", "A1", "MYE2: Persons, England and Wales", "says nowhere whom it counts"),
        ("MYE2 - Males", "A1", "MYE2: Males by single year of age, mid-2022", "for 2022 and 2023"),
        ("MYE2 - Males", "A1", "MYE2: Females by single year of age, mid-2023", "the tables of female and persons"),
        ("MYE2 - Females", "E14", 1, "add up to"),
    ],
)
def test_estimates_that_do_not_fit_together_are_refused(sheet, cell, value, message, tmp_path):
    book = openpyxl.load_workbook(FILES / "estimates_2023.xlsx")
    book[sheet][cell] = value
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(importers.UnreadableFile, match=message):
        importers.read(tmp_path / "a.xlsx")


def test_a_csv_of_one_sheet_of_the_estimates_says_neither_sex_nor_year(tmp_path):
    book = openpyxl.load_workbook(FILES / "estimates_2023.xlsx")
    rows = [[cell.value for cell in row] for row in book["MYE2 - Persons"].iter_rows(min_row=8)]
    with pytest.raises(importers.UnreadableFile, match="not a CSV made of one"):
        importers.read(saved(tmp_path, rows))


OLD_VACCINES = {
    "12m_UTLA_GOR": ("12m Denominator", "12m DTaP/IPV/Hib %", 2005, 94.3142),
    "24m_UTLA_GOR": ("24m Denominator", "24m MMR1%", 2131, 93.9934),
    "5y_UTLA_GOR": ("5 year denominator", "5 year MMR2%", 2247, 90.9212),
}


@pytest.mark.parametrize("quarter", ["FY2018_19_Q4", "England - 2018/19, Quarter 4: January to March 2019"])
def test_vaccinations_are_read_in_the_older_layout_with_england_known_by_its_region(quarter, tmp_path):
    book = openpyxl.Workbook()
    book.active.append([None, None, quarter])
    for sheet, (children, vaccine, number, share) in OLD_VACCINES.items():
        table = book.create_sheet(sheet)
        region = ["ONS Government Office Region Code", "ONS Government Office Region Name"]
        table.append(
            [*region, "ONS Upper Tier LA Code", "ODS Upper Tier LA Code", "Upper Tier LA Name", children, vaccine]
        )
        table.append([None, "England", None, None, None, 100 * number, 91.5])
        table.append([None, None, "E10000020", "607", "Norfolk", number, share])
        table.append([None, None, "E10000029", "609", "Suffolk", "*", "*"])
    book.save(tmp_path / "a.xlsx")
    found = importers.read(tmp_path / "a.xlsx")
    norfolk = found.frame.query("area_code == 'E10000020'").set_index("indicator_id")
    assert dict(norfolk["value"]) == {"imm_12m_6in1": 94.3142, "imm_24m_mmr1": 93.9934, "imm_5y_mmr2": 90.9212}
    assert set(found.frame["area_code"]) == {"E10000020", "E92000001"}
    assert set(found.frame["period_start"]) == {"2019-01-01"} and set(found.frame["period_label"]) == {"Q4 2018/19"}


def test_old_and_new_codes_of_ods_say_the_same(tmp_path):
    rows = list(csv.reader((FILES / "epraccur_2022.csv").read_text().splitlines()))
    new = [[*row] for row in rows]
    for row in new:
        row[12] = {"A": "ACTIVE", "C": "INACTIVE", "D": "DORMANT"}[row[12]]
        row[25] = {"4": "RO76"}.get(row[25], "RO177")
    again = importers.read(saved(tmp_path, new))
    pd.testing.assert_frame_equal(again.frame, read("epraccur_2022.csv").frame)
    new[30][12] = "MERGED"
    assert any("unknown status: MERGED" in text for text in importers.read(saved(tmp_path, new)).suspicious)


def test_a_trust_that_moved_closed_or_is_missing_is_looked_at_and_one_without_a_postcode_refused(tmp_path):
    rows = list(csv.reader((FILES / "etr_2025.csv").read_text("cp1252").splitlines()))
    assert not read("etr_2025.csv").suspicious and not landing.plan(read("etr_2025.csv")).changes
    by = {row[0]: row for row in rows}
    by["RMY"][9], by["RY3"][11] = "NR6 5BE", "20260331"
    found = importers.read(saved(tmp_path, [row for row in rows if row[0] != "RYC"]))
    assert set(found.suspicious) == {
        "RY3 closed on 31 March 2026: see what became of it",
        "RMY moved to NR6 5BE: its point needs a look",
        "1 trust of ours not in the file: RYC",
    }
    assert found.period == "latest change on 31 March 2026"
    by["RM1"][9] = "COLNEY LANE"
    with pytest.raises(importers.UnreadableFile, match="RM1 has 'COLNEY LANE' where its postcode was expected"):
        importers.read(saved(tmp_path, rows))


PARTNERS = """Partner Organisation Code|Partner Name|PCN Code|PCN Name|Practice to PCN Relationship Start Date
Practice to PCN Relationship End Date"""


def test_the_network_of_a_practice_is_the_one_whose_relationship_is_open(tmp_path):
    """As ePCN has it: Norwich was split in April 2024, Wells moved a year before."""
    book = openpyxl.Workbook()
    book.active.append(["PCN Code", "PCN Name", "Open Date"])
    sheet = book.create_sheet("PCN Core Partner Details")
    sheet.append([head.replace(" ", "\n") for head in PARTNERS.replace("\n", "|").split("|")])
    held = catalogue.table("practices")
    for row in held.itertuples():
        sheet.append([row.practice_code, row.name, row.pcn_code, row.pcn_name.upper(), "20191001", None])
    sheet.append(["D82038", "WELLS HEALTH CENTRE", "U94681", "NORTH NORFOLK 1 PCN", "20191001", "20230331"])
    sheet.append(["A81001", "THE DENSHAM SURGERY", "U89141", "STOCKTON PCN", "20261001", None])
    book.save(tmp_path / "a.xlsx")
    found = importers.read(tmp_path / "a.xlsx")
    assert found.publication == "Primary care networks (ePCN)" and found.period == "latest change on 1 October 2026"
    pd.testing.assert_frame_equal(found.frame, held[["practice_code", "pcn_code", "pcn_name"]], check_dtype=False)
    assert not found.suspicious
    sheet["C3"], sheet["D3"] = "U13557", "NORWICH PCN"
    sheet.append(["D82001", "HOLT MEDICAL PRACTICE", "U94681", "NORTH NORFOLK 1 PCN", "20191001", "31 of March"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(importers.UnreadableFile, match="'31 of March' is not a date under"):
        importers.read(tmp_path / "a.xlsx")
    sheet.delete_rows(sheet.max_row)
    book.save(tmp_path / "a.xlsx")
    assert (
        "1 practice in Norwich PCN (U13557), a network that is not" in importers.read(tmp_path / "a.xlsx").suspicious[0]
    )


def test_list_sizes_come_from_the_totals(tmp_path):
    held = catalogue.table("practices").query("status == 'active'")
    head = "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,"
    rows = [[*head.split(",")[:-1], "NUMBER_OF_PATIENTS"]]
    rows += [
        [
            "GP_PRAC_PAT_LIST",
            "01AUG2026",
            "GP",
            "26A",
            "E38000239",
            code,
            "NR1 1AA",
            "ALL",
            "ALL",
            f"{int(size) + 10:,}",
        ]
        for code, size in zip(held["practice_code"], held["list_size"])
    ]
    found = importers.read(saved(tmp_path, rows))
    assert found.publication == "Patients Registered at a GP Practice (totals)" and not found.suspicious
    assert found.frame["list_size"].sum() == held["list_size"].sum() + 10 * len(held)
    assert set(found.frame["list_date"]) == {"2026-08-01"}
    without = importers.read(saved(tmp_path, rows[:1] + rows[2:]))
    assert any("1 practice of ours not in the file" in text for text in without.suspicious)


def test_fingertips_rows_of_other_sexes_categories_and_areas_are_left_out(tmp_path):
    rows = list(csv.reader((FILES / "fingertips_hypertension.csv").read_text("utf-8-sig").splitlines()))
    head = rows[0]
    other = [[*row] for row in rows[1:4]]
    other[0][head.index("Sex")] = "Male"
    other[1][head.index("Category")] = "Most deprived decile"
    other[2][head.index("Area Code")] = "E08000001"
    found = importers.read(saved(tmp_path, [head, *rows[1:], *other]))
    pd.testing.assert_frame_equal(found.frame, read("fingertips_hypertension.csv").frame)
    assert set(found.frame["area_code"]) == {"E92000001"} and found.frame["lower_ci"].notna().all()


def test_a_fingertips_indicator_that_changed_its_name_is_to_be_looked_at(tmp_path):
    rows = list(csv.reader((FILES / "fingertips_hypertension.csv").read_text("utf-8-sig").splitlines()))
    for row in rows[1:]:
        row[1] = "High blood pressure, modelled"
    assert "its definition may have changed" in importers.read(saved(tmp_path, rows)).suspicious[0]


# ------------------------------------------------------------- the same file in other dress reads the same


def dressed(rows: list[list[str]], how: str) -> list[list[str]]:
    head, *body = [[*row] for row in rows]
    if how == "columns in another order":
        order = list(range(len(head)))
        random.Random(1).shuffle(order)
        return [[row[i] for i in order] for row in [head, *body]]
    if how == "rows in another order, total first":
        return [head, body[-1], *reversed(body[:-1])]
    if how == "preamble":
        blank = [""] * len(head)
        return [
            ["Title:", "A&E statistics", *blank[2:]],
            blank,
            ["Published:", "15th January 2026", *blank[2:]],
            head,
            *body,
        ]
    if how == "repeated headings":
        return [head, *body[:50], head, *body[50:], head]
    if how == "blank rows and columns":
        return [[*head, "", ""], *[[*row, "", ""] for row in body], [""] * (len(head) + 2)]
    if how == "thousands commas":
        return [head, *[[f"{int(c):,}" if c.isdigit() else c for c in row] for row in body]]
    if how == "padded codes and spaces":
        return [
            [f" {c}\u00a0" for c in head],
            *[
                [
                    row[0],
                    f" {row[1].lower()}00 " if row[1] in importers_trusts else row[1] + " ",
                    *[f" {c} " for c in row[2:]],
                ]
                for row in body
            ],
        ]
    if how == "old headings":
        return [
            [
                c.replace("A&E attendances Type", "Number of A&E attendances Type").replace(
                    "Attendances over 4hrs Type", "Number of attendances over 4hrs Type"
                )
                for c in head
            ],
            *body,
        ]
    if how == "headings in capitals":
        return [[c.upper() for c in head], *body]
    if how == "England in one column only":
        return [head, *body[:-1], [body[0][0], "-", "", "England", *body[-1][4:]]]
    if how == "total spelt otherwise":
        return [head, *body[:-1], ["Grand total", "", "", "", *body[-1][4:]]]
    if how == "decimals":
        return [head, *[[f"{c}.0" if c.isdigit() else c for c in row] for row in body]]
    if how == "old month":
        return [head, *[["MSitAE-Dec-25" if "DECEMBER" in row[0] else row[0], *row[1:]] for row in body]]
    raise AssertionError(how)


importers_trusts = {"RM1", "RGP", "RCX"}
DRESSES = [
    "columns in another order",
    "rows in another order, total first",
    "preamble",
    "repeated headings",
    "blank rows and columns",
    "thousands commas",
    "padded codes and spaces",
    "old headings",
    "headings in capitals",
    "England in one column only",
    "total spelt otherwise",
    "decimals",
    "old month",
]


@pytest.mark.parametrize("how", DRESSES)
def test_a_csv_in_another_dress_reads_the_same(how, tmp_path):
    found = importers.read(saved(tmp_path, dressed(ae_rows(), how)))
    expected = read("ae_2025-12.csv")
    pd.testing.assert_frame_equal(
        found.frame.sort_values(KEY, ignore_index=True), expected.frame.sort_values(KEY, ignore_index=True)
    )
    assert found.suspicious == expected.suspicious == ()


@pytest.mark.parametrize(
    ("encoding", "delimiter", "end"),
    [
        ("utf-8-sig", ",", "\r\n"),
        ("utf-16", "\t", "\r\n"),
        ("utf-16-le", ",", "\n"),
        ("utf-16-be", ";", "\n"),
        ("cp1252", ";", "\r\n"),
        ("cp1252", ",", "\r"),
        ("utf-8", "|", "\n"),
    ],
)
def test_a_csv_in_another_encoding_reads_the_same(encoding, delimiter, end, tmp_path):
    rows = ae_rows()
    rows[1][3] = "ST HÉLIER’S WALK-IN CENTRE"
    path = saved(tmp_path, rows, encoding=encoding, delimiter=delimiter, end=end)
    pd.testing.assert_frame_equal(importers.read(path).frame, read("ae_2025-12.csv").frame)


def test_a_workbook_saved_from_the_csv_and_a_zip_of_it_read_the_same(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Guidance", "see the publisher's page"])
    sheet, hidden = book.create_sheet("Data"), book.create_sheet("Old")
    hidden.sheet_state = "hidden"
    for row in ae_rows():
        sheet.append([int(c) if c.isdigit() else c for c in row])
        hidden.append([1 if c.isdigit() else c for c in row])
    book.save(tmp_path / "a.xlsx")
    expected = read("ae_2025-12.csv").frame
    pd.testing.assert_frame_equal(importers.read(tmp_path / "a.xlsx").frame, expected)
    for member in ("a.xlsx", "folder/b.csv"):
        with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(tmp_path / "a.xlsx" if member == "a.xlsx" else FILES / "ae_2025-12.csv", member)
            archive.writestr("__MACOSX/._b.csv", b"\0\1")
        pd.testing.assert_frame_equal(importers.read(tmp_path / "z.zip").frame, expected)


def test_a_zip_of_one_csv_a_system_is_read_whole(tmp_path):
    """Regional appointments come as a zip of many CSVs, of which one is the area's."""
    rows = list(csv.reader((FILES / "gp_appointments_2019-03.csv").read_text().splitlines()))
    other = [rows[0], *[["06H", "E38000026", "Elsewhere", *row[3:]] for row in rows[1:]]]
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        for name, content in (("one.csv", other), ("two.csv", rows)):
            archive.write(saved(tmp_path, content), name)
    found = importers.read(tmp_path / "r.zip")
    pd.testing.assert_frame_equal(found.frame, read("gp_appointments_2019-03.csv").frame)


def test_a_mark_of_suppression_is_missing_and_never_nought(tmp_path):
    rows = ae_rows()
    column = rows[0].index("Patients who have waited 12+ hrs from DTA to admission")
    for mark in ("*", "-", "..", "", "[c]"):
        ours = [[*row] for row in rows]
        next(row for row in ours if row[1] == "RGP")[column] = mark
        found = importers.read(saved(tmp_path, ours))
        assert found.frame.query("indicator_id == 'ae_12hr_dta' and area_code in ('RGP', 'QMM')").empty
        assert len(found.frame.query("indicator_id == 'ae_12hr_dta'")) == 3


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("01Jan2022", "2022-01-01"),
        ("1 January 2022", "2022-01-01"),
        ("2022-01-01", "2022-01-01"),
        ("11th June 2026", "2026-06-11"),
        ("20260611", "2026-06-11"),
        ("31/01/2022", "2022-01-31"),
        (44562.0, "2022-01-01"),
        ("2022-01-01 00:00:00", "2022-01-01"),
        ("13 June 2024", "2024-06-13"),
        ("01FEB2023", "2023-02-01"),
    ],
)
def test_a_day_is_read_in_every_form_publishers_use(said, meant):
    assert cells.day(said).isoformat() == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("March 2026", "2026-03-01"),
        ("May 26", "2026-05-01"),
        ("MAR2019", "2019-03-01"),
        ("November  2024", "2024-11-01"),
        ("Sept 2019", "2019-09-01"),
        ("DECEMBER-2025", "2025-12-01"),
        ("2026-05", "2026-05-01"),
        ("01/02/2023", "2023-02-01"),
        ("02/01/2023", "2023-02-01"),
        ("31/01/2023", "2023-01-01"),
    ],
)
def test_a_month_is_read_in_every_form_publishers_use(said, meant):
    assert cells.month(said).isoformat() == meant


@pytest.mark.parametrize("said", ["03/04/2026", "05/02/2023"])
def test_an_ambiguous_date_is_not_guessed(said):
    with pytest.raises(cells.Ambiguous):
        cells.month(said)


@pytest.mark.parametrize("said", ["", "soon", "Provider", "2026/27 Q1", "32/01/2026", "May 2026 (revised)"])
def test_what_is_no_date_is_none(said):
    with pytest.raises(ValueError):
        cells.month(said)


def test_numbers_are_read_and_texts_refused():
    assert [cells.number(c) for c in ("1,234", " 5 ", "−3", 7, "1e3", ".5")] == [1234, 5, -3, 7, 1000, 0.5]
    assert all(math.isnan(cells.number(c)) for c in ("*", "-", "–", "..", ":", "", None, "[x]", "n/a", "NULL"))
    for wrong in ("1,23", "12 345", "RM1", "1e308", True, "<5", "5%", float("inf")):
        with pytest.raises(ValueError):
            cells.number(wrong)
