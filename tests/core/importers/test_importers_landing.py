"""A refresh shows what it would change, lands whole or not at all, and can be taken back byte for byte."""

import csv
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ics_core import catalogue, demand, kept, population
from ics_core.errors import LandingError
from ics_core.importers import __main__ as command
from ics_core.importers import checks, landing, read, transaction

ROOT = Path(__file__).parents[3]
FILES = ROOT / "tests" / "fixtures" / "importers"
MAY, APRIL, DECEMBER = (FILES / f"ae_{n}" for n in ("provider_2026-05.xls", "provider_2026-04.xls", "2025-12.csv"))
LATER = "2026-04-01"


@pytest.fixture
def data(data_copy):
    """The data as they were before April 2026."""
    put(
        data_copy,
        "observations",
        lambda row: not (row["indicator_id"].startswith("ae_") and row["period_start"] >= LATER),
    )
    return data_copy


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "undo" not in path.parts
    }


def rows(folder: Path, path: str) -> list[dict[str, str]]:
    with open(folder / path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def put(folder: Path, table: str, change) -> None:
    """Edits a table by hand and stamps it, as a person would."""
    store = landing.Store(folder)
    held = store.rows(table)
    store.write(table, [row for row in held if change(row) is not False], list(held[0]))
    catalogue.stamp()
    catalogue.forget()


def december(folder: Path) -> None:
    """The data with December 2025 as the file of that month has it, before any later revision."""
    put(
        folder,
        "observations",
        lambda row: not (row["indicator_id"].startswith("ae_") and row["period_label"] == "Dec 2025"),
    )
    assert run(DECEMBER) == 0


def run(*arguments) -> int:
    return command.main([str(argument) for argument in arguments])


def test_a_dry_run_says_what_would_change_and_changes_nothing(data, capsys):
    before = contents(data)
    assert run(MAY, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "A&E Attendances and Emergency Admissions (NHS England), May 2026, released 11 June 2026" in said
    assert "25 new, 0 revised, 0 dropped, 0 as held; table observations" in said
    assert "new: ae_attendances RM1 2026-05-01 2026-05-31 all value: 21885" in said and "dry run" in said
    assert contents(data) == before


def test_a_landing_brings_rows_source_derived_columns_log_and_checksums(data):
    before = rows(data, "indicators/observations.csv")
    assert run(APRIL, MAY, "--repository", "someone/copies", "--commit", "abc", "--copied", "2026-07-01") == 0
    after = rows(data, "indicators/observations.csv")
    known = {tuple(row.values()) for row in before}
    fresh = [row for row in after if tuple(row.values()) not in known]
    assert len(fresh) == 50 and [row for row in after if tuple(row.values()) in known] == before
    assert {row["period_label"] for row in fresh} == {"Apr 2026", "May 2026"}
    sources = {row["source_id"]: row for row in rows(data, "indicators/indicator_sources.csv")}
    for row in fresh:
        source = sources[row["source_id"]]
        assert source["released"] in ("2026-05-14", "2026-06-11") and source["address"].startswith("https://")
        assert len(source["sha256"]) == 64 and source["repository"] == "someone/copies"
    log = rows(data, "changes.csv")[-50:]
    assert {row["kind"] for row in log} == {"new"} and len({row["landing"] for row in log}) == 1
    assert {row["released"] for row in log} == {"2026-05-14", "2026-06-11"}
    assert catalogue.released() == log[0]["landed"]  # ages of figures are counted to the day of the landing
    assert catalogue.damaged() == []


def test_what_is_held_already_lands_nothing(data, capsys):
    december(data)
    before = contents(data)
    assert run(DECEMBER) == 0
    assert "Nothing to land" in capsys.readouterr().out and contents(data) == before


def test_landings_are_taken_back_one_by_one_byte_for_byte(data):
    states = [contents(data)]
    for file in (APRIL, MAY):
        assert run(file) == 0
        states.append(contents(data))
    for state in reversed(states[:-1]):
        assert run("--undo") == 0
        assert contents(data) == state
    with pytest.raises(LandingError, match="no landing to take back"):
        run("--undo")


def test_taking_back_is_refused_once_a_file_was_changed_since(data):
    run(MAY)
    put(data, "indicator_areas", lambda row: row.update(area_name=row["area_name"] + " "))
    after = contents(data)
    with pytest.raises(LandingError, match="changed since that landing"):
        run("--undo")
    assert contents(data) == after


@pytest.mark.parametrize("at", [0, 3])
def test_a_landing_that_breaks_off_leaves_every_file_as_it_was(data, monkeypatch, at):
    before, done, real = contents(data), [], os.replace

    def breaks(source, target):
        if Path(target).parent.name != "undo" and len(done) == at:
            done.append(target)
            raise OSError("the disk is full")
        done.append(target)
        real(source, target)

    monkeypatch.setattr(transaction.os, "replace", breaks)
    with pytest.raises(OSError, match="the disk is full"):
        run(MAY)
    assert contents(data) == before and not list((data / "undo").iterdir())


def test_a_landing_that_was_killed_is_rolled_back_before_the_next(data, monkeypatch):
    before = contents(data)
    run(MAY)
    after = contents(data)
    kept = next((data / "undo").glob("*.zip"))
    kept.rename(data / "undo" / "landing.zip")  # as if the process had died before the last step
    assert run(MAY) == 0
    assert {k: v for k, v in contents(data).items() if k != "changes.csv"} == {
        k: v for k, v in after.items() if k != "changes.csv"
    }
    run("--undo")
    assert contents(data) == before


def test_two_landings_at_once_are_not_possible(data):
    (data / "undo").mkdir()
    (data / "undo" / "lock").touch()
    with pytest.raises(LandingError, match="Another landing is under way"):
        run(MAY)


def test_what_changed_since_it_was_shown_does_not_land(data):
    stale = landing.plan(read(MAY))
    landing.land([stale])
    before = contents(data)
    with pytest.raises(LandingError, match="changed since these differences"):
        landing.land([stale])
    assert contents(data) == before


def test_answers_of_a_workshop_that_come_in_meanwhile_are_not_overwritten(data, monkeypatch):
    answers = data / "live" / "workshops.sqlite"
    answers.parent.mkdir()
    answers.write_bytes(b"before")
    real = landing._apply
    monkeypatch.setattr(landing, "_apply", lambda *given: (real(*given), answers.write_bytes(b"since")))
    assert run(MAY) == 0
    assert answers.read_bytes() == b"since"


def test_one_file_that_cannot_be_read_keeps_all_from_landing(data, tmp_path, capsys):
    before = contents(data)
    (tmp_path / "page.csv").write_text("<html><title>Sign in</title></html>")
    assert run(MAY, tmp_path / "page.csv") == 1
    assert "titled “Sign in”" in capsys.readouterr().out and contents(data) == before


def test_tables_that_do_not_hold_together_do_not_land(data, monkeypatch):
    before = contents(data)
    real = landing._apply_source
    monkeypatch.setattr(landing, "_apply_source", lambda *a: (real(*a), (a[1].folder / "places/pcns.csv").unlink()))
    with pytest.raises(LandingError, match="nothing landed"):
        run(MAY)
    assert contents(data) == before


def test_a_revision_shows_old_and_new_and_replaces_the_row(data, capsys):
    december(data)

    def older(row):
        if row["indicator_id"] == "ae_attendances" and row["area_code"] == "RM1" and row["period_label"] == "Dec 2025":
            row["value"] = str(float(row["value"]) + 100)

    put(data, "observations", older)
    assert run(DECEMBER) == 0
    assert "0 new, 1 revised, 0 dropped, 24 as held" in capsys.readouterr().out
    change = rows(data, "changes.csv")[-1]
    assert (change["kind"], change["column"]) == ("revised", "value")
    assert float(change["old"]) - float(change["new"]) == 100
    frame = catalogue.table("observations").query("indicator_id == 'ae_attendances' and period_label == 'Dec 2025'")
    assert (
        frame.set_index("area_code")["value"]["RM1"] == float(change["new"]) and not frame.duplicated("area_code").any()
    )


def test_a_figure_the_file_no_longer_has_is_dropped_only_when_accepted(data, tmp_path, capsys):
    december(data)
    text = DECEMBER.read_text().splitlines()
    at = text[0].split(",").index("Patients who have waited 12+ hrs from DTA to admission")
    lines = [line.split(",") for line in text]
    for line in lines:
        if line[1] == "RGP":
            line[at] = "*"
    (tmp_path / "a.csv").write_text("\n".join(",".join(line) for line in lines))
    before = contents(data)
    assert run(tmp_path / "a.csv") == 3
    assert "ae_12hr_dta, RGP, Dec 2025 is held but not in the file" in capsys.readouterr().out
    assert contents(data) == before
    assert run(tmp_path / "a.csv", "--accept") == 0
    gone = catalogue.table("observations").query("indicator_id == 'ae_12hr_dta' and period_label == 'Dec 2025'")
    assert set(gone["area_code"]) == {"RM1", "RCX", "E92000001"}
    assert sum(row["kind"] == "dropped" for row in rows(data, "changes.csv")) == 4


def test_a_jump_beyond_six_usual_ranges_is_looked_at_first(data, capsys):
    def smaller(row):
        if row["indicator_id"] == "ae_attendances" and row["area_code"] == "RGP" and row["period_start"] < LATER:
            row["value"] = str(float(row["value"]) / 10)

    put(data, "observations", smaller)
    before = contents(data)
    assert run(MAY) == 3
    assert "A&E attendances, RGP, May 2026: 9,874, beside" in capsys.readouterr().out and contents(data) == before


def test_months_that_were_published_are_no_jumps():
    """Of every month held of A&E, told from the months before it, few are beyond six usual ranges: the pandemic's."""
    held = catalogue.table("observations").query("indicator_id == 'ae_4hr_all' and area_code == 'QMM'")
    found = []
    for at in range(24, len(held)):
        found += checks.jumps(held.iloc[[at]], held.iloc[:at], {"ae_4hr_all": "A&E"})
    assert len(found) <= 2


def test_a_file_without_a_date_may_take_a_revision_back(data, capsys):
    assert run(DECEMBER) == 3  # England of that month was revised in May 2026
    assert "the file has no release date" in capsys.readouterr().out


def test_an_older_file_may_take_a_revision_back(data, capsys):
    assert run(FILES / "ae_provider_2025-06.xlsx") == 3
    assert "landing it may take a revision back" in capsys.readouterr().out


def test_periods_and_shares_that_cannot_be_are_looked_at():
    def frame(start, end, label, value=50.0, numerator=1.0, denominator=2.0):
        return pd.DataFrame(
            [
                {
                    "indicator_id": "x",
                    "area_code": "RM1",
                    "period_start": start,
                    "period_end": end,
                    "period_label": label,
                    "value": value,
                    "numerator": numerator,
                    "denominator": denominator,
                }
            ]
        )

    assert "after its end" in checks.periods(frame("2026-05-31", "2026-05-01", "May 2026"))[0]
    for label in ("Apr 2026", "May 2025", "2025", "2025/26"):
        assert f"the label “{label}” is not its period" in checks.periods(frame("2026-05-01", "2026-05-31", label))[0]
    for period in (
        ("2026-05-01", "2026-05-31", "May 2026"),
        ("2023-04-01", "2024-03-31", "2023/24"),
        ("2023-01-01", "2023-12-31", "2023"),
    ):
        assert checks.periods(frame(*period)) == []
    assert checks.odd_shares(frame("", "", "", 0.5), {"x": "%"}) and checks.odd_shares(
        frame("", "", "", 120), {"x": "%"}
    )
    assert not checks.odd_shares(frame("", "", "", 50), {"x": "%"})


def test_held_periods_have_labels_that_fit():
    odd = checks.periods(catalogue.table("observations"))
    assert not [text for text in odd if "after its end" in text]


def test_practices_land_name_and_status_and_nothing_else(data, tmp_path, capsys):
    held = catalogue.table("practices")
    code = held["practice_code"][0]
    lines = (FILES / "epraccur_2022.csv").read_text().splitlines()
    fresh = []
    for line in csv.reader(lines):
        ours = held[held["practice_code"] == line[0]]
        if len(ours):
            line[1], line[9] = ours["name"].item().upper(), ours["postcode"].item()
            line[12] = {"active": "ACTIVE", "dormant": "DORMANT"}[ours["status"].item()]
        if line[0] == code:
            line[1], line[10] = "A NEW NAME", "20260801"
        fresh.append(line)
    with open(tmp_path / "a.csv", "w", newline="") as file:
        csv.writer(file).writerows(fresh)
    before = rows(data, "places/practices.csv")
    assert run(tmp_path / "a.csv") == 0
    after = rows(data, "places/practices.csv")
    assert [row for row in after if row not in before] == [before[0] | {"name": "A New Name"}]
    assert catalogue.damaged() == [] and rows(data, "changes.csv")[-1]["new"] == "A New Name"


def test_a_correct_refresh_leaves_the_checks_of_the_data_green(tmp_path):
    """In a copy of the project: a month and later lists are landed by the command, and tests of tables and words run."""
    for name in ("ics_core", "data", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "undo", "results"))
    for name in ("pyproject.toml",):
        shutil.copy(ROOT / name, tmp_path / name)
    python = [sys.executable, "-m"]
    held = {
        row["period_label"]
        for row in rows(tmp_path / "data", "indicators/observations.csv")
        if row["indicator_id"] == "ae_4hr_all"
    }
    month = next_month(FILES, tmp_path, held)
    done = subprocess.run(
        [*python, "ics_core.importers", month, next_lists(tmp_path), "--accept"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0 and "Landed" in done.stdout, done.stdout + done.stderr
    quick = [f"tests/core/test_{name}.py" for name in ("ambitions", "data_package", "area")]
    slow = "every_indicator_has or every_csv or valid_data_package or nest or geometry or points or means_follows"
    chosen = f"not ({slow})"
    done = subprocess.run(
        [*python, "pytest", "-q", "-x", *quick, "-k", chosen], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]


def next_month(files: Path, folder: Path, held: set[str]) -> Path:
    """The official file of December 2025 as that of the first month after those held."""
    latest = max(pd.to_datetime(sorted(held), format="%b %Y", errors="coerce").dropna())
    after = latest + pd.DateOffset(months=1)
    path = folder / "next.csv"
    path.write_text((files / "ae_2025-12.csv").read_text().replace("DECEMBER-2025", after.strftime("%B-%Y").upper()))
    return path


def next_lists(folder: Path) -> Path:
    """Totals of registered patients of the first month after those held: seven more in each practice."""
    held = [row for row in rows(folder / "data", "places/practices.csv") if row["list_size"]]
    after = pd.Timestamp(max(row["list_date"] for row in held)) + pd.DateOffset(months=1)
    head = "EXTRACT_DATE,SUB_ICB_LOCATION_CODE,CODE,SEX,AGE,NUMBER_OF_PATIENTS"
    lines = [
        f"{after:%d%b%Y},26A,{row['practice_code']},ALL,ALL,{int(float(row['list_size'])) + 7}".upper() for row in held
    ]
    path = folder / "lists.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def test_the_undo_store_holds_what_was_before_and_what_came(data):
    run(MAY)
    with zipfile.ZipFile(next((data / "undo").glob("*.zip"))) as kept:
        assert "before/indicators/observations.csv" in kept.namelist() and "manifest.json" in kept.namelist()


def test_reading_never_touches_the_data(data):
    before = contents(data)
    for file in sorted(FILES.iterdir()):
        try:
            landing.plan(read(file))
        except ValueError:
            continue
    assert contents(data) == before


# ------------------------------------------------------------------------------------ a further mid-year


def next_estimates(folder: Path) -> Path:
    """The official workbook of mid-2023 as that of the year after the latest held, everybody one in a hundred more."""
    year = int(catalogue.table("base_population")["year"].max()) + 1
    latest = catalogue.table("population_totals").query("year == @year - 1 and sex != 'persons'")
    was = latest.set_index(["area_code", "sex"])["population"]
    book = openpyxl.load_workbook(FILES / "estimates_2023.xlsx")
    new: dict[tuple[str, str], list[int]] = {}
    for sheet, sex in (("MYE2 - Females", "female"), ("MYE2 - Males", "male"), ("MYE2 - Persons", "persons")):
        for row in book[sheet].iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("mid-2023", f"mid-{year}").replace("2024", str(year + 1))
            code = str(row[0].value)
            if (code, "female") not in was.index:
                continue
            if sex == "persons":
                ages = [a + b for a, b in zip(new[code, "female"], new[code, "male"], strict=True)]
            else:
                ages = [round(cell.value * 1.01 * was[code, sex] / row[3].value) for cell in row[4:]]
            new[code, sex] = ages
            for cell, value in zip(row[3:], [sum(ages), *ages], strict=True):
                cell.value = value
    for row in book["Cover sheet"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace("15 July 2024", f"15 July {year + 1}")
    book.save(folder / "next.xlsx")
    return folder / "next.xlsx"


def test_a_further_mid_year_lands_in_every_table_of_people_and_the_models_start_from_it(data_copy, tmp_path, capsys):
    """No code: the projection begins a year later, demand with it, both as far as the official projection goes."""
    before, first = contents(data_copy), population.base_year()
    horizon = int(catalogue.table("projections_2022_by_sex")["year"].max())
    assert list(population.run().years) == list(range(first, horizon + 1))
    assert run(next_estimates(tmp_path), "--dry-run") == 0
    said = capsys.readouterr().out
    assert f"Mid-year population estimates (Office for National Statistics), mid-{first + 1}" in said
    assert "table base_population, population_totals and england_ages" in said and contents(data_copy) == before
    assert run(tmp_path / "next.xlsx") == 0
    kept.forget()
    assert population.base_year() == first + 1
    people = population.run()
    assert list(people.years) == list(range(first + 1, horizon + 1))
    table = catalogue.table("base_population").query("year == @first + 1")
    by = table.groupby("area_type")["population"].sum()
    assert by["district"] == pytest.approx(by["footprint"], abs=1) == pytest.approx(by["locality (former CCG)"], abs=1)
    assert set(table.loc[table["area_code"] == "E07000148", "status"]) == {"published"}
    at = people.places.index("E54000022")
    assert people.people[at, ..., 0].sum() == pytest.approx(by["footprint"], abs=1)
    grown = people.people[at, ..., 1].sum() / people.people[at, ..., 0].sum() - 1
    assert 0 < grown < 0.02
    used = demand.project()
    assert used["year"].min() == first + 1 and used["value"].notna().all()
    assert population.method() and population.start_words() and not population.back_test("age").empty
    log = [row for row in rows(data_copy, "changes.csv") if row["period"] == f"mid-{first + 1}"]
    assert {row["table_name"] for row in log} == {"base_population", "population_totals", "england_ages"}
    assert catalogue.source("base_population").title == f"Mid-year population estimates, mid-{first + 1}"
    assert catalogue.damaged() == []
    assert run("--undo") == 0
    assert contents(data_copy) == before and population.base_year() == first


@pytest.mark.parametrize(
    ("name", "measures", "start", "told"),
    [
        (
            "dental_2026-03.csv",
            "dental_uda",
            "2026-03-01",
            "new: dental_uda QMM 2026-03-01 2026-03-31 all value: 100685.2",
        ),
        ("quality_2024-25.zip", "qof_", "2024-04-01", "new: qof_stroke QMM 2024-04-01 2025-03-31 all value: 2.4779"),
    ],
)
def test_a_month_of_contracts_and_a_year_of_registers_land_and_are_taken_back(
    data_copy, name, measures, start, told, capsys
):
    held = catalogue.table("observations").query("area_code == 'QMM' and period_start == @start")
    held = held[held["indicator_id"].str.startswith(measures) & ~held["indicator_id"].str.endswith("_iq")]
    put(
        data_copy,
        "observations",
        lambda row: not (row["indicator_id"].startswith(measures) and row["period_start"] == start),
    )
    before = contents(data_copy)
    assert run(FILES / name, "--dry-run") == 0
    assert told in capsys.readouterr().out and contents(data_copy) == before
    assert run(FILES / name) == 0
    again = catalogue.table("observations").merge(held, on=["indicator_id", "area_code", "period_start", "period_end"])
    assert len(again) == len(held) and (again["value_x"] == again["value_y"]).all() and catalogue.damaged() == []
    assert run("--undo") == 0
    assert contents(data_copy) == before


def test_a_trust_that_moved_lands_with_its_source_and_is_taken_back(data_copy, tmp_path):
    lines = (FILES / "etr_2025.csv").read_text("cp1252").replace("NR1 2DH", "NR6 5BE")
    (tmp_path / "a.csv").write_text(lines)
    before = contents(data_copy)
    assert run(tmp_path / "a.csv") == 3 and contents(data_copy) == before
    assert run(tmp_path / "a.csv", "--accept") == 0
    moved = {row["ods_code"]: row for row in rows(data_copy, "places/partners.csv")}["RMY"]
    assert moved["hq_postcode"] == "NR6 5BE" and "(etr)" in moved["hq_source"] and catalogue.damaged() == []
    assert run("--undo") == 0
    assert contents(data_copy) == before


def test_a_corrected_projection_lands_only_when_accepted_and_is_taken_back(data_copy, tmp_path, capsys):
    with zipfile.ZipFile(FILES / "projections_2022_persons.zip") as archive:
        lines = archive.read(archive.namelist()[0]).decode().splitlines()
    for n, line in enumerate(lines):
        if line.startswith("E07000148,") and (",persons,0," in line or ",All ages," in line):
            *cells, last = line.split(",")
            lines[n] = ",".join([*cells, f"{float(last) + 100:.3f}"])
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    before = contents(data_copy)
    assert run(tmp_path / "a.csv") == 3
    assert "2 figures differ from what is held: it may be another variant" in capsys.readouterr().out
    assert contents(data_copy) == before
    assert run(tmp_path / "a.csv", "--accept") == 0
    was, now = (float(rows(data_copy, "changes.csv")[-1][column]) for column in ("old", "new"))
    assert now - was == pytest.approx(100) and rows(data_copy, "changes.csv")[-1]["key"] == "E07000148 2047"
    table = catalogue.table("projections_2022").query("area_code == 'E07000148' and year == 2047")
    by = table.set_index("age_group")["population"]
    assert by["All ages"] == pytest.approx(now, abs=0.01) and catalogue.damaged() == []
    assert run("--undo") == 0
    assert contents(data_copy) == before


def test_the_models_go_as_far_as_the_official_projection_does(data_copy):
    """A projection that ends a year later needs no code."""
    last = int(catalogue.table("projections_2022_by_sex")["year"].max())
    for name in ("projections_2022_by_sex", "projections_2022"):
        table = catalogue.table(name)
        further = table[table["year"] == last].assign(year=last + 1)
        pd.concat([table, further]).to_parquet(landing.Store(data_copy).path(name), index=False)
    catalogue.stamp()
    kept.forget()
    people = population.run()
    assert people.years[-1] == last + 1 == demand.project()["year"].max()
    assert people.people[..., -1].sum() == pytest.approx(people.people[..., -2].sum(), rel=1e-9)
    assert population.project_draws(draws=10).years[-1] == last + 1
