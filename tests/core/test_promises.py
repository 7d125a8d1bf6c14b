"""Promises of 2018: no verdict without a figure, no figure without a source and a date."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from ics_core import ambitions, catalogue
from ics_core.ambitions import promises


def test_every_commitment_has_one_fate_of_five():
    table = promises.listed()
    made = catalogue.table("founding_commitments")
    assert sorted(table["commitment_id"]) == sorted(made["commitment_id"]) and len(table) == 60
    assert set(table["verdict"]) == set(promises.VERDICTS)
    for verdict in promises.VERDICTS:
        assert f"**{verdict.capitalize()}**" in catalogue.text("promises")


@pytest.mark.parametrize(
    ("commitment_id", "verdict"),
    [
        ("COM-39", "kept"),  # an integrated care system by April 2021
        ("COM-42", "kept"),  # seventeen networks
        ("COM-37", "kept"),  # five localities
        ("COM-02", "not kept"),
        ("COM-10", "not kept"),
        ("COM-15", "partly"),
        ("COM-43", "cannot be told"),  # agreed, not delivered
        ("COM-59", "not yet due"),
    ],
)
def test_a_fate_is_the_one_the_rule_gives(commitment_id, verdict):
    assert promises.listed().set_index("commitment_id")["verdict"][commitment_id] == verdict


def test_a_verdict_rests_on_a_dated_figure_or_event_with_a_source():
    for one in promises.listed().itertuples():
        if one.verdict in ("kept", "partly", "not kept"):
            assert one.evidence != ambitions.NO_FIGURE and "nan" not in one.evidence
            assert one.as_at and one.source, one.commitment_id
        if one.evidence != ambitions.NO_FIGURE:
            assert one.source and one.as_at, one.commitment_id
        else:
            assert not one.source and one.dataset and one.verdict in ("cannot be told", "not yet due")
        assert one.reason
        assert one.address.startswith(("https://", ""))
        assert "nan" not in f"{one.source}{one.note}".lower().split()


def test_what_is_not_yet_due_lies_ahead_and_what_is_not_kept_does_not():
    tests = catalogue.table("promise_tests").set_index("commitment_id")
    deadline = catalogue.table("founding_commitments").set_index("commitment_id")["deadline_iso"]
    for one in promises.listed().itertuples():
        due = tests["due"][one.commitment_id]
        due = due if isinstance(due, str) else deadline[one.commitment_id]
        if one.verdict == "not yet due":
            assert due > catalogue.released()
        elif isinstance(due, str):
            assert due <= catalogue.released(), one.commitment_id


def test_only_commitments_with_a_number_of_their_own_count_as_having_one():
    table = promises.listed().set_index("commitment_id")
    made = catalogue.table("founding_commitments").set_index("commitment_id")
    numbers = made[["target_value", "change_value", "change_pct"]].notna().any(axis=1)
    assert not table["numbered"][made["kind"] == "relative-to-national"].any()
    assert not table["numbered"][made["kind"] == "qualitative"].any()
    assert (numbers | (made["kind"] == "standard"))[table.index[table["numbered"]]].all()
    assert not table["numbered"]["COM-39"]  # a date is not a number


@pytest.mark.parametrize("fate, kept, verdict", [("by figure", True, "kept"), ("by figure", False, "not kept")])
def test_a_figure_that_reaches_what_was_promised_keeps_it(fate, kept, verdict):
    assert promises._verdict(SimpleNamespace(fate=fate), kept) == verdict


def test_the_sign_of_a_verdict_follows_from_the_figures():
    table = promises.listed().set_index("commitment_id")
    ours, england = (float(n) for n in re.findall(r"(?:up|down) ([\d.]+)%", table["evidence"]["COM-02"]))
    assert ours > england and table["verdict"]["COM-02"] == "not kept"
    latest, standard = (float(n) for n in re.findall(r"([\d.]+)%", table["evidence"]["COM-10"])[:2])
    assert latest < standard and table["verdict"]["COM-10"] == "not kept"
    assert table["evidence"]["COM-12"].endswith("East Suffolk.") or "against 0" in table["evidence"]["COM-12"]


def test_a_promise_about_growth_compares_whole_years():
    evidence = promises.listed().set_index("commitment_id")["evidence"]["COM-02"]
    count = catalogue.table("observations").query("indicator_id == 'ae_4hr_type1' and area_code == 'QMM'")
    year = {
        y: count[(count["period_start"] >= f"{y}-04-01") & (count["period_end"] <= f"{y + 1}-03-31")][
            "denominator"
        ].sum()
        for y in (2017, 2025)
    }
    assert f"Norfolk and Waveney up {year[2025] / year[2017] - 1:.1%}" in evidence


def test_figures_that_do_not_test_a_promise_are_shown_without_a_verdict():
    beds = promises.listed().set_index("commitment_id").loc["COM-03"]
    assert beds["verdict"] == "cannot be told"
    assert "beds a day" in beds["evidence"] and "denominator" in beds["reason"] and "age" in beds["reason"]


def test_placements_out_of_area_are_those_of_our_own_patients():
    placed = promises.listed().set_index("commitment_id").loc["COM-13"]
    held = (
        catalogue.table("reported_values")
        .query("metric_id == 'MH_OAP_DAYS' and area == 'Norfolk and Waveney'")
        .sort_values("date")
        .iloc[-1]
    )
    assert (placed["verdict"], placed["as_at"], placed["address"]) == ("not kept", held["date"], held["source_address"])
    assert f"{held['value']:.0f} bed days" in placed["evidence"]


def test_a_promise_without_a_date_is_not_kept_so_far():
    table = promises.listed().set_index("commitment_id").loc[["COM-12", "COM-13"]]
    assert (table["deadline"] == "no date").all() and (table["verdict"] == "not kept").all()
    assert table["reason"].str.startswith("Not so far: ").all()


def test_suicide_rates_of_the_districts_stand_beside_the_count_of_the_county():
    evidence = promises.listed().set_index("commitment_id")["evidence"]["COM-12"]
    rates = catalogue.table("observations").query(
        "indicator_id == 'suicide_rate_3y' and area_type == 'district' and period_label == '2019-21'"
    )["value"]
    assert (
        f"2019-21, {len(rates)} districts: from {rates.min()} per 100,000" in evidence
        and f"to {rates.max()} per 100,000" in evidence
    )


def test_the_date_of_a_figure_is_in_its_evidence():
    for one in promises.listed().query("as_at != ''").itertuples():
        assert one.as_at in one.evidence, one.commitment_id


def test_an_indicator_behind_a_promise_can_be_opened_where_it_was_tested():
    for one in promises.listed().query("indicator_id != ''").itertuples():
        assert one.area_code in set(ambitions.areas(one.indicator_id)["area_code"])


def test_filters_add_up_to_all_of_them():
    everything = promises.listed()
    assert sum(len(promises.listed(verdict)) for verdict in promises.VERDICTS) == len(everything)
    assert sum(len(promises.listed(ambition=number)) for number in range(1, 9)) == len(everything)


def test_the_finding_counts_every_promise_once():
    counts = promises.listed()["verdict"].value_counts()
    said = promises.finding()
    assert said.startswith(f"Of {counts.sum()} commitments")
    assert all(str(counts[verdict]) in said for verdict in counts.index)


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"verdict": "broken"}, "choose one of kept, partly, not kept, cannot be told, not yet due"),
        ({"ambition": 9}, "from 1 to 8"),
    ],
)
def test_an_unknown_filter_names_what_is_allowed(wrong, told):
    with pytest.raises(ValueError, match=told):
        promises.listed(**wrong)


def held(indicator_id: str, area_code: str) -> pd.DataFrame:
    """The published figures of a series, in order of time, as the table has them."""
    asked = f"indicator_id == '{indicator_id}' and area_code == '{area_code}' and breakdown == 'all'"
    return catalogue.table("observations").query(asked).sort_values("period_end")


def evidence(commitment_id: str) -> str:
    return promises.listed().set_index("commitment_id")["evidence"][commitment_id]


def test_beds_in_use_are_counted_per_thousand_people_here_and_in_england():
    beds = sum(held("kh03_ga_occ", trust)["numerator"].mean() for trust in ("RM1", "RGP", "RCX", "RY3"))
    ours = beds / held("gp_registered", "QMM")["value"].iloc[-1] * 1000
    england = (
        held("kh03_ga_occ", "E92000001")["numerator"].mean()
        / held("gp_registered", "E92000001")["value"].iloc[-1]
        * 1000
    )
    assert evidence("COM-03").startswith(
        f"{ours:.2f} beds a day in use per 1,000 registered people, England {england:.2f} ("
    )
    told, said = promises._per_head(SimpleNamespace(indicator_id="kh03_ga_occ", area_codes="RM1", measure="numerator"))
    assert told is True  # one trust alone has fewer beds a head than England
    span = held("kh03_ga_occ", "E92000001")["period_label"]
    assert f"({span.iloc[0]} to {span.iloc[-1]})." in said


def test_years_run_from_april_to_march_over_the_turn_of_a_century_too():
    assert evidence("COM-02").startswith("From 2017/18 to 2025/26: ")
    assert promises._years(1999) == "1999/00"


def test_places_and_districts_in_the_evidence_are_those_of_the_tables():
    places = catalogue.table("local_structure").query("level == 'place'")["name"]
    assert evidence("COM-37").startswith(f"{len(places)} places, as listed in 2025: {places.iloc[0]}, ")
    table = ambitions.districts("suicide_rate_3y").sort_values("value")
    low, high = table.iloc[0], table.iloc[-1]
    assert evidence("COM-12").endswith(
        f"{len(table)} districts: from {low['value']:.1f} per 100,000 in {low['area']} to {high['value']:.1f} per 100,000 in {high['area']}."
    )


@pytest.mark.parametrize("last, kept", [(84.9, False), (85.0, True), (85.1, True)])
def test_a_standard_is_kept_by_the_latest_month_that_is_at_it_or_over(monkeypatch, last, kept):
    months = pd.DataFrame({"value": [85.0, 80.0, last], "period_label": ["Jan", "Feb", "Mar"]})
    monkeypatch.setattr(promises, "series", lambda indicator_id, area_code: months)
    row = next(one for one in catalogue.table("promise_tests").itertuples() if one.test == "standard")
    metric = catalogue.table("founding_commitments").set_index("commitment_id")["related_metric_id"][row.commitment_id]
    found, said = promises._standard(SimpleNamespace(indicator_id="x", area_codes="y", related_metric_id=metric))
    assert found is kept and f"reached in {1 + kept} of the 3 months since Jan" in said


@pytest.mark.parametrize("last, kept", [(9.0, True), (10.0, True), (10.1, False)])
def test_a_number_to_come_down_to_is_kept_by_reaching_it(monkeypatch, last, kept):
    latest = pd.Series({"value": last, "period_label": "2020"})
    monkeypatch.setattr(promises, "series", lambda indicator_id, area_code: pd.DataFrame([latest]))
    monkeypatch.setattr(promises, "record", lambda indicator_id: {"name": "Measure"})
    monkeypatch.setattr(promises.lists, "last_reported", lambda metric: latest)
    monkeypatch.setattr(promises.lists, "reported_words", lambda row: "said")
    one = SimpleNamespace(indicator_id="x", area_codes="y", measure="z", target_value=10, also="")
    assert promises._reach(one)[0] is kept and promises._reported(one)[0] is kept


def test_a_part_of_the_list_is_numbered_from_nought():
    kept = promises.listed("kept")
    assert kept.index.tolist() == list(range(len(kept))) and list(kept) == list(promises.listed())
