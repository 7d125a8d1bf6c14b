"""The 42 systems: measures, ranks, profiles, the nearest ones, and how they came and went."""

import itertools
import math
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import catalogue, systems, words
from ics_core.systems import ENGLAND, OWN, SystemsError
from ics_core.systems.measures import sayings

nearness = sys.modules["ics_core.systems.nearest"]  # the package's own ``nearest`` is the function

DEVON, SUSSEX = "E54000037", "E54000064"
CODES = list(systems.names())
IDS = list(systems.characteristics()["characteristic"])
some_weights = st.dictionaries(st.sampled_from(IDS), st.floats(0, 3)).filter(
    lambda w: len(w) < len(IDS) or max(w.values()) > 0.01
)


def test_there_are_forty_two_systems_and_every_measure_covers_them_or_says_whom_it_lacks():
    assert len(CODES) == 42
    for row in systems.metrics().itertuples():
        missing = systems.distribution(row.metric_id)["value"].isna().sum()
        assert missing == 42 - row.systems
        assert bool(missing) == any(
            sentence.startswith("No figure for") for sentence in systems.cautions(row.metric_id)
        ), row.metric_id


def test_every_measure_of_the_data_belongs_to_exactly_one_theme():
    themed = [metric_id for theme in sayings()["themes"] for metric_id in theme["metrics"]]
    assert sorted(themed) == sorted(catalogue.table("system_metrics")["metric_id"])
    assert list(systems.metrics()["metric_id"]) == themed


def test_every_source_of_a_figure_has_a_credit():
    for metric_id in systems.metrics()["metric_id"]:
        assert all(systems.credit(metric_id, period=period) for period in systems.periods(metric_id))


def test_the_period_shown_is_the_latest_of_those_with_most_systems():
    periods = systems.metrics().set_index("metric_id")["period"]
    assert periods["qof_dementia"] == "2023-24" and systems.periods("qof_dementia")[-1] == "2024-25"
    assert periods["ae_4h"] == systems.periods("ae_4h")[-1]


def test_a_period_with_a_figure_known_to_be_wrong_is_not_the_one_shown_first():
    faulty = catalogue.toml("text/systems")["faulty"]
    assert "2025-04 to 2025-07" in faulty["ae_dta4h"]
    shown = systems.metrics().set_index("metric_id")["period"]
    for metric_id, periods in faulty.items():
        assert set(periods) <= set(systems.periods(metric_id))
        assert shown[metric_id] not in periods


def test_values_and_england_are_those_of_the_observations():
    raw = (
        catalogue.table("system_observations")
        .query("metric_id == 'rtt_over18' and year == '2023'")
        .set_index("icb_code")["value"]
    )
    shown = systems.metric_values("rtt_over18", "2023").set_index("icb_code")["value"]
    assert shown.to_dict() == raw.to_dict() and len(shown) == 43
    assert systems.england("rtt_over18", "2023")[0] == raw[ENGLAND]


@pytest.mark.parametrize("metric_id", ["reg_pop", "qof_dementia", "need_index", "imd2025_lsoa_d1"])
def test_the_rank_counts_the_systems_with_a_higher_value(metric_id):
    values = systems.metric_values(metric_id).query("icb_code != @ENGLAND").set_index("icb_code")["value"].dropna()
    for code in CODES:
        standing = systems.rank(metric_id, code)
        if code not in values:
            assert standing is None
        else:
            assert standing.rank == (values > values[code]).sum() + 1 and standing.of == len(values)


def test_a_position_is_told_from_the_nearer_end():
    frame = systems.distribution("reg_share_85p")
    words = [systems.rank("reg_share_85p", code).position for code in frame["icb_code"]]
    assert [words[0], words[2], words[39], words[41]] == [
        "the highest of 42",
        "the 3rd highest of 42",
        "the 3rd lowest of 42",
        "the lowest of 42",
    ]


def test_the_distribution_marks_the_chosen_system_only():
    frame = systems.distribution("rural_share_2021", DEVON)
    assert list(frame.loc[frame["chosen"], "name"]) == ["Devon"]
    assert frame["value"].is_monotonic_decreasing


