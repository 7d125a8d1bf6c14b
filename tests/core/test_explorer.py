"""Every indicator can be found, set beside others and ranked, in every area it has."""

import pandas as pd
import pytest

from ics_core import ambitions, catalogue
from ics_core.ambitions import explorer

EVERY = [(one, area) for one in explorer.names() for area in ambitions.areas(one)["area_code"]]


def test_all_indicators_are_found_when_nothing_is_asked():
    assert (
        set(explorer.find()["indicator_id"])
        == set(catalogue.table("indicators")["indicator_id"])
        == set(explorer.names())
    )


@pytest.mark.parametrize("words", ["cancer days", "DAYS cancer", "  cancer   62 "])
def test_every_word_of_a_search_must_occur_in_any_order_and_case(words):
    found = explorer.find(words)
    assert "cwt_62d" in set(found["indicator_id"])
    assert len(found) < 10


@pytest.mark.parametrize("words", ["zzz", "%", "[a", "<script>", ".*", "\\"])
def test_a_search_takes_signs_as_they_are(words):
    found = explorer.find(words)
    assert all(words in " ".join(map(str, row)) for row in found.itertuples())


def test_filters_narrow_and_add_up():
    everything = explorer.find()
    assert sum(len(explorer.find(how_often=word)) for word in explorer.HOW_OFTEN) == len(everything)
    for state in ambitions.STATES:
        assert all(state in states for states in explorer.find(state=state)["states"])
    for kind in explorer.AREA_TYPES:
        found = explorer.find(area_type=kind)
        assert len(found) and all(kind in set(ambitions.areas(one)["area_type"]) for one in found["indicator_id"])
    both = explorer.find("a&e", 6, "improving", "monthly", "trust")
    assert set(both["indicator_id"]) <= set(explorer.find("a&e")["indicator_id"]) & set(
        explorer.find(ambition=6)["indicator_id"]
    )


def test_an_indicator_of_two_ambitions_is_found_under_both():
    row = catalogue.table("indicators").dropna(subset=["also_ambition"]).iloc[0]
    for number in (row["ambition"], int(row["also_ambition"])):
        assert row["indicator_id"] in set(explorer.find(ambition=number)["indicator_id"])


