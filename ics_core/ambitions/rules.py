"""The two decision tables: what may be called better or worse, and what may be said of a target.

Plain facts in, one key out; the sentences of each key are in ``data/text/judgement.toml``, the tables themselves, one
row a combination, in ``data/text/method_ambitions.md``.
"""

from __future__ import annotations

WORDS = ("better", "worse", "no clear change", "cannot be told yet", "no recent figure")
NOT_JUDGED = "not judged"  # more or less of it is neither good nor bad

_GOOD = {"improving": "better", "concerning": "worse"}
_OPPOSITE = {"better": "worse", "worse": "better"}


def movement(signal: str | None, year: str | None, pace: str | None, apart: bool | None) -> tuple[str, str]:
    """What a series does: one of ``WORDS``, and the key of the reason.

    ``signal``: "improving", "concerning", "usual", or None without a control chart. ``year``: the latest figure is
    "better", "worse" or "the same" beside that of the same period a year before, None without one. ``pace``: the mean
    of the latest year is "better", "worse" or "level" beside that of the year before, None where it cannot be told.
    ``apart``: whether the published margins of error of the two years lie apart, None without them.
    """
    if signal == "usual":
        return "no clear change", "usual"
    if signal is not None:
        word = _GOOD[signal]
        if year is None:
            return "cannot be told yet", f"{signal}, alone"
        agree = year == word and pace != _OPPOSITE[word]
        return (word, signal) if agree else ("no clear change", f"{signal}, mixed")
    if apart is None or year is None:
        return "cannot be told yet", "untold"
    if not apart or year == "the same":
        return "no clear change", "overlap"
    return ("no clear change", "apart, mixed") if pace == _OPPOSITE[year] else (year, f"apart, {year}")


def course(
    met: bool,
    passed: bool,
    signal: str | None,
    assurance: str | None,
    year: str | None,
    pace: str | None,
    in_time: bool | None = None,
    attained: bool = False,
) -> str:
    """What may be said of a target: a key of ``target`` in ``data/text/judgement.toml``.

    ``met``: the latest figure reaches it. ``passed``: its date lies before the data release. ``assurance``:
    "consistently passing", "consistently failing", "inconsistent" or None. ``signal``, ``year``, ``pace``: as in
    ``movement``.
    ``attained``: there is a date of attainment; ``in_time``: it lies before the target's, None without either.
    """
    if passed:
        return "passed, met" if met else "passed, missed"
    if met:
        how = {"consistently passing": "steady", "inconsistent": "unsteady", "consistently failing": "new"}
        return f"met, {how[assurance]}" if assurance in how else "met"
    if attained and signal != "concerning" and year != "worse":
        return "undated" if in_time is None else "in time" if in_time else "late"
    if attained or (pace in ("worse", "level") and (signal == "improving" or year == "better")):
        return "signs differ"
    if pace is not None:
        kind = "far" if pace == "better" else "still"
        return f"{kind}, out of reach" if assurance == "consistently failing" and signal != "improving" else kind
    if assurance == "consistently failing" and signal != "improving":
        return "out of reach"
    return {"inconsistent": "some do", "consistently passing": "most do"}.get(assurance or "", "untold")
