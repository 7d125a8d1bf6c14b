"""Promises of 2018: no verdict without a figure, no figure without a source and a date."""

import pytest

from ics_core import ambitions, catalogue
from ics_core.ambitions import promises


def test_every_commitment_of_2018_with_a_number_is_listed():
    made = catalogue.table("founding_commitments")
    bid = made[
        (made["document_id"] == "expression-of-interest")
        & made["kind"].isin(["quantified", "relative-to-national", "standard"])
    ]
    assert set(promises.listed()["commitment_id"]) == set(bid["commitment_id"])


def test_no_verdict_without_a_figure_and_no_figure_without_source_and_date():
    for one in promises.listed().itertuples():
        if one.verdict != "cannot be told":
            assert (
                one.evidence != ambitions.NO_FIGURE
                and any(sign.isdigit() for sign in one.evidence)
                and "nan" not in one.evidence
            )
        if one.evidence != ambitions.NO_FIGURE:
            assert one.source and one.as_at, one.commitment_id
        else:
            assert not one.source and one.dataset
        assert (
            one.reason
            and one.address.startswith(("https://", ""))
            and "nan" not in f"{one.source}{one.note}".lower().split()
        )


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
    assert said.startswith(f"Of {counts.sum()} promises with a number")
    assert all(str(counts[verdict]) in said for verdict in counts.index)


@pytest.mark.parametrize(
    "wrong, told",
    [({"verdict": "broken"}, "choose one of kept, not kept, cannot be told"), ({"ambition": 9}, "from 1 to 8")],
)
def test_an_unknown_filter_names_what_is_allowed(wrong, told):
    with pytest.raises(ValueError, match=told):
        promises.listed(**wrong)
