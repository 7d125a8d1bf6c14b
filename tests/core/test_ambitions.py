"""Indicators, targets, status, pace: checked against the published rows themselves."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from ics_core import ambitions, catalogue, importers, spc
from ics_core.ambitions import judgement
from ics_core.ambitions.indicator import Break
from ics_core.ambitions.judgement import recent
from ics_core.ambitions.target import newest_guidance, why_in_force

EVERY = [(i, a) for i in catalogue.table("indicators")["indicator_id"] for a in ambitions.areas(i)["area_code"]]


def rows(indicator_id, area_code):
    table = catalogue.table("observations")
    table = table[
        (table["indicator_id"] == indicator_id) & (table["area_code"] == area_code) & (table["breakdown"] == "all")
    ]
    return table.set_index("period_label")


def test_every_indicator_has_a_status_in_every_area():
    assert len(EVERY) > 900
    for indicator_id, area_code in EVERY:
        one = ambitions.status(indicator_id, area_code)
        assert one.chart_reason
        assert one.latest_text
        assert len(ambitions.answers(one)) == 3
        assert one.latest_text in ambitions.finding(one)
        assert len(ambitions.chart(indicator_id, area_code)) > 0
        ambitions.target_steps(indicator_id, area_code)


def test_status_repeats_the_latest_published_figure():
    one = ambitions.status("ae_4hr_all", "QMM")
    published = rows("ae_4hr_all", "QMM")
    latest = published.index[-1]
    year_before = f"{latest[:3]} {int(latest[4:]) - 1}"
    assert one.period == latest
    assert one.latest == published["value"][latest]
    assert one.change == pytest.approx(published["value"][latest] - published["value"][year_before])
    assert one.comparator_value == rows("ae_4hr_all", "E92000001")["value"][latest]
    assert one.gap == pytest.approx(published["value"][latest] - one.target.value)


def test_status_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        ambitions.status("ae_4hr_all", "QMM").latest = 100


def test_a_target_is_judged_on_the_figure_of_whomever_it_binds():
    england = rows("ae_4hr_all", ambitions.ENGLAND)["value"]
    steps = {t.date: t for t in ambitions.targets("ae_4hr_all", "QMM")}
    first = steps["2024-03-31"]
    assert (first.value, first.binds) == (76, "England")
    assert first.bound == ambitions.Outcome("England", "missed", england["Mar 2024"])  # 74.3%
    assert first.here == ambitions.Outcome("Norfolk and Waveney", "met", rows("ae_4hr_all", "QMM")["value"]["Mar 2024"])
    assert steps["2029-03-31"].bound.state == "due"
    assert steps[None].bound.state == "no date"
    waits = next(t for t in ambitions.targets("rtt_18wk", "QMM") if t.date == "2026-03-31")
    assert (waits.bound.state, waits.here.state) == ("met", "missed")  # England 65.3%, here 61.7%


def test_both_outcomes_are_told_in_words():
    told = next(text for text in ambitions.target_words("ae_4hr_all", "QMM") if "**76.0%**" in text)
    assert "asked of England as a whole" in told
    assert "England: missed, 74.3%." in told
    assert "Norfolk and Waveney reached that level: 77.0%." in told
    assert "not rechecked" not in " ".join(ambitions.target_words("amb_c2_mean", "RYC"))


def test_what_each_trust_is_asked_is_a_target_of_its_own():
    step = next(t for t in ambitions.targets("rtt_18wk", "RM1") if t.binds == "each trust")
    held = rows("rtt_18wk", "RM1")["value"]
    assert step.value == pytest.approx(held["Nov 2024"] + 5)
    assert step.bound == step.here
    assert step.bound.value == held["Mar 2026"]
    told = next(text for text in ambitions.target_words("rtt_18wk", "QMM") if "5 points more" in text)
    assert told.count("met") == 1 and told.count("missed") == 2  # three trusts, each on its own figure


def test_a_yearly_average_target_is_judged_on_twelve_months():
    step = next(t for t in ambitions.targets("amb_c2_mean", "RYC") if t.date == "2024-03-31")
    months = [f"{m} 2023" for m in "Apr May Jun Jul Aug Sep Oct Nov Dec".split()] + ["Jan 2024", "Feb 2024", "Mar 2024"]
    assert step.here.value == pytest.approx(rows("amb_c2_mean", "RYC")["value"][months].mean())


def test_the_step_in_force_is_the_next_one_due():
    assert ambitions.status("ae_4hr_all", "QMM").target.date == "2027-03-31"
    assert ambitions.status("rtt_52wk_pct", "QMM").target.date == "2026-03-31"  # no later step is held


def test_a_target_with_a_successor_is_no_longer_in_force():
    assert ambitions.status("tt_reliable_recovery", "QMM").target.value == 51  # 48% by March 2025 is spent
    assert not ambitions.status("tt_reliable_recovery", "QMM").met  # 50.4% does not meet it
    assert (ambitions.status("dm01_6wk", "QMM").target.value, ambitions.status("dm01_6wk", "QMM").target.date) == (
        1,
        "2029-03-31",
    )
    assert ambitions.status("rtt_52wk", "QMM").target is None  # replaced by a share


def test_no_target_in_force_is_older_than_the_newest_guidance_without_saying_why():
    title, published = newest_guidance()
    assert (title, published) == ("Medium Term Planning Framework 2026/27 to 2028/29", "2025-10-24")
    older = 0
    for indicator_id, area_code in EVERY:
        one = ambitions.status(indicator_id, area_code)
        if one.target is not None and one.target.published < published:
            older += 1
            assert why_in_force(one.target), (indicator_id, one.target.row_id)
            assert any("older than the newest planning guidance" in text for text in one.caveats)
    assert older


def test_every_target_says_where_it_is_stated_and_from_when_it_holds():
    table = catalogue.table("targets")
    assert table["stated_in"].notna().all()
    known = table["published"].notna()
    assert table.loc[known, "valid_from"].notna().all()
    dates = table.set_index("row_id")
    for row in table[table["superseded_by"].notna() & known].itertuples():
        newer = dates["published"][row.superseded_by]
        assert not isinstance(newer, str) or newer >= row.published, row.row_id
    ahead = table["target_date"].isna() | (table["target_date"] >= catalogue.released())
    old = known & (table["published"] < newest_guidance()[1]) & table["superseded_by"].isna()
    assert table.loc[ahead & old, "stands"].notna().all()


def test_where_a_target_came_from_is_told_in_the_table_of_sources():
    table = ambitions.target_table("amb_c2_mean", "RYC").set_index("row_id")
    assert (table["checked"]["UEC_CAT2-1"], table["checked"]["UEC_CAT2-4"]) == ("seen", "not rechecked")
    assert table["in_force"].sum() == 1 and table["superseded_by"]["UEC_CAT2-3"] == "UEC_CAT2-4"
    assert any("asked of England" in text for text in ambitions.status("ae_4hr_all", "QMM").caveats)


def test_a_target_of_another_unit_is_never_drawn():
    measures = catalogue.table("targets").set_index("row_id")
    same = {
        "%": {"%"},
        "people": {"count", "people", "pathways"},
        "minutes": {"minutes"},
        "beds per 100,000": {"per 100,000"},
        "percentage points": {"%"},
    }
    units = catalogue.table("indicators").set_index("indicator_id")["unit"]
    for indicator_id, area_code in EVERY:
        for target in ambitions.targets(indicator_id, area_code):
            assert units[indicator_id] in same[measures["unit"][target.row_id]], target.row_id
    assert ambitions.targets("dental_uda", "QMM") == ()
    assert "pre-pandemic" in ambitions.related("dental_uda")["target"].iloc[0]


def test_an_england_total_is_no_target_for_a_local_count():
    assert ambitions.targets("tt_finished", "QMM") == ()
    assert {t.value for t in ambitions.targets("tt_finished", ambitions.ENGLAND)} == {700000, 805000, 915000}


def test_targets_marked_not_comparable_are_named_but_not_drawn():
    assert ambitions.targets("ae_12hr_dta_pct", "QMM") == ()
    assert "A&E patients waiting over 12 hours" in set(ambitions.related("ae_12hr_dta_pct")["metric"])


def test_a_target_told_the_other_way_round_is_turned():
    assert [t.value for t in ambitions.targets("dm01_6wk", "QMM")] == [5, 1]


def test_required_pace_is_the_gap_over_the_time_left():
    one = ambitions.status("rtt_18wk", "QMM")
    assert (one.date, one.target.date) == ("2026-03-31", "2027-03-31")
    assert one.required_pace == pytest.approx((70 - one.latest) / 12)


@pytest.mark.parametrize(
    ("indicator_id", "pace"),
    [("amb_c2_mean", -0.36), ("amb_handover_over30", 0.05)],  # a line from autumn to summer would give -0.67 and -0.33
)
def test_pace_is_the_difference_of_two_years_not_a_line_through_part_of_a_season(indicator_id, pace):
    one = ambitions.status(indicator_id, "RYC")
    values = rows(indicator_id, "RYC")["value"]
    years = [f"{values.index[-k][:-4]}{int(values.index[-k][-4:]) - 1}" for k in range(1, 13)]
    pairs = [(values.iloc[-k], values[then]) for k, then in enumerate(years, start=1) if then in values.index]
    assert one.recent_pace == pytest.approx(np.mean([now - then for now, then in pairs]) / 12)
    assert round(one.recent_pace, 2) == pace
    assert one.recent_period == "the year to August 2025"


def test_a_series_with_a_season_alone_does_not_move():
    months = pd.period_range("2023-01", periods=30, freq="M")
    frame = pd.DataFrame(
        {
            "period_start": [str(m.start_time.date()) for m in months],
            "period_end": [str(m.end_time.date()) for m in months],
            "value": [50 + 10 * np.cos(2 * np.pi * m.month / 12) for m in months],
        }
    )
    assert recent(frame, 1, ())[0] == pytest.approx(0, abs=1e-9)
    steady = frame.assign(value=[0.5 * n for n in range(30)])
    assert recent(steady, 1, ())[0] == pytest.approx(0.5)  # half a point a month is half a point a month
    assert recent(steady.iloc[::3], 3, ())[0] == pytest.approx(0.5)


def test_yearly_figures_have_the_slope_of_up_to_five():
    frame = rows("mat_preterm", "QMM").reset_index()
    years = frame["period_end"].str[:4].astype(int)
    slope = np.polyfit(years * 12, frame["value"], 1)[0]
    assert ambitions.status("mat_preterm", "QMM").recent_pace == pytest.approx(slope, rel=0.01)


def test_recent_pace_never_reaches_back_over_a_break():
    assert ambitions.status("chs_cyp_over18", "QMM").recent_pace is None  # four months since the break
    assert ambitions.status("chs_cyp_over18", "QMM").change is None
    frame = rows("ae_4hr_type1", "QMM").reset_index()
    broken = (Break("2025-06-01", "a change"),)
    assert recent(frame, 1, ())[0] is not None and recent(frame, 1, broken)[0] is None


def test_a_target_for_a_financial_year_is_compared_with_the_mean_of_that_year_so_far():
    one = ambitions.status("amb_c2_mean", "RYC")
    year = rows("amb_c2_mean", "RYC")["value"].tail(12)
    assert one.measured == pytest.approx(year.mean())  # nothing of 2026/27 is held: the latest twelve months
    assert one.measured_words == "mean of Sep 2024 to Aug 2025"
    assert one.gap == pytest.approx(year.mean() - 25)
    frame = rows("amb_c2_mean", "RYC").reset_index()
    step = next(t for t in ambitions.targets("amb_c2_mean", "RYC") if t.date == "2026-03-31")
    so_far, words = judgement._measured(frame, step, frame["value"].iloc[-1])
    assert so_far == pytest.approx(frame["value"].tail(5).mean())
    assert words == "mean of Apr 2025 to Aug 2025"


def test_attainment_is_dated_from_the_end_of_the_series():
    one = ambitions.status("rtt_18wk", "QMM")
    months = (70 - one.latest) / one.recent_pace
    assert one.attainment == str((pd.Timestamp(one.date) + pd.offsets.MonthEnd(int(np.ceil(months)))).date())
    assert "of the year to March 2026" in one.attainment_words
    old = ambitions.status("cwt_62d", "QMM")
    assert old.old and "would be reached" in ambitions.answers(old)["Will the target be met?"]


def test_a_series_that_moves_away_gets_no_attainment_date():
    one = ambitions.status("mat_preterm", "QMM")
    assert one.recent_pace > 0
    assert one.attainment is None
    assert "does not move towards the target" in one.attainment_words


def test_breaks_named_in_caveats_start_a_new_phase():
    points = ambitions.chart("ae_4hr_all", "QMM")
    starts = points.groupby("phase")["period_start"].first().tolist()
    assert starts == ["2016-04-01", "2020-04-01", "2021-10-01", "2023-03-01"]
    assert ambitions.chart("rtt_18wk", "QMM").groupby("phase")["period_start"].first().tolist() == [
        "2022-10-01",
        "2023-05-01",
    ]
    assert ambitions.chart("rtt_18wk", "RM1").get("phase") is None


def test_breaks_belong_to_series_that_exist_and_lie_inside_them():
    held = set(EVERY)
    for one in catalogue.table("indicator_breaks").itertuples():
        codes = [one.area_code] if isinstance(one.area_code, str) else [a for i, a in EVERY if i == one.indicator_id]
        for code in codes:
            assert (one.indicator_id, code) in held
            starts = ambitions.chart(one.indicator_id, code)["period_start"]
            assert starts.min() < one.date <= starts.max(), one


@pytest.mark.parametrize(
    ("indicator_id", "area_code", "kind", "words"),
    [
        ("ae_4hr_all", "QMM", "xmr", "regular months"),
        ("imm_5y_mmr2", "E10000020", "xmr", "regular quarters"),
        ("cvd_u75_preventable", "E10000020", "trend", "overlaps"),
        ("cancer_stage12", "E10000020", "trend", "One point a year"),
        ("dental_patients_12m", "QMM", "trend", "overlaps"),
        ("nof_amb_cat2", "RYC", "trend", "year so far"),
        ("gp_same_day", "QMM", "trend", "Only 31 of 74 months"),
        ("tt_access_month", "QMM", "trend", "11 points"),
        ("mh_oap_days", "RMY", "trend", "not joined"),
    ],
)
def test_only_regular_series_with_enough_points_get_a_control_chart(indicator_id, area_code, kind, words):
    one = ambitions.status(indicator_id, area_code)
    assert one.chart_kind == kind
    assert words in one.chart_reason
    assert (one.variation is None) == (kind == "trend")


def test_neutral_series_are_never_good_or_bad():
    neutral = catalogue.table("indicators").query("better == 'neither'")["indicator_id"]
    for indicator_id in neutral:
        one = ambitions.status(indicator_id, ambitions.first_area(indicator_id))
        assert one.direction in (None, "the same", "higher", "lower")
        assert one.target is None
        assert not set(one.states) & {"improving", "concerning", "missing target"}
        assert not set(
            ambitions.chart(indicator_id, one.area_code).get("meaning", pd.Series(dtype=object)).dropna()
        ) & {"improving", "concerning"}


def test_the_control_chart_is_that_of_the_core():
    points = ambitions.chart("nctr_beds", "QMM")
    expected = spc.xmr(rows("nctr_beds", "QMM")["value"].to_numpy(), "decrease").points
    assert points["upper"].tolist() == expected["upper"].tolist()
    assert list(points["signal"]) == list(expected["signal"])


def test_what_a_point_means_follows_its_signal():
    for indicator_id in catalogue.table("indicators")["indicator_id"]:
        area_code = ambitions.first_area(indicator_id)
        points, one = ambitions.chart(indicator_id, area_code), ambitions.status(indicator_id, area_code)
        if one.chart_kind == "xmr":
            assert [m is None for m in points["meaning"]] == [s is None for s in points["signal"]]
            assert one.variation.endswith(points["meaning"].iloc[-1] or "common cause")


@pytest.mark.parametrize(
    "indicator_id",
    [
        "ae_4hr_all",  # monthly after two weeks
        "cvd_u75_preventable",  # three years rolling
        "amb_c2_mean",
        "workforce_fte",  # monthly after three months
        "imm_5y_mmr2",  # quarterly
        "mat_preterm",  # yearly
        "tt_reliable_recovery",  # yearly after ten months
        "alcohol_admissions",  # the publisher has ended the measure
        "hoc_copd",  # published once
    ],
)
def test_age_is_counted_in_releases_missed_by_the_rhythm_of_the_publisher(indicator_id):
    one = ambitions.status(indicator_id, ambitions.first_area(indicator_id))
    dataset = catalogue.table("indicators").set_index("indicator_id")["official_dataset"][indicator_id]
    rhythm = catalogue.table("publications").set_index("official_dataset").loc[dataset]
    if rhythm["rhythm"] in ("ended", "once"):
        assert (one.missed_releases, one.old) == (0, rhythm["rhythm"] == "ended")
        return
    end = pd.Timestamp(rows(indicator_id, one.area_code)["period_end"].iloc[-1])
    delay = pd.Timedelta(days=30.4 * rhythm["lag_months"])
    due = [end + pd.offsets.MonthEnd(int(k * rhythm["every_months"])) + delay for k in range(1, 200)]
    missed = sum(day <= pd.Timestamp(catalogue.released()) for day in due)
    assert (one.missed_releases, one.old) == (missed, missed * rhythm["every_months"] >= 12)
    assert bool(one.age_words) == (missed > 0)


def test_what_is_behind_says_which_files_are_read_as_they_come_and_which_are_not_yet():
    fed = {one.id for one in importers.publications() if one.table == "observations"}
    assert set(catalogue.table("publications")["importer"].dropna()) == fed
    said = ambitions.behind().set_index("publication")["importer"]
    assert said["General Practice Workforce"] == "" and said["Virtual Ward monthly data"] == "virtual_wards"


def test_what_is_behind_is_listed_with_the_file_to_fetch():
    table = ambitions.behind()
    assert (table["missed"] > 0).all() and table[["file", "address", "publication"]].notna().all(axis=None)
    assert table["file"].is_unique and table["address"].str.startswith("https://").all()
    for publication, indicator_id, area in (
        ("A&E Attendances and Emergency Admissions", "ae_4hr_all", "QMM"),
        ("Virtual Ward monthly data", "vw_capacity_rate", "QMM"),
    ):
        missed = ambitions.status(indicator_id, area).missed_releases
        listed = table[table["publication"] == publication]
        assert listed["missed"].max() == missed if missed else listed.empty
        if missed:
            assert listed["held_to"].iloc[0] == ambitions.series(indicator_id, area)["period_end"].max()
            official = catalogue.table("indicators")["official_dataset"].str.startswith(publication)
            assert listed["indicators"].sum() == official.sum()


def test_a_comparator_of_another_period_is_its_latest_figure():
    one = ambitions.status("selfharm_all", "E07000143")
    england = rows("selfharm_all", ambitions.ENGLAND)
    assert one.period not in england.index and len(england) > 1
    assert one.comparator_value == england["value"].iloc[-1] != england["value"].iloc[0]
    assert one.comparator_note == f"latest held: {england.index[-1]}"


def test_caveats_of_the_indicator_come_with_its_status():
    caveat = catalogue.table("indicators").set_index("indicator_id")["caveat"]
    assert caveat["nctr_beds"] in ambitions.status("nctr_beds", "QMM").caveats
    assert any("not residents" in text for text in ambitions.status("cwt_62d", "QMM").caveats)


def test_a_total_is_never_set_beside_englands():
    assert ambitions.status("rtt_wl", "QMM").comparator is None
    table = ambitions.compare("rtt_wl", ["QMM", ambitions.ENGLAND])
    assert table.attrs["scale"] == "index, Oct 2022 = 100"
    assert table.loc[table["period_label"] == "Oct 2022", "shown"].tolist() == pytest.approx([100, 100])
    assert ambitions.compare("rtt_18wk", ["QMM", ambitions.ENGLAND]).attrs["scale"] == "%"


def test_a_hole_in_a_series_breaks_its_line():
    for indicator_id in ("ae_4hr_all", "gp_same_day"):
        months = pd.PeriodIndex(rows(indicator_id, "QMM")["period_start"], freq="M")
        after_a_hole = [months[0], *(later for earlier, later in pairwise(months) if later != earlier + 1)]
        first = ambitions.chart(indicator_id, "QMM").groupby("stretch")["period_label"].first()
        assert first.tolist() == [month.strftime("%b %Y") for month in after_a_hole]
    assert ambitions.chart("gp_same_day", "QMM")["stretch"].nunique() > 1  # August 2021, then April 2025
    assert ambitions.chart("dental_decay_5y", "E07000148")["stretch"].nunique() == 1  # a survey every two years


def test_areas_without_a_common_period_are_refused_with_their_names():
    with pytest.raises(ValueError, match="share no period"):
        ambitions.compare("trust_result", ["RM1", "RGP", "RCX"])


def test_deprivation_bands_come_from_the_practices():
    table = ambitions.bands("gpps_phone_iq", "QMM")
    assert set(table["band"]) == {"Least deprived", "Second least deprived", "Middle", "Most deprived"}
    assert ambitions.bands("ae_4hr_all", "QMM").empty
    assert "most deprived band" in ambitions.status("gpps_phone_iq", "QMM").area


def test_bands_are_compared_with_the_same_band():
    table = ambitions.compare("gpps_phone_iq", ["QMM", ambitions.ENGLAND])
    england = table[table["area_code"] == ambitions.ENGLAND].set_index("period_label")["shown"]
    assert england["2023"] == ambitions.status("gpps_phone_iq", "QMM").comparator_value


def test_ranks_put_the_best_first():
    trusts = ambitions.rank("ae_4hr_all")
    assert trusts["area_code"].tolist() == ["RM1", "RGP", "RCX"]
    assert trusts["rank"].tolist() == [1, 2, 3]
    waits = ambitions.rank("rtt_52wk_pct", "Jun 2026")
    assert waits["value"].is_monotonic_increasing


def test_indicators_are_found_by_words_ambition_and_state():
    assert len(ambitions.indicators()) == len(catalogue.table("indicators"))
    assert "rtt_18wk" in set(ambitions.indicators(search="18 weeks planned")["indicator_id"])
    assert set(ambitions.indicators(ambition=6)["ambition"]) <= set(range(1, 9))
    better = ambitions.indicators(state="improving")
    assert len(better) and (better["word"] == "better").all()
    assert ambitions.indicators(search="no such words at all").empty


@pytest.mark.parametrize(
    "call",
    [
        lambda: ambitions.status("ae_4hr", "QMM"),
        lambda: ambitions.status("ae_4hr_all", "XYZ"),
        lambda: ambitions.series("ae_4hr_all", "QMM", "imd_q2"),
        lambda: ambitions.indicators(state="bad"),
        lambda: ambitions.overview(state="bad"),
        lambda: ambitions.ambition(9),
        lambda: ambitions.gaps(0),
    ],
)
def test_unknown_names_are_refused_with_near_or_allowed_ones(call):
    with pytest.raises(ValueError, match=r"Did you mean|Areas|choose"):
        call()


def test_the_overview_has_headlines_for_all_eight():
    table = ambitions.overview()
    assert table["ambition"].value_counts().to_dict() == dict.fromkeys(range(1, 9), 4)
    assert table["latest_text"].str.len().min() > 1
    missing = ambitions.overview("missing target")
    assert len(missing) and (missing["met"] == False).all()  # noqa: E712  (an object column of True, False and None)


def test_there_is_one_tile_for_each_ambition():
    tiles = ambitions.tiles()
    assert tiles["number"].tolist() == list(range(1, 9))
    assert tiles.loc[tiles["number"] == 7, "indicator_id"].item() == "rtt_18wk"


def test_gaps_name_the_dataset_and_how_to_bring_it_in():
    metrics = {m for n in range(1, 9) for m in ambitions.gaps(n)["metric_id"]}
    assert {"MAT_STILLBIRTH", "MH_SUICIDE", "MH_OAP", "PC_2WEEKS"} <= metrics
    everything = pd.concat([ambitions.gaps(n) for n in range(1, 9)])
    assert everything[["what", "dataset", "publisher", "address", "how"]].notna().all(axis=None)


def test_every_headline_measure_of_the_plan_has_a_figure_or_a_gap():
    links = catalogue.table("metric_indicator_map")
    drawn = set(links.loc[links["comparable"] == "yes", "metric_id"])
    for row in catalogue.table("ambitions").itertuples():
        gaps = set(ambitions.gaps(row.number)["metric_id"])
        elsewhere = {m for n in range(1, 9) for m in ambitions.gaps(n)["metric_id"]}
        for metric in row.headline_metric_ids.split("|"):
            assert metric in drawn | gaps | elsewhere, metric


def test_objectives_and_milestones_have_a_state():
    for number in range(1, 9):
        states = set(ambitions.milestones(number)["state"]) | set(ambitions.objectives(number)["state"])
        assert states <= {"delivered", "due", "late", "unknown"}
    urgent = ambitions.milestones(6).set_index("milestone_id")
    assert urgent["state"]["MS-30"] == "late"
    assert urgent["evidence"]["MS-30"] == (
        "78.0%: England: missed, 75.0%. Norfolk and Waveney did not reach that level: 72.8%."
    )
    planned = ambitions.milestones(7).set_index("milestone_id")
    assert planned["state"]["MS-43"] == "due"
    assert planned["state"]["MS-38"] == "delivered"  # the Norwich diagnostic centre has opened


@pytest.mark.parametrize(
    ("number", "milestone_id", "state", "here"),
    [
        (6, "MS-29", "late", "missed"),
        (6, "MS-30", "late", "missed"),
        (6, "MS-31", "late", "missed"),
        (7, "MS-36", "late", "missed"),
        (7, "MS-39", "late", "missed"),
        (7, "MS-41", "late", "missed"),
    ],
)
def test_a_national_deadline_is_judged_on_england_and_told_for_here_as_well(number, milestone_id, state, here):
    found = ambitions.milestones(number).set_index("milestone_id").loc[milestone_id]
    assert (found["state"], found["here"]) == (state, here)
    assert "England: " in found["evidence"]


def test_a_milestone_keeps_its_day_and_a_month_ends_on_its_last():
    days = pd.concat([ambitions.milestones(n) for n in range(1, 9)]).set_index("milestone_id")["day"]
    assert days["MS-07"] == "2022-12-06"
    assert days["MS-51"] == "2025-10-31"  # October 2025
    assert days["MS-46"] == "2026-03-31"  # March 2026
    assert days["MS-08"] == "2023-12-31"  # some time in 2023
    assert days["MS-19"] == "2023-12-31"  # 2022 to 2023


def test_a_what_if_goes_on_from_the_latest_value_at_the_pace_given():
    outlook = ambitions.projected("rtt_18wk", "QMM", 1.0)
    future = outlook.table[outlook.table["projected"]]
    latest = ambitions.status("rtt_18wk", "QMM").latest
    assert future["value"].iloc[0] == latest
    assert future["value"].iloc[12] == pytest.approx(latest + 12)
    assert future["value"].max() <= 100
    assert outlook.attainment == "2026-12-31"  # 8.3 points at one a month: the ninth month
    assert outlook.fewer == pytest.approx(0.12 * rows("rtt_18wk", "QMM")["denominator"].iloc[-1], rel=1e-6)


def test_a_what_if_on_a_count_counts_fewer():
    outlook = ambitions.projected("rtt_52wk", "QMM", 100)
    assert outlook.fewer == pytest.approx(1200)
    assert outlook.fewer_words == "about 1,200 fewer pathways waiting over a year"
    assert outlook.table["value"].min() >= 0


def test_a_faster_what_if_gets_there_sooner():
    slow, fast = ambitions.projected("cwt_62d", "QMM", 0.5), ambitions.projected("cwt_62d", "QMM", 1)
    assert fast.attainment < slow.attainment


@pytest.mark.parametrize(
    ("indicator_id", "change"), [("rtt_18wk", -1), ("rtt_18wk", float("inf")), ("ae_attendances", 1)]
)
def test_a_what_if_that_makes_no_sense_is_refused(indicator_id, change):
    with pytest.raises(ValueError, match="monthly_change|neither good nor bad"):
        ambitions.projected(indicator_id, "QMM", change)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (70.93, "%", "70.9%"),
        (135275, "pathways", "135,275 pathways"),
        (37.84, "minutes", "37.8 minutes"),
        (214.2, "minutes", "3 h 34 min"),
        (-27.3, "million pounds", "−£27.3 million"),
        (6.1699, "score 0-10", "6.17 of 10"),
        (0.385, "score 0-1", "0.385 of 1"),
        (4, "segment 1-5", "segment 4 of 5"),
        (25.0993, "per 100,000 (age-standardised)", "25.1 per 100,000"),
        (None, "%", "No published figure found"),
        (float("nan"), "%", "No published figure found"),
    ],
)
def test_figures_are_written_as_people_read_them(value, unit, text):
    assert ambitions.format_value(value, unit) == text


def test_every_unit_can_be_written():
    for unit in catalogue.table("indicators")["unit"].unique():
        assert ambitions.format_value(12.3, unit)
        assert ambitions.format_change(-12.3, unit).startswith("−")


def test_a_change_too_small_to_show_has_no_sign():
    assert ambitions.format_change(-0.004, "%") == "±0.0 points"


def test_limits_within_the_possible_are_left_alone():
    assert ambitions.chart("cwt_62d", "RGP").attrs["cut_at"] == ()