@pytest.mark.parametrize("wrong", [{"state": "good"}, {"how_often": "daily"}, {"area_type": "ward"}])
def test_an_unknown_filter_names_itself_and_what_is_allowed(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is .*: choose one of"):
        explorer.find(**wrong)


def test_what_a_list_says_counts_its_rows():
    found = explorer.find(state="improving")
    assert explorer.finding(found).startswith(f"{len(found)} indicators: ")
    assert f"{len(found)} better beyond chance" in explorer.finding(found)


def test_districts_are_told_as_a_range_from_the_published_figures():
    row = explorer.find().set_index("indicator_id").loc["overweight_adult"]
    held = catalogue.table("observations").query(
        "indicator_id == 'overweight_adult' and area_type == 'district' and period_label == @row.period"
    )
    assert row["latest_text"] == f"{held['value'].min():.1f}% to {held['value'].max():.1f}%"
    assert row["area"] == f"{len(held)} districts"


def test_districts_short_of_a_target_are_counted_and_none_is_judged_for_the_others():
    row = explorer.find().set_index("indicator_id").loc["dementia_dx_rate"]
    held = catalogue.table("observations").query(
        "indicator_id == 'dementia_dx_rate' and area_type == 'district' and period_label == @row.period"
    )
    short = int((held["value"] < row["target"]).sum())
    assert 0 < short < len(held)
    assert row["gap_text"] == f"{short} of {len(held)} districts short of target"
    assert row["states"] == ("no recent data",)  # what is years old is not said to miss its target now
    together = explorer.find().query("districts > 0")
    assert together[["variation", "assurance", "met", "direction"]].isna().all(axis=None)
    assert set(together["area_types"].map(set).explode()) <= {"district", "england", "comparator"}


def test_every_indicator_published_for_districts_only_is_told_for_all_of_them():
    areas = catalogue.table("observations").query("breakdown == 'all'").groupby("indicator_id")["area_type"].agg(set)
    alone = areas.index[areas.map(lambda kinds: "district" in kinds and not kinds & {"icb", "trust", "utla"})]
    assert set(explorer.find().query("districts > 0")["indicator_id"]) == set(alone)


@pytest.mark.slow
def test_every_indicator_in_every_area_can_be_set_beside_others_and_ranked():
    cannot, order = set(), {}
    rows = {key: len(ambitions.chart(*key)) for key in EVERY}
    for indicator, area in EVERY:
        codes = [area, *explorer.beside(indicator, area)]
        assert len(set(codes)) == len(codes) <= explorer.MOST_COMPARED
        assert all(explorer.about(indicator).values())
        try:
            table = explorer.side_by_side(indicator, codes)
        except ValueError as problem:
            assert "share no period" in str(problem)
            cannot.add(indicator)
        else:
            assert (
                len(table) == sum(rows[indicator, code] for code in codes)
                and table["shown"].notna().all()
                and table["stretch"].notna().all()
            )
            assert explorer.apart(table)
        for kind in ("trust", "district"):  # the same order whichever area is looked at
            if (indicator, kind) not in order:
                order[indicator, kind] = explorer.ranked(indicator, kind)
            ranking = order[indicator, kind]
            assert ranking.empty or explorer.standing(indicator, ranking, area)
    assert cannot == {"trust_result", "trust_savings"}  # a few years each, none in common


def test_totals_share_an_axis_as_an_index_only_and_rates_as_they_are():
    totals = explorer.side_by_side("rtt_wl", ["QMM", "E92000001"])
    assert totals.attrs["scale"].startswith("index, ") and totals["shown"].max() < 1000
    rates = explorer.side_by_side("rtt_18wk", ["QMM", "E92000001"])
    assert (rates["shown"] == rates["value"]).all() and rates.attrs["scale"] == "%"


@pytest.mark.parametrize("codes", [[], ["QMM", "E92000001", "RM1", "RGP", "RCX"]])
def test_too_many_areas_or_none_are_refused(codes):
    with pytest.raises(ValueError, match="give 1 to 4"):
        explorer.side_by_side("rtt_18wk", codes)


def test_a_total_below_zero_is_no_index():
    with pytest.raises(ValueError, match="below zero"):
        explorer.side_by_side("trust_result", ["RM1", "RCX"])


def test_the_first_is_the_best_and_totals_are_not_ranked():
    for indicator, worst_first in (("suicide_rate_3y", True), ("staff_engagement", False)):
        kind = "district" if worst_first else "trust"
        table = explorer.ranked(indicator, kind)
        assert table["value"].is_monotonic_increasing == worst_first and table["rank"].iloc[0] == 1
        assert table["period_label"].nunique() == 1
        assert "1st of" in explorer.standing(indicator, table, table["area_code"].iloc[0])
    assert explorer.ranked("ae_attendances", "trust").empty


def test_a_measure_of_all_systems_is_the_very_same_figure():
    links = catalogue.toml("text/indicators")["same_measure"]
    for indicator, measure in links.items():
        ours = ambitions.series(indicator, "QMM")
        theirs = catalogue.table("system_observations").query("metric_id == @measure and icb_code == 'E54000022'")
        theirs = theirs[~theirs["basis"].fillna("").str.startswith("estimated")]  # by others, from rounded shares
        by = 7 if measure.endswith("_month") else 4  # a month or the year in which the period begins
        both = pd.merge(
            ours.assign(key=ours["period_start"].str[:by]), theirs.assign(key=theirs["year"].str[:by]), on="key"
        )
        assert len(both) >= 5, indicator
        assert (both["value_x"] - both["value_y"]).abs().max() < 0.006, indicator


def test_gaps_of_all_ambitions_are_those_of_each():
    everything = explorer.gaps()
    assert len(everything) == sum(len(ambitions.gaps(number)) for number in range(1, 9))
    assert everything[["what", "publisher", "dataset", "how"]].map(bool).all(axis=None)
    assert everything["address"].str.startswith("https://").all()
    assert set(explorer.gaps(4)["ambition"]) == {4}


@pytest.mark.parametrize(
    ("indicator", "held"),
    [("amb_c2_mean", "August 2017"), ("overweight_adult", "November 2025"), ("active_adults", "November 2015")],
)
def test_what_is_held_is_counted_from_the_figures(indicator, held):
    assert held in explorer.about(indicator)["Held"]


def test_what_is_held_runs_from_the_first_figure_to_the_last_of_any_area():
    figures = catalogue.table("observations").groupby("indicator_id")
    for indicator, rows in figures:
        assert ambitions.held(indicator) == (rows["period_start"].min(), rows["period_end"].max()), indicator
