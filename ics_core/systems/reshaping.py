"""How the NHS was reshaped: partnerships, waves of integrated care systems, 42 boards by law, then fewer.

An area is one of the 42 that were systems from 1 July 2022 to 31 March 2026, whatever it was before or since.
Dates are days, months or years (``2026-04-01``, ``2026-04``, ``2026``); a month or year stands for its first day.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd

from ics_core import catalogue, words
from ics_core.errors import SystemsError
from ics_core.systems.measures import by_code, names, system_row

# The stages an area went through, in order.
STAGES = (
    "Sustainability and transformation partnership",
    "Named an integrated care system",
    "Integrated care board by law",
    "Merged into a larger board",
    "Split between boards",
)
_IN_WORDS = (
    "partnerships",
    "named integrated care systems",
    "boards by law",
    "parts of a larger board",
    "split between boards",
)


def waves() -> pd.DataFrame:
    """The waves in which the 42 areas were named: ``date, wave, systems, names``, oldest first."""
    frame = catalogue.table("systems").sort_values("name")
    grouped = (
        frame.groupby(["announced_date", "announced_wave"])["name"].agg(systems="count", names="; ".join).reset_index()
    )
    return grouped.rename(columns={"announced_date": "date", "announced_wave": "wave"})


def areas(on: str | date) -> pd.DataFrame:
    """What each of the 42 areas was on a day: ``icb_code, name, stage, detail``; stage is one of ``STAGES``.

    Areas are those of July 2022. ``detail`` names the wave or the later board. An area counts as named from
    the month of its announcement, some as a smaller area then (see ``announced_as`` in table ``systems``).
    """
    day = _day(on)
    after = catalogue.table("system_successors")
    after = after[after["since"] <= day]
    parts = after.groupby("icb_code").size()
    rows = []
    for system in catalogue.table("systems").sort_values("name").to_dict("records"):
        code = system["icb_code"]
        if code in parts:
            stage, detail = STAGES[3 if parts[code] == 1 else 4], since_2026(code)
        elif system["statutory_date"] <= day:
            stage, detail = STAGES[2], system["full_name"]
        elif _first_day(system["announced_date"]) <= day:
            stage, detail = STAGES[1], f"{words.month(system['announced_date'])}, as {system['announced_as']}"
        else:
            stage, detail = STAGES[0], ""
        rows.append({"icb_code": code, "name": system["name"], "stage": stage, "detail": detail})
    return pd.DataFrame(rows)


def boards(on: str | date) -> pd.DataFrame:
    """The boards by law on a day: ``ods_code, board, since, formed_from, systems``; none before 1 July 2022.

    ``formed_from`` names the systems of 2022 a board covers, with "part of" where it took over a part;
    ``systems`` counts them. A board that kept its name and gained a part is not a new board.
    """
    day = _day(on)
    base, after = catalogue.table("systems"), catalogue.table("system_successors")
    began = base[base["statutory_date"] <= day]
    moved = after[after["since"] <= day]
    standing = began[~began["icb_code"].isin(moved["icb_code"])]
    rows = {
        s["ods_code"]: {
            "ods_code": s["ods_code"],
            "board": s["name"],
            "since": s["statutory_date"],
            "from": [s["name"]],
        }
        for s in standing.to_dict("records")
    }
    for move in moved.to_dict("records"):
        new = {"ods_code": move["successor_ods_code"], "board": move["successor"], "since": move["since"], "from": []}
        origin = names()[move["icb_code"]]
        rows.setdefault(new["ods_code"], new)["from"].append(origin if move["part"] == "whole" else f"part of {origin}")
    frame = (
        pd.DataFrame(rows.values(), columns=["ods_code", "board", "since", "from"])
        .sort_values("board")
        .reset_index(drop=True)
    )
    origins = frame.pop("from")
    return frame.assign(formed_from=origins.map("; ".join), systems=origins.map(len))


def stages() -> pd.DataFrame:
    """How many of the 42 areas were at each stage after each moment: ``date, moment, stage, areas``, zeros left out."""
    found = []
    for step in moments().itertuples():
        counts = areas(step.date)["stage"].value_counts()
        found += [
            {"date": step.date, "moment": step.moment, "stage": stage, "areas": int(counts[stage])}
            for stage in STAGES
            if stage in counts
        ]
    return pd.DataFrame(found)


def tally(on: str | date) -> str:
    """How many of the 42 areas were at each stage on a day, in words: ``28 partnerships and 14 named ...``."""
    counts = areas(on)["stage"].value_counts()
    said = dict(zip(STAGES, _IN_WORDS, strict=True))
    return words.listed([f"{counts[stage]} {said[stage]}" for stage in STAGES if stage in counts])


def moments() -> pd.DataFrame:
    """The steps of the reshaping, oldest first.

    Columns ``date, moment, event, published_new, published_total, named, publisher``. ``published_total`` is the count
    the announcement gave; some areas it counted later merged, so it need not equal a count of the 42.
    """
    frame = catalogue.table("timeline")
    frame = frame[frame["n_new"].notna() & frame["n_total"].notna()].sort_values("date")
    return pd.DataFrame(
        {
            "date": frame["date"],
            "moment": frame["date"].map(words.month),
            "event": frame["event"],
            "published_new": frame["n_new"].astype(int),
            "published_total": frame["n_total"].astype(int),
            "named": frame["systems_named"].fillna(""),
            "publisher": frame["source_publisher"],
        }
    ).reset_index(drop=True)


def counted() -> dict[str, object]:
    """The counts a reader meets in this story, from the announcements, the founding documents and the 42 areas.

    ``new``, ``earlier``, ``devolved`` and ``sum`` are what the announcement of May 2020 says; ``published`` is
    the count of others at the time, ``named`` ours.
    """
    steps, facts = moments().set_index("date"), catalogue.table("founding_facts").set_index("fact_id")["value"]
    may = "2020-05"
    devolved = waves().set_index("wave").loc["Wave 1 devolved health system", "names"].split("; ")
    named = areas(may)["stage"].eq(STAGES[1])
    began, ended = steps.index[0], steps.index[-1]
    wave_days = waves()["date"]
    return {
        "first": began[:4],
        "last": ended[:4],
        "partnerships": int(steps.loc[began, "published_total"]),
        "boards": len(boards("2022-07-01")),
        "remaining": len(boards(ended)),
        "new": int(facts["FCT-35"]),
        "earlier": int(facts["FCT-37"]),
        "devolved": int(facts["FCT-38"]),
        "sum": int(facts["FCT-39"]),
        "named": int(named.sum()),
        "published": int(steps.loc[may, "published_total"]),
        "devolved_names": words.listed(devolved),
        "first_named": int(areas(wave_days.min())["stage"].eq(STAGES[1]).sum()),
        "first_wave": words.month(wave_days.min()),
        "last_wave": words.month(wave_days.max()),
        "merged": words.month(ended),
    }


def _day(on: str | date) -> str:
    text = on.isoformat() if isinstance(on, date) else _first_day(str(on))
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise SystemsError(f"{on!r} is not a day. Write it as 2026-04-01, 2026-04 or 2026.") from None


def since_2026(icb_code: str) -> str:
    """What became of the board on 1 April 2026, in words."""
    return _fates().get(system_row(icb_code)["icb_code"], "Unchanged")


@cache
def _fates() -> dict[str, str]:
    found = {}
    for code, after in catalogue.table("system_successors").groupby("icb_code"):
        parts = [f"{row['successor']} ({row['part']})" for row in after.to_dict("records")]
        split = f"{by_code()[code]['name']} was split: {', '.join(parts)}"
        found[code] = split if len(parts) > 1 else f"Now part of NHS {after['successor'].iloc[0]} ICB"
    return found


def _first_day(iso: str) -> str:
    """The first day of ``2020-12`` or ``2020``; a day as it is."""
    return iso if len(iso) == 10 else f"{iso}-01" if len(iso) == 7 else f"{iso}-01-01"
