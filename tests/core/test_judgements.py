"""What is said of a series: the decision tables of the method are the code's, and no answer contradicts itself."""

import itertools
import re
import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from frictionless import Package

from ics_core import ambitions, catalogue
from ics_core.ambitions import Break, judgement, rules, target, what_if

EVERY = [(i, a) for i in catalogue.table("indicators")["indicator_id"] for a in ambitions.areas(i)["area_code"]]
SAID = catalogue.toml("text/judgement")

SIGNALS = {"improving": "improving", "getting worse": "concerning", "usual variation": "usual", "none": None}
YEARS = {"better": "better", "worse": "worse", "the same": "the same", "not known": None}
PACES = {"better": "better", "worse": "worse", "level": "level", "not known": None}
MARGINS = {"apart": True, "overlap": False, "not published": None}
LIMITS = {
    "within": "consistently passing",
    "both sides": "inconsistent",
    "out of reach": "consistently failing",
    "not known": None,
}
REACHED = {"in time": (True, True), "too late": (False, True), "no date set": (None, True), "never": (None, False)}
YES = {"yes": True, "no": False}


def table(name):
    """The rows of a decision table in the method, each cell the list of what it stands for."""
    text = catalogue.text("method_ambitions").partition(f"<!-- {name} -->")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.strip().splitlines()[2:]]


def meant(cell, values):
    """What a cell stands for: any, or some of the values, in words."""
    return list(values) if cell == "any" else re.split(", | or ", cell)


@pytest.mark.parametrize("row", table("movement"), ids=" | ".join)
def test_the_table_of_movement_in_the_method_is_that_of_the_code(row):
    columns = (SIGNALS, YEARS, PACES, MARGINS)
    for signal, year, pace, margin in itertools.product(*map(meant, row[:4], columns)):
        word, reason = rules.movement(SIGNALS[signal], YEARS[year], PACES[pace], MARGINS[margin])
        assert word == row[4], (signal, year, pace, margin)
        assert reason in SAID["real"]


def test_the_table_of_movement_has_a_row_for_every_combination():
    columns = (SIGNALS, YEARS, PACES, MARGINS)
    covered = {one for row in table("movement") for one in itertools.product(*map(meant, row[:4], columns))}
    assert covered == set(itertools.product(*columns))


@pytest.mark.parametrize("row", table("course"), ids=" | ".join)
def test_the_table_of_targets_in_the_method_is_that_of_the_code(row):
    columns = (YES, YES, SIGNALS, LIMITS, YEARS, PACES, REACHED)
    for passed, met, signal, limits, year, pace, reached in itertools.product(*map(meant, row[:7], columns)):
        if reached != "never" and PACES[pace] != "better":
            continue  # a target is reached only by a pace towards it
        key = rules.course(
            YES[met], YES[passed], SIGNALS[signal], LIMITS[limits], YEARS[year], PACES[pace], *REACHED[reached]
        )
        assert SAID["mark"][key] == row[7], (passed, met, signal, limits, year, pace, reached)
        assert key in SAID["target"]


def test_the_table_of_targets_has_a_row_for_every_combination():
    columns = (YES, YES, SIGNALS, LIMITS, YEARS, PACES, REACHED)
    covered = {one for row in table("course") for one in itertools.product(*map(meant, row[:7], columns))}
    possible = set(itertools.product(*columns))
    impossible = {one for one in possible if one[6] != "never" and PACES[one[5]] != "better"}
    assert covered >= possible - impossible


def test_no_two_sentences_of_one_answer_contradict_in_any_series():
    assert len(EVERY) > 900
    for key in EVERY:
        one = ambitions.status(*key)
        year, real, target = ambitions.answers(one).values()
        finding = ambitions.finding(one)
        if one.old:
            for text in (year, real):
                assert text.startswith("No recent figure."), key
            assert "No recent figure" in target or "asked for" in target or one.target is None, key
            assert "no recent figure" in finding
        if one.word == "better":
            assert year.startswith("Yes: ") and real.startswith("Yes, improving"), key
            assert "worse" not in finding and "worse than" not in real
        if one.word == "worse":
            assert year.startswith("No, worse: ") and real.startswith("Yes, getting worse"), key
        if one.word == "no clear change" and not one.old:
            assert real.startswith(("No clear change", "Mixed, so no clear change")), key
            assert "beyond chance" not in finding
        if one.word == "cannot be told yet":
            assert real.startswith("Cannot be told yet"), key
            assert "beyond" not in finding
        if one.target is None:
            continue
        meets = bool(re.search(r"\b(reaches|reached) it\b", target.replace("that level was reached", "")))
        assert meets == bool(one.met), key
        for gloomy in ("does not reach it", "Not in time", "Not on this course", "Not at the pace", "short of it"):
            assert not (meets and gloomy in target), (key, target)
        assert "go on missing" not in target and "will go on" not in target
        assert not ("does not reach it" in target and "Yes, if" in target)
        assert not ("does not reach it" in target and re.search("about [A-Z][a-z]+ 20", target)), (key, target)
        assert not ("did not move towards it" in target and "Yes, if" in target)
        if "Yes, if the pace" in target:
            assert one.attainment <= one.target.date and not year.startswith("No, worse"), key
            assert "getting worse" not in real
        if "Not in time" in target:
            assert one.attainment > one.target.date, key
        if one.variation == "special cause improving":
            assert "does not reach it" not in target, key