def test_an_estimate_a_model_and_a_faulty_figure_carry_their_caution():
    said = {
        m: " ".join(systems.cautions(m))
        for m in ("ae_type1_over4h", "qof_dementia", "ae_dta4h", "qof_obesity_newdef", "imd2025_avg_score")
    }
    assert "modelled, not published" in said["ae_type1_over4h"]
    assert "England is estimated" in said["qof_dementia"]
    assert "too high" in said["ae_dta4h"]
    assert "show one of them" in said["qof_obesity_newdef"]
    assert "No published figure for England" in said["imd2025_avg_score"]
    later = " ".join(systems.cautions("qof_dementia", "2024-25"))
    assert "The figures of the systems are estimated" in later and "South Yorkshire" in later


def test_the_profile_of_norfolk_and_waveney_says_what_the_tables_say():
    profile = systems.profile().set_index("item")
    row = catalogue.table("systems").set_index("icb_code").loc[OWN]
    assert profile.loc["Registered patients", "value"] == row["registered_population"]
    assert profile.loc["Residents, 2021 Census", "value"] == row["resident_population"]
    assert profile.loc["GP practices", "value"] == row["n_gp_practices"]
    assert profile.loc["Dementia", "rank"] == systems.rank("qof_dementia").rank
    assert bool(profile.loc["Dementia", "england_estimated"]) and not bool(
        profile.loc["A&E within four hours", "england_estimated"]
    )
    assert profile.loc["Since April 2026", "says"] == "Now part of NHS Norfolk and Suffolk ICB"


def test_every_profile_has_the_same_measures_and_no_empty_words():
    items = list(systems.profile()["metric_id"].dropna())
    for code in CODES:
        profile = systems.profile(code)
        assert list(profile["metric_id"].dropna()) == items
        assert profile["says"].str.len().min() > 0


def test_changing_a_profile_or_what_the_documents_say_leaves_the_next_readers_alone():
    for ask in (systems.profile, systems.in_documents):
        first = ask(SUSSEX)
        first["period" if "period" in first else "note"] = "spoilt"
        assert "spoilt" not in ask(SUSSEX).to_string()


def test_comparing_gives_each_system_every_measure_once():
    frame = systems.compare([OWN, DEVON], ["qof_dementia", "reg_pop"])
    assert list(zip(frame["metric_id"], frame["name"])) == list(
        itertools.product(["qof_dementia", "reg_pop"], ["Norfolk and Waveney", "Devon"])
    )
    assert frame["value"].notna().all()


@pytest.mark.parametrize("codes", [[], CODES[:5], [DEVON, DEVON]])
def test_none_five_or_the_same_twice_cannot_be_compared(codes):
    with pytest.raises(SystemsError, match="one to 4 different"):
        systems.compare(codes)


# --- nearest ---------------------------------------------------------------------------------------


def test_the_systems_expected_for_norfolk_and_waveney_are_among_the_first_seven():
    expected = {"Devon", "Lincolnshire", "Somerset", "Suffolk and North East Essex", "Herefordshire and Worcestershire"}
    assert expected <= set(systems.nearest(n=7)["name"])


@settings(max_examples=25, deadline=None)
@given(weights=some_weights, pair=st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)))
def test_distance_is_the_same_both_ways_and_zero_only_to_oneself_with_all_weights(weights, pair):
    one, other = pair
    there = systems.distances(one, weights).loc[other, "distance"]
    back = systems.distances(other, weights).loc[one, "distance"]
    assert math.isclose(there, back, abs_tol=1e-12)
    assert systems.distances(one, weights).loc[one, "distance"] == 0
    assert (systems.distances(one)["distance"].drop(index=one) > 0).all()


@settings(max_examples=25, deadline=None)
@given(weights=some_weights, factor=st.floats(0.1, 10))
def test_only_the_proportions_of_the_weights_matter_to_the_order(weights, factor):
    full = systems.default_weights() | weights
    scaled = {key: value * factor for key, value in full.items()}
    first, second = systems.distances(DEVON, full)["distance"], systems.distances(DEVON, scaled)["distance"]
    assert (abs(first * math.sqrt(factor) - second) < 1e-9).all()


