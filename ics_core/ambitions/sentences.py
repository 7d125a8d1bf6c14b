"""The sentences about a series: the three questions a board asks, and one line that says where it stands.

Each sentence is that of the row of the decision table which applies; the words are in ``data/text/judgement.toml``.
"""

from __future__ import annotations

from ics_core import catalogue, words
from ics_core.ambitions.indicator import ENGLAND, format_change, format_day, format_value
from ics_core.ambitions.judgement import FURTHEST_MONTHS, Status, clauses
from ics_core.ambitions.target import Target

QUESTIONS = ("Better than a year ago?", "Is it real?", "Will the target be met?")
_POINT = {1: "month", 3: "quarter", 12: "year"}


def answers(one: Status) -> dict[str, str]:
    """The three questions, each answered in a sentence or two; no sentence contradicts another."""
    return dict(zip(QUESTIONS, (_year(one), _real(one), _target(one)), strict=True))


def _said(table: str) -> dict[str, str]:
    return catalogue.toml("text/judgement")[table]


def _year(one: Status) -> str:
    figures = {
        "latest": one.latest_text,
        "change": format_change(one.change, one.unit),
        "previous": one.previous_text,
        "changed": one.changed,
        "period": one.period,
    }
    if one.old:
        moved = "" if one.change is None else ", {change} on the year before ({previous})".format(**figures)
        return _said("year")["old"].format(**figures, moved=moved)
    return _said("year")[one.direction or ("break" if one.changed else "none")].format(**figures)


def _real(one: Status) -> str:
    said = _said("real")
    if one.old:
        then = _said("finding").get(one.reason, "it could not be told")
        return _with_limits(one, said["old"].format(period=one.period, then=then))
    against = {"improving": "worse", "concerning": "better"}
    word = one.reason.partition(",")[0]
    found = clauses(one)
    differing = [text for source, text in found.items() if source != "signal" and _opposes(text, word, against, one)]
    text = said[one.reason].format(
        point=_POINT[one.step], reason=one.chart_reason, against=words.listed(differing) or "the others do not agree"
    )
    return _with_limits(one, text)


def _with_limits(one: Status, text: str) -> str:
    """A judgement that rests on trial limits says so."""
    return f"{text} {one.trial_words}." if one.trial else text


def _opposes(clause: str, word: str, against: dict[str, str], one: Status) -> bool:
    """Whether a clause speaks against a signal (or against margins that lie apart, in the direction of the year)."""
    good = against.get(word) or {"better": "worse", "worse": "better"}.get(one.direction or "", "")
    return good in clause or "the same as" in clause


def _target(one: Status) -> str:
    if one.target is None:
        return _said("target")[one.course]
    return f"{_lead(one, one.target)} {_course(one, one.target)}"


def _goal(one: Status, target: Target) -> str:
    value = format_value(target.value, one.unit)
    if one.better == "down" and target.value > 0:
        value = f"less than {value}" if target.strict else f"{value} or less"
    elif target.strict:
        value = f"more than {value}"
    return value + (f" by {format_day(target.date)}" if target.date else ", with no date")


def _lead(one: Status, target: Target) -> str:
    """What is asked of whom; once the date has passed, what came of it there and here."""
    goal = _goal(one, target)
    if not target.passed:
        return _said("asked")[target.binds].format(goal=goal)
    bound, here = target.bound, target.here
    outcome = f": {bound.state}, {format_value(bound.value, one.unit)}" if bound.value is not None else ""
    text = _said("was_asked")[target.binds].format(goal=goal, outcome=outcome)
    if here.value is not None and here.who != bound.who:
        reached = "that level was reached" if here.state == "met" else "that level was not reached"
        text += f" Here {reached} then: {format_value(here.value, one.unit)}."
    return text


def _course(one: Status, target: Target) -> str:
    """How the series stands to its target, by the row of the decision table."""
    where = "" if one.area_code == ENGLAND else " here"
    amount = format_change(one.gap, one.unit)
    side = "short of it" if one.better == "up" else "over it"
    far = f"just {side}" if amount.startswith("±") else f"{amount[1:]} {side}"
    when = format_day(one.attainment) if one.attainment else ""
    due = one.attainment is not None and one.attainment < catalogue.released()
    found = clauses(one)
    figures = {
        "figure": f"The {one.measured_words}{where}, {format_value(one.measured, one.unit)},",
        "reaches": "reached it" if one.old else "reaches it",
        "short": f"{'was' if one.old else 'is'} {far}",
        "point": _POINT[one.step],
        "span": one.recent_period,
        "pace": found.get("pace", ""),
        "signs": words.listed(list(found.values())),
        "longest": words.spoken(FURTHEST_MONTHS // 12),
        "reached": f"about {when}" + (", which no figure held shows yet" if due else ""),
        "when": when,
        "would": "would have been reached" if due else "would be reached",
    }
    if one.old and not target.passed:
        then = "met" if one.met else "attained" if one.attainment else "missed"
        return _said("then")[then].format(**figures)
    return _said("target")[one.course].format(**figures)


def finding(one: Status) -> str:
    """One line that says where a series stands: "76.7% in Mar 2026, improving beyond chance"."""
    where = f"{one.latest_text} in {one.period}".replace(" in year to", " in the year to")
    year = {
        "better": "better than the year before",
        "worse": "worse than the year before",
        "the same": "the same as the year before",
        "higher": "higher than the year before",
        "lower": "lower than the year before",
    }.get(one.direction or "", "")
    move = _said("finding").get(one.reason, year)
    stops = "; no recent figure" if one.old else ""
    goal = ""
    if one.target is not None and not one.old:
        asked = "England's target" if one.target.binds == "England" else "the target"
        by = f", due by {format_day(one.target.date)}," if one.target.date and one.target.passed else ""
        where_met = " here" if one.target.binds == "England" and one.area_code != ENGLAND else ""
        reached = "is met" if one.met else "is not met"
        goal = f"; {asked} of {format_value(one.target.value, one.unit)}{by} {reached}{where_met}"
    return f"{one.name}: {where}{', ' if move else ''}{move}{goal}{stops}"