def test_every_course_has_a_sentence_and_a_mark():
    for key in EVERY:
        one = ambitions.status(*key)
        assert one.course in SAID["target"] and one.course in SAID["mark"]
        assert one.course_word
        assert not any("{" in text or " ," in text or "  " in text for text in ambitions.answers(one).values()), key


def test_a_target_that_is_met_is_not_said_to_be_missed():
    for area_code in ("RM1", "RGP", "RCX", "QMM"):
        one = ambitions.status("ae_4hr_all", area_code)
        answer = ambitions.answers(one)["Will the target be met?"]
        assert ("reaches it" in answer) == (one.gap >= 0), answer
        assert ("short of it" in answer) == (one.gap < 0), answer


def test_whom_a_target_asks_is_said_in_the_answer():
    one = ambitions.status("ae_4hr_all", "QMM")
    here = ambitions.answers(one)["Will the target be met?"]
    assert here.startswith(f"England is asked for 82.0% by March 2027. The latest figure here, {one.latest_text},")
    spent = ambitions.answers(ambitions.status("rtt_52wk_pct", "QMM"))["Will the target be met?"]
    assert "England was asked for less than 1.0% by March 2026: missed, 1.3%." in spent
    assert "Here that level was not reached then: 2.6%." in spent


def test_a_signal_against_the_year_is_called_mixed_and_says_why():
    mixed = 0
    for key in EVERY:
        one = ambitions.status(*key)
        if one.word == "no clear change" and one.variation in ("special cause improving", "special cause concerning"):
            real = ambitions.answers(one)["Is it real?"]
            if "the mean of the year to" in real:
                mixed += 1
                assert real.startswith("Mixed") and ("was worse" in real or "was better" in real), real
    assert mixed


def test_quarters_are_not_months():
    for key in EVERY:
        one = ambitions.status(*key)
        if one.chart_kind == "xmr" and one.step == 3:
            assert "month" not in ambitions.answers(one)["Is it real?"].replace("months", ""), key


def test_the_list_bears_the_five_words_and_the_tally_counts_them():
    table, counts = ambitions.overview(), ambitions.tally()
    assert set(table["word"]) <= {*ambitions.WORDS, "not judged"}
    for word in ambitions.WORDS:
        assert counts[word] == (table["word"] == word).sum()
    assert sum(counts[word] for word in ambitions.WORDS) == counts["judged"]
    for state, word in (("improving", "better"), ("concerning", "worse"), ("no recent data", "no recent figure")):
        assert counts[state] == counts[word] == len(ambitions.overview(state))
    assert str(counts["judged"]) in ambitions.summary()
    assert list(ambitions.headlines()["word"]) == list(table["word"])


def test_what_is_neither_good_nor_bad_is_not_counted_among_those_judged():
    staff = ambitions.overview().set_index("indicator_id").loc["workforce_fte"]
    assert staff["word"] == "not judged" and not staff["states"]
    assert ambitions.tally()["judged"] == ambitions.tally()["all"] - 1


def test_the_second_mark_is_englands_figure_of_the_same_period():
    for key in EVERY:
        one = ambitions.status(*key)
        assert one.against_england in ambitions.AGAINST_ENGLAND
        if one.against_england in ("better than England", "worse than England"):
            assert (one.comparator, one.comparator_note) == ("England", "same period"), key
            ahead = bool((one.latest > one.comparator_value) == (one.better == "up"))
            assert ahead == (one.against_england == "better than England"), key
    assert ambitions.status("rtt_18wk", "QMM").against_england == "worse than England"


def test_trial_limits_are_said_in_the_answer_the_list_and_the_reason():
    one = ambitions.status("chs_cyp_over18", "QMM")  # twelve months, four of them since the break
    assert one.trial and one.trial_words == "Trial limits: 4 points, fewer than twelve"
    assert "4 of them since the break" in one.chart_reason and "tells signal from noise" not in one.chart_reason
    assert one.trial_words in ambitions.answers(one)["Is it real?"]
    row = ambitions.overview().set_index("indicator_id").loc["chs_cyp_over18"]
    assert row["trial"] and row["trial_words"] == one.trial_words