def test_a_nudge_of_a_weight_barely_moves_the_distances():
    plain = systems.distances(OWN)["distance"]
    nudged = systems.distances(OWN, {"rural": 1.01})["distance"]
    assert (abs(nudged - plain) <= 0.005 * plain + 1e-12).all()


def test_the_order_of_the_rows_in_the_data_does_not_matter(monkeypatch):
    before = systems.nearest(n=41)
    shuffled = nearness._features().sample(frac=1, random_state=3)
    nearness._standardised.cache_clear()
    monkeypatch.setattr(nearness, "_features", lambda: shuffled)
    after = systems.nearest(n=41)
    nearness._standardised.cache_clear()
    assert list(after["icb_code"]) == list(before["icb_code"])


def test_weighing_one_characteristic_alone_ranks_by_it_alone():
    only = dict.fromkeys(IDS, 0.0) | {"rural": 1.0}
    rural = (
        systems.metric_values("rural_share_2021").query("icb_code != @ENGLAND").set_index("icb_code")["value"] ** 0.5
    )
    apart = (rural - rural[OWN]).abs().drop(OWN).round(9)
    by_hand = apart.sort_index().sort_values(
        kind="stable"
    )  # two London systems have no rural share at all: code decides
    found = systems.nearest(n=41, weights=only)
    assert list(found["icb_code"]) == list(by_hand.index)
    assert set(found["differs_most_in"]) == {"Rural share"}


def test_each_part_of_a_distance_is_a_share_and_the_shares_make_the_whole():
    shares = systems.distances(OWN).drop(index=OWN)[IDS]
    assert (shares >= 0).all().all() and (abs(shares.sum(axis=1) - 1) < 1e-9).all()


def test_the_marked_systems_beside_the_characteristics_are_the_nearest():
    frame = systems.alike(DEVON, 4)
    assert set(frame.loc[frame["role"] == "nearest", "icb_code"]) == set(systems.nearest(DEVON, 4)["icb_code"])
    assert set(frame.loc[frame["role"] == "chosen", "icb_code"]) == {DEVON}
    assert len(frame) == 42 * systems.characteristics()["measures"].sum()


def test_all_weights_zero_is_refused_in_a_plain_sentence():
    with pytest.raises(SystemsError, match="All weights are zero"):
        systems.nearest(weights=dict.fromkeys(IDS, 0))


@pytest.mark.parametrize(
    "weights",
    [{"rural": -1}, {"rural": math.nan}, {"rural": math.inf}, {"rural": "much"}, {"rural": None}, {"rural": True}],
)
def test_a_weight_that_is_no_weight_names_the_characteristic_and_the_range(weights):
    with pytest.raises(SystemsError, match="weight of rural is .*0 or more"):
        systems.nearest(weights=weights)


def test_an_unknown_characteristic_names_near_ones():
    with pytest.raises(SystemsError, match="deprivation"):
        systems.nearest(weights={"deprived": 1})


@pytest.mark.parametrize("n", [0, 42, -1, 2.5, "5", True])
def test_asking_for_an_impossible_number_of_neighbours_names_the_range(n):
    with pytest.raises(SystemsError, match="1 to 41"):
        systems.nearest(n=n)


# --- unknown names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("QMM", "E54000022"),
        ("Norfolk", "Norfolk and Waveney"),
        ("E5400002", "E5400002"),
        ("", "E54000022"),
        (None, "systems.names"),
        ([], "systems.names"),
    ],
)
def test_an_unknown_system_names_near_ones(given, named):
    for ask in (
        systems.name,
        systems.profile,
        systems.nearest,
        systems.in_documents,
        systems.since_2026,
        lambda c: systems.rank("reg_pop", c),
    ):
        with pytest.raises(SystemsError, match=named):
            ask(given)


def test_an_unknown_measure_or_period_names_near_ones():
    with pytest.raises(SystemsError, match="qof_dementia"):
        systems.metric_values("dementia")
    with pytest.raises(SystemsError, match="2023-24"):
        systems.metric_values("qof_dementia", "1999")


# --- documents -------------------------------------------------------------------------------------


