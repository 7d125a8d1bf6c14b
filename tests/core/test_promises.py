"""Promises of 2018: no verdict without a figure, no figure without a source and a date."""

import pytest

from ics_core import ambitions, catalogue, promises


def test_every_commitment_of_2018_with_a_number_is_listed():
    made = catalogue.table("founding_commitments")
    bid = made[(made["document_id"] == "expression-of-interest") & made["kind"].isin(["quantified", "relative-to-national", "standard"])]
    assert set(promises.listed()["commitment_id"]) == set(bid["commitment_id"])


def test_no_verdict_without_a_figure_and_no_figure_without_source_and_date():
    for one in promises.listed().itertuples():
        if one.verdict != "cannot be told":
            assert one.evidence != ambitions.NO_FIGURE and any(sign.isdigit() for sign in one.evidence)
        if one.evidence != ambitions.NO_FIGURE:
            assert one.source and one.as_at, one.commitment_id
        else:
            assert not one.source and one.dataset
        assert one.reason and one.address.startswith(("https://", "")) and "nan" not in f"{one.source}{one.note}".lower().split()


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


@pytest.mark.parametrize("wrong, told", [({"verdict": "broken"}, "choose one of kept, not kept, cannot be told"), ({"ambition": 9}, "from 1 to 8")])
def test_an_unknown_filter_names_what_is_allowed(wrong, told):
    with pytest.raises(ValueError, match=told):
        promises.listed(**wrong)