def test_a_measure_says_how_many_points_its_limits_rest_on():
    for key in EVERY:
        one = ambitions.status(*key)
        if one.chart_kind != "xmr":
            assert not one.trial
            continue
        phases = ambitions.chart(*key)["phase"]
        held = int((phases == phases.iloc[-1]).sum())
        assert one.trial == (held < 12), key
        assert ("trial limits" in one.chart_reason) == one.trial


def test_a_what_if_on_a_financial_year_goes_on_from_its_mean_and_arrives_when_it_says():
    one, outlook = ambitions.status("amb_c2_mean", "RYC"), ambitions.projected("amb_c2_mean", "RYC", 0.5)
    future = outlook.table[outlook.table["projected"]]
    assert future["value"].iloc[0] == one.measured != one.latest
    assert future.set_index("period_end")["value"][outlook.attainment] <= 25
    assert (future.set_index("period_end")["value"][: outlook.attainment].iloc[:-1] > 25).all()


def test_a_gap_says_of_which_figure_it_is_where_that_is_not_the_latest():
    gaps = ambitions.overview().set_index("indicator_id")["gap_text"]
    rows = ambitions.overview().set_index("indicator_id")
    assert re.fullmatch(r"Mean of .*, [\d.]+ minutes: [+−][\d.]+ minutes from target", gaps["amb_c2_mean"])
    latest = rows["gap_text"]["ae_4hr_all"], rows["target"]["ae_4hr_all"]
    one = ambitions.status("ae_4hr_all", rows["area_code"]["ae_4hr_all"])
    assert latest[0] == f"{ambitions.format_change(one.latest - latest[1], one.unit)} from target"


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        ("targets", "binds", "Wales"),
        ("targets", "stated_kind", "rumour"),
        ("targets", "superseded_by", "NO_SUCH-1"),
        ("target_fit", "use", "somehow"),
        ("publications", "rhythm", "fortnightly"),
        ("promise_tests", "fate", "broken"),
        ("promise_tests", "numbered", "perhaps"),
        ("milestones", "kind", "forgotten"),
    ],
)
def test_a_wrong_word_in_the_tables_of_the_plan_fails_validation(table, column, wrong, tmp_path):
    shutil.copytree(catalogue.DATA, tmp_path / "data")
    resource = catalogue.describe(table)
    path = tmp_path / "data" / resource["path"]
    frame = catalogue.table(table)
    frame.loc[frame.index[0], column] = wrong
    frame.to_csv(path, index=False)
    package = Package(str(tmp_path / "data" / "datapackage.json"))
    one = package.get_resource(table)
    one.hash = one.bytes = None
    errors = one.validate().flatten(["type", "fieldName", "note"])
    assert any(wrong in str(error) or column in str(error) for error in errors), errors


@pytest.mark.parametrize(
    ("number", "said", "never"),
    [
        (5, "no longer needed an acute bed when they were counted, some of whom went home later", "need to be there"),
        (5, "that is owed to that care was 0.385 of 1", "rated their quality of life"),
        (6, "were admitted, transferred or discharged within four hours", "were seen"),
        (8, "of income above plan", "against its plan"),
    ],
)
def test_a_story_says_what_its_figures_count(number, said, never):
    story = ambitions.story(number)
    assert said in story and never not in story


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.9, "0.9% of income above plan"),
        (-0.9, "0.9% of income below plan"),
        (0.01, "0.0% of income, on plan"),
    ],
)
def test_a_result_beside_its_plan_says_above_or_below(value, text):
    assert ambitions.format_value(value, "% of income against plan").replace("−", "") == text


@pytest.mark.parametrize("day, in_time", [("2027-02-28", True), ("2027-03-31", True), ("2027-04-30", False)])
def test_a_target_reached_on_its_day_is_reached_in_time(day, in_time):
    target = SimpleNamespace(date="2027-03-31")
    assert judgement._in_time(day, target, met=False) == (in_time, True)
    assert judgement._in_time(day, target, met=True) == (None, False)


@pytest.mark.parametrize("missing, told", [(0, True), (3, True), (4, False)])
def test_a_pace_rests_on_three_quarters_of_the_months_of_a_year(missing, told):
    days = pd.date_range("2024-01-01", periods=24, freq="MS")
    frame = pd.DataFrame(
        {
            "period_start": days.strftime("%Y-%m-%d"),
            "period_end": (days + pd.offsets.MonthEnd(0)).strftime("%Y-%m-%d"),
            "value": [float(n) for n in range(24)],
        }
    ).iloc[missing:]
    pace, span = judgement.recent(frame, 1, ())
    assert (pace, span) == ((1.0, "the year to December 2025") if told else (None, ""))