def test_every_fact_about_a_system_or_about_england_is_found():
    facts = catalogue.table("founding_facts")
    found = [
        fact for code in [*systems.named_in_documents(), ENGLAND] for fact in systems.in_documents(code)["fact_id"]
    ]
    assert sorted(found) == sorted(facts["fact_id"])


def test_what_the_documents_say_of_sussex_stands_beside_a_figure_of_today_or_the_words_that_none_was_found():
    said = systems.in_documents(SUSSEX).set_index("topic")
    assert said.loc["urgent care", "figure_as_stated"] == "1.2 per cent"
    assert said.loc["urgent care", "today_value"] == systems.rank("ae_4h", SUSSEX).value
    assert said.loc["finance", "figure_as_stated"] == "2.4 per cent"
    assert said.loc["finance", "today"].startswith("No published figure found. Official publication: ")


def test_a_system_the_documents_do_not_name_has_no_rows():
    assert systems.in_documents(DEVON).empty and DEVON not in systems.named_in_documents()


# --- since April 2026 ------------------------------------------------------------------------------


def test_what_became_of_a_board_names_every_successor_of_the_table_and_is_unchanged_for_the_others():
    moved = catalogue.table("system_successors")
    for code in CODES:
        said, after = systems.since_2026(code), moved[moved["icb_code"] == code]
        assert all(row.successor in said for row in after.itertuples())
        assert (said == "Unchanged") == after.empty


# --- words -----------------------------------------------------------------------------------------


def test_figures_are_worded_with_their_unit():
    assert systems.worded(1102188, "people") == "1,102,188 people"
    assert systems.worded(12.34, "%") == "12.3%"
    assert systems.worded(0.7621, "%") == "0.76%"
    assert systems.worded(math.nan, "%") == "No published figure found"
    assert [
        words.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 42)
    ] == "1st 2nd 3rd 4th 11th 12th 13th 21st 42nd".split()


def test_a_period_is_worded_as_a_month_or_left_as_a_year():
    periods = ["2026-01", "2025-04 to 2025-07", "2023-24", "2023", "2023-06 to 2024-03"]
    assert [words.when(p) for p in periods] == [
        "January 2026",
        "April to July 2025",
        "2023/24",
        "2023",
        "June 2023 to March 2024",
    ]


def test_names_with_an_and_of_their_own_are_told_apart_in_a_row():
    assert words.listed(["Devon", "Sussex", "Dorset"]) == "Devon, Sussex and Dorset"
    assert words.listed(["Devon", "Kent and Medway"]) == "Devon, and Kent and Medway"


# --- for maps and choices --------------------------------------------------------------------------


def test_measures_can_be_told_apart_by_theme_and_label():
    frame = systems.metrics()
    assert not frame.duplicated(["theme", "label"]).any()


@pytest.mark.parametrize("metric_id", ["reg_pop", "imd2025_lsoa_d1", "need_index", "rural_share_2021"])
def test_groups_for_the_map_follow_the_values_and_are_about_equal(metric_id):
    frame = systems.fifths(metric_id).dropna(subset=["fifth"]).sort_values("value")
    assert frame["fifth"].is_monotonic_increasing
    assert frame.groupby("value")["fifth"].nunique().max() == 1
    assert len(frame) == systems.distribution(metric_id)["value"].count()


def test_the_region_named_first_has_the_highest_median():
    regions = systems.regions("qof_dementia")
    assert regions["systems"].sum() == 42 and regions["median"].is_monotonic_decreasing


def test_the_map_of_the_nearest_marks_them_and_the_chosen_one():
    marked = systems.nearest_on_map(DEVON, 4)
    assert set(marked.loc[marked["class"] == 1, "icb_code"]) == set(systems.nearest(DEVON, 4)["icb_code"])
    assert marked.loc[marked["class"] == 2, "icb_code"].tolist() == [DEVON]


def test_what_a_group_has_in_common_is_measured_against_the_rest():
    common = systems.in_common().set_index("measure")
    assert common["gap"].abs().is_monotonic_decreasing
    assert common.loc["Residents in rural areas", "side"] == "high"
    assert common.loc["Residents in rural areas", "group"] > common.loc["Residents in rural areas", "others"]
