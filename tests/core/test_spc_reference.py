"""XmR charts beside the R package that NHS Making Data Count refers to, case by case.

The files in ``reference/`` hold what NHSRplotthedots 0.2.2 answered: its own functions, run under R 4.2.2 with dplyr
1.0.10 in November 2026 (one spelling that needs a newer dplyr was put in the older form; nothing else was touched).
Eighty cases: ten published series of this data release, each with screening and without, and sixty made up (noise,
steps, small counts, drifts, one shock, a trend that turns), with targets, rebasing and limits fixed after twelve points.
``spc_cases`` holds options and assurance, ``spc_points`` each value and its signal, ``spc_limits`` mean and limits
from a position on.
"""

from pathlib import Path

import pandas as pd
import pytest

from ics_core import spc

FOLDER = Path(__file__).parent / "reference"
CASES = pd.read_csv(FOLDER / "spc_cases.csv", dtype=str, keep_default_na=False)
POINTS = dict(iter(pd.read_csv(FOLDER / "spc_points.csv").groupby("case")))
LIMITS = dict(iter(pd.read_csv(FOLDER / "spc_limits.csv").groupby("case")))
SIGNALS = {
    "Above UCL": "above upper limit",
    "Below LCL": "below lower limit",
    "7 Point Trend (Increasing)": "trend up",
    "7 Point Trend (Decreasing)": "trend down",
    "2 in 3 Above CL": "two of three high",
    "2 in 3 Below CL": "two of three low",
    "7 Points Above CL": "run above mean",
    "7 Points Below CL": "run below mean",
    "Common Cause": None,
}
ASSURANCE = {"consistent_pass": "consistently passing", "consistent_fail": "consistently failing", "": None}
# The last point of a trend that another trend follows: the package names it after the one that follows.
ON_PURPOSE = {("made up 57", 14): ("trend up", "trend down")}


@pytest.mark.parametrize("case", CASES.itertuples(), ids=lambda case: case.case)
def test_the_reference_package_gives_the_same_answer(case):
    theirs = POINTS[case.case]
    chart = spc.xmr(
        theirs["value"].tolist(),
        case.improvement,
        target=float(case.target) if case.target else None,
        fix_after=int(case.fix_after) if case.fix_after else None,
        rebase=[int(position) for position in case.rebase.split(";") if position],
        screen=case.screen == "TRUE",
    )
    differ = {
        (case.case, n): (ours, SIGNALS[named])
        for n, (ours, named) in enumerate(zip(chart.points["signal"], theirs["signal"], strict=True))
        if ours != SIGNALS[named]
    }
    assert differ == {key: pair for key, pair in ON_PURPOSE.items() if key[0] == case.case}
    limits = LIMITS[case.case].set_index("position")[["mean", "lower", "upper"]].reindex(range(len(theirs))).ffill()
    for column in limits:
        assert chart.points[column].tolist() == pytest.approx(limits[column].tolist(), rel=1e-7, abs=1e-7)
    assert chart.assurance == ASSURANCE.get(case.assurance, case.assurance)


def test_the_cases_cover_every_signal_and_every_option():
    assert {name for points in POINTS.values() for name in points["signal"]} == set(SIGNALS)
    assert set(CASES["improvement"]) == {"increase", "decrease", "neutral"}
    for column in ("target", "fix_after", "rebase"):
        assert (CASES[column] != "").any() and (CASES[column] == "").any()