# --------------------------------------------------------------------------- what if: its slider and its band


def test_a_slider_goes_just_far_enough_in_fine_round_steps_and_starts_at_the_pace_that_is_required():
    required = 0
    for key in EVERY:
        one = ambitions.status(*key)
        if one.better == "neither":
            continue
        scale = ambitions.slider(*key)
        paces = [2 * abs(pace) for pace in (one.required_pace, one.recent_pace) if pace]
        far = max([*paces, abs(one.latest) / 50, 0.001])
        tens = 10 * scale.step
        assert np.log10(scale.step) == pytest.approx(round(np.log10(scale.step))), key
        assert 20 <= round(scale.high / scale.step) <= 210, key
        assert scale.high / tens == pytest.approx(round(scale.high / tens)) and scale.high - tens < far, key
        assert scale.high >= far - 1e-9, key
        assert scale.start / scale.step == pytest.approx(round(scale.start / scale.step)), key
        assert scale.step <= scale.start <= scale.high, key
        if one.required_pace:
            required += 1
            beyond = scale.start - abs(one.required_pace)
            assert -1e-9 * scale.step <= beyond + 1e-8 and beyond < scale.step, key
    assert required > 20


@pytest.mark.parametrize("values, width", [([1, 2, 4, 8], 2.66 * 7 / 3), ([1, 2, 4], 0), ([5], 0)])
def test_without_limits_or_intervals_a_band_is_the_usual_scatter_and_from_three_points_none(values, width):
    frame = pd.DataFrame({"value": values, "lower_ci": np.nan, "upper_ci": np.nan})
    assert what_if._spread(frame, SimpleNamespace(chart_kind="trend")) == pytest.approx(width)


# --------------------------------------------------------------------------------- targets, to the day


def months(*starts):
    days = pd.to_datetime(list(starts))
    return pd.DataFrame(
        {
            "period_start": days.strftime("%Y-%m-%d"),
            "period_end": (days + pd.offsets.MonthEnd(0)).strftime("%Y-%m-%d"),
            "value": np.arange(1.0, len(starts) + 1),
            "lower_ci": np.nan,
            "upper_ci": np.nan,
        }
    )


@pytest.mark.parametrize("when, value", [("2026-02-01", 2), ("2026-02-28", 2), ("2026-03-01", 3)])
def test_a_target_is_judged_by_the_period_its_day_lies_in_the_first_and_the_last_day_too(when, value):
    frame = months("2026-01-01", "2026-02-01", "2026-03-01")
    assert target._outcome(frame, when, value, False, "up", False) == ("met", value)


@pytest.mark.parametrize("better", ["up", "down"])
@pytest.mark.parametrize("strict, state", [(True, "missed"), (False, "met")])
def test_a_figure_at_its_target_meets_it_unless_it_has_to_be_beyond(better, strict, state):
    assert target._outcome(months("2026-01-01"), "2026-01-31", 1, strict, better, False)[0] == state


@pytest.mark.parametrize("on, drawn", [(0, False), (1, True), (36, True), (37, False)])
def test_a_step_is_drawn_from_the_day_after_the_first_period_to_three_years_past_the_last(on, drawn, monkeypatch):
    frame = months("2025-01-01")
    date = judgement.months_on(frame["period_end"][0], on)
    bound = SimpleNamespace(state="due")
    one = SimpleNamespace(date=date, value=1.0, scope="national", binds="England", provenance="found", bound=bound)
    monkeypatch.setattr(target, "whole", lambda *key: frame)
    monkeypatch.setattr(target, "targets", lambda *key: [one])
    assert list(target.target_steps("rtt_18wk", "QMM")["end"]) == [date] * drawn


def test_what_each_trust_was_asked_to_gain_is_said_with_its_outcome_in_full():
    told = [said for i, a in EVERY for said in ambitions.target_words(i, a) if "points more than in" in said]
    asks = [ask for said in told for ask in said.partition("each trust. ")[2].rpartition(". ")[0].split("; ")]
    assert asks
    for ask in asks:
        assert re.search(r"%: (Due|met, [\d.]+%|missed, [\d.]+%|no figure for that date)$", ask), ask


def test_of_two_breaks_since_the_year_before_the_later_one_is_named():
    frame = months("2025-03-01", "2026-03-01")
    found = (Break("2025-06-01", "one"), Break("2025-11-01", "two"), Break("2026-04-01", "to come"))
    assert judgement._year_before(frame, found) == (None, "November 2025", None)
    assert judgement._year_before(frame, found[2:]) == (1.0, None, None)
