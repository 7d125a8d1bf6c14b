"""How the system came about: dated events, who was in it and what they are now, what documents said then.

Events come from the table ``timeline``; the organisations of the 2018 bid from ``partners``; the
figures of the founding documents from ``founding_facts``, ``founding_projections``,
``founding_commitments`` and ``founding_finance``, matched to what has been published since by the
hand-made table ``then_and_now``. Words for themes and disagreements are in ``data/text/story.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import pandas as pd

from ics_core import ambitions, catalogue, promises

NORFOLK_AND_WAVENEY = "Norfolk and Waveney"
NOT_FOUND = ambitions.NO_FIGURE
MOMENT = "A fact of its time, nothing to follow up"
LINKS = {
    "same": "Same measure",
    "related": "Related measure only",
    "none": NOT_FOUND,
    "moment": MOMENT,
}
SMALL = "no one two three four five six seven eight nine ten eleven twelve".split()
MONTHS = "January February March April May June July August September October November December".split()


class StoryError(ValueError):
    """A theme, system, document or reference that does not exist; the message lists what does."""


# ---------------------------------------------------------------------------------------- timeline


def themes() -> dict[str, str]:
    """Label of each theme of the timeline by id, in reading order."""
    return dict(catalogue.toml("text/story")["theme"])


def systems() -> list[str]:
    """Every system an event names, Norfolk and Waveney first, then England, then by name."""
    events = catalogue.table("timeline")
    named = {name.strip() for names in events.systems_named.dropna() for name in names.split(";")} | set(events.system)
    first = [NORFOLK_AND_WAVENEY, "England"]
    return first + sorted(named - set(first))


def events(theme: str | None = None, system: str | None = None) -> pd.DataFrame:
    """Events in order of date, with the words a reader needs and the source of each.

    Columns: event_id, date (ISO, as precise as known), day (the first day it can mean, to draw it by),
    year, when (words), event, system, theme, theme_label, source, publisher, link (None where only a
    repost of the source was seen), sure (False where the source was not seen), note.
    ``system`` finds events of that system and events that name it. Raises ``StoryError``.
    """
    frame = catalogue.table("timeline")
    if theme is not None:
        frame = frame[frame.kind == _choice(theme, list(themes()), "theme")]
    if system is not None:
        _choice(system, systems(), "system")
        named = frame.systems_named.fillna("").map(lambda names: system in [n.strip() for n in names.split(";")])
        frame = frame[(frame.system == system) | named]
    frame = frame.sort_values(["date", "event_id"], kind="stable")
    return pd.DataFrame(
        {
            "event_id": frame.event_id,
            "date": frame.date,
            "day": (frame.date.str.split("/").str[0] + "-01-01").str[:10],
            "year": frame.date.str[:4].astype("int64"),
            "when": [when(d, p) for d, p in zip(frame.date, frame.date_precision, strict=True)],
            "event": frame.event,
            "system": frame.system,
            "theme": frame.kind,
            "theme_label": frame.kind.map(themes()),
            "source": frame.source,
            "publisher": frame.source_publisher,
            "link": frame.source_address.where(
                frame.source_address.str.startswith("http")
                & ~(frame.source + frame.source_publisher).str.contains("mirrored|repost", case=False)
            ),
            "sure": frame.provenance == "found",
            "note": frame.note,
        }
    ).reset_index(drop=True)


def busiest_year(events: pd.DataFrame) -> tuple[int, int]:
    """The year with most of these events and how many; the latest of equals."""
    counts = events.year.value_counts()
    year = int(counts[counts == counts.max()].index.max())
    return year, int(counts[year])


def chapters() -> list[tuple[str, str]]:
    """The story in a few paragraphs, title and text, its dates and counts filled in from the data."""
    return [(c["title"], c["text"].format_map(_fields())) for c in catalogue.toml("text/story")["chapter"]]


def when(date: str, precision: str = "day") -> str:
    """A date or period of any table in words, no more precise than it is known.

    >>> when("2018-01/2018-03"), when("2020-12-08", "day of report"), when("2025-04 to 2025-07"), when("2023-24")
    ('January to March 2018', 'reported 8 December 2020', 'April to July 2025', '2023/24')
    """
    start, _, end = date.replace(" to ", "/").partition("/")
    if _ISO.fullmatch(start) and _ISO.fullmatch(end):
        first = _words(start)
        return f"{first.rpartition(' ')[0] or first if start[:4] == end[:4] else first} to {_words(end)}"
    if _ISO.fullmatch(date):
        return ("reported " if precision == "day of report" else "") + _words(date)
    return _FINANCIAL_YEAR.sub(r"\1/\2", date)


_ISO = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
_FINANCIAL_YEAR = re.compile(r"\b(20\d\d)-(\d\d)\b")


def _words(iso: str) -> str:
    """2020-12-08 as 8 December 2020; a month or a year as far as it goes."""
    year, *rest = iso.split("-")
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    month = [MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*day, *month, year])


def _choice(value: str, allowed: list[str], what: str) -> str:
    if value in allowed:
        return value
    near = get_close_matches(str(value), allowed, n=3, cutoff=0.4) or allowed[:12]
    raise StoryError(f"There is no {what} {str(value)[:40]!r}. Choose one of: {', '.join(near)}.")


# ------------------------------------------------------------------------------- who was in it, and now


def partners() -> pd.DataFrame:
    """The 19 organisations of the 2018 bid and what each is now.

    Columns: line (of the bid), organisation, org_type, role, status, now (a sentence), lat, lon
    (head office, EPSG:4326, blank where not found), source, note.
    """
    table = catalogue.table("partners")
    bid = table[table.in_2018_eoi == "yes"]
    return pd.DataFrame(
        {
            "line": bid.eoi_line.astype("int64"),
            "organisation": bid.organisation,
            "org_type": bid.org_type,
            "role": bid.role,
            "status": bid.status_now,
            "now": [_now(row, table) for row in bid.itertuples()],
            "lat": bid.hq_lat,
            "lon": bid.hq_lon,
            "source": bid.status_source,
            "note": bid.note,
        }
    ).reset_index(drop=True)


def _now(row: object, table: pd.DataFrame) -> str:
    if row.status_now == "not checked":
        return "Not checked: no source found in the material used here."
    if row.status_now == "active":
        return f"Still in being, seen in {when(row.status_as_of)}."
    chain, name = [], row.successor
    changed = row.changed_on
    while isinstance(name, str):
        chain.append(f"{name} from {when(changed)}")
        following = table[(table.organisation == name) & table.successor.notna()]
        name, changed = (None, None) if following.empty else (following.successor.iloc[0], following.changed_on.iloc[0])
    return "Became " + ", then ".join(chain) + "."


# What became of an organisation, in the words of a key; who was not checked has no place on a map.
_FATES = {
    "merged": "Merged into one commissioner",
    "renamed after merger": "In being under a new name",
    "active": "Still in being",
}


def fates() -> dict[str, str]:
    """How many of the organisations of the bid met which fate, small counts in words: merged, renamed, active, unchecked, all."""
    counts = partners().status.value_counts()
    named = {"merged": "merged", "renamed": "renamed after merger", "active": "active", "unchecked": "not checked"}
    return {name: _spoken(counts.get(status, 0)) for name, status in named.items()} | {"all": _spoken(counts.sum())}


def head_offices() -> dict[str, pd.DataFrame]:
    """Head offices for a map, by what became of the organisation: code, name, lat, lon, text (EPSG:4326)."""
    known = partners().dropna(subset=["lat", "lon"])
    known = known.assign(code="line-" + known.line.astype(str), name=known.organisation, text=known.now)
    return {
        words: known.loc[known.status == status, ["code", "name", "lat", "lon", "text"]]
        for status, words in _FATES.items()
    }


def local() -> pd.DataFrame:
    """The places and the health and wellbeing partnerships in one table.

    Columns: level, name, part_of (what a place follows, or the place a partnership lies in), districts,
    hospital, sure (high, medium or low confidence), detail (hospital and confidence in words), note.
    Source: ``local_structure``.
    """
    both = [
        structure(level).assign(level=level.capitalize()) for level in ("place", "health and wellbeing partnership")
    ]
    frame = pd.concat(both, ignore_index=True)
    hospital = ("Main acute hospital: " + frame.main_acute_hospital + ". ").fillna("")
    return pd.DataFrame(
        {
            "level": frame.level,
            "name": frame["name"],
            "part_of": ("Place, follows " + frame.predecessor_ccg).fillna("In " + frame.parent),
            "districts": frame.districts,
            "hospital": frame.main_acute_hospital,
            "sure": frame.confidence,
            "detail": hospital + "How sure: " + frame.confidence + ".",
            "note": frame.note,
        }
    )


def local_counts() -> dict[str, str]:
    """How many places and partnerships there are, in words."""
    return {
        "places": _spoken(len(structure("place"))),
        "partnerships": _spoken(len(structure("health and wellbeing partnership"))),
    }


def structure(level: str) -> pd.DataFrame:
    """Parts of the system: ``level`` is system, place, health and wellbeing partnership, or primary care network.

    Columns: name, parent, predecessor_ccg, districts, pcns, main_acute_hospital, provenance, confidence
    (high, medium, low), note. Raises ``StoryError`` for another level.
    """
    table = catalogue.table("local_structure")
    _choice(level, list(dict.fromkeys(table.level)), "level")
    columns = [
        "name",
        "parent",
        "predecessor_ccg",
        "districts",
        "pcns",
        "main_acute_hospital",
        "provenance",
        "confidence",
        "note",
    ]
    return table.loc[table.level == level, columns].reset_index(drop=True)


# ------------------------------------------------------------------------------------ then and now


def documents() -> pd.DataFrame:
    """The founding documents: document_id, title, publisher, date (ISO or "undated"), address, note."""
    return catalogue.table("founding_documents")


def founding() -> pd.DataFrame:
    """Every row of the four founding tables in one frame, a row each.

    Columns: ref (FCT-01, PRJ-01, COM-01, FIN-01 ...), kind (fact, projection, commitment, finance),
    document_id, document, system, topic, then (what the document says, reworded), figure (as written
    there, or the number counted from it), value, unit, as_at, numeric (whether it holds a figure), note.
    """
    parts = [_facts(), _projections(), _commitments(), _finance()]
    frame = pd.concat(parts, ignore_index=True)
    titles = documents().set_index("document_id")
    frame.insert(3, "document", frame.document_id.map(titles.title))
    frame["numeric"] = frame.value.notna() | frame.figure.notna()
    counted = frame.figure.isna() & frame.value.notna()
    units = frame.unit.where(frame.kind == "finance", "")
    frame.loc[counted, "figure"] = [_amount(v, u) for v, u in zip(frame.value[counted], units[counted], strict=True)]
    return frame


def _facts() -> pd.DataFrame:
    t = catalogue.table("founding_facts")
    return pd.DataFrame(
        {
            "ref": t.fact_id,
            "kind": "fact",
            "document_id": t.document_id,
            "system": t.system,
            "topic": t.topic,
            "then": t.fact,
            "figure": t.figure_as_stated,
            "value": t.value,
            "unit": t.unit,
            "as_at": t.as_at,
            "note": t.note,
        }
    )


def _projections() -> pd.DataFrame:
    t = catalogue.table("founding_projections")
    return pd.DataFrame(
        {
            "ref": t.projection_id,
            "kind": "projection",
            "document_id": t.document_id,
            "system": t.area,
            "topic": t.topic,
            "then": t.description,
            "figure": t.figure_as_stated,
            "value": t.change_value.astype("float64"),
            "unit": t.unit,
            "as_at": t.end_year.map(str),
            "note": t.note,
        }
    )


def _commitments() -> pd.DataFrame:
    t = catalogue.table("founding_commitments")
    value = t.target_value.fillna(t.change_value).fillna(t.change_pct).astype("float64")
    return pd.DataFrame(
        {
            "ref": t.commitment_id,
            "kind": "commitment",
            "document_id": t.document_id,
            "system": NORFOLK_AND_WAVENEY,
            "topic": t.section,
            "then": t.commitment,
            "figure": t.figure_as_stated,
            "value": value,
            "unit": t.unit,
            "as_at": t.deadline_as_stated,
            "note": t.note,
        }
    )


def _finance() -> pd.DataFrame:
    t = catalogue.table("founding_finance")
    millions = t.value_gbp.astype("float64") / 1e6
    unit = millions.notna().map({True: "£ million", False: "%"})
    system = t.document_id.map(lambda d: "Sussex" if d == "four-new-systems" else NORFOLK_AND_WAVENEY)
    return pd.DataFrame(
        {
            "ref": t.finance_id,
            "kind": "finance",
            "document_id": t.document_id,
            "system": system,
            "topic": t["item"],
            "then": t.description,
            "figure": t.figure_as_stated,
            "value": millions.fillna(t.value_pct),
            "unit": unit,
            "as_at": t.period,
            "note": t.note,
        }
    )


def then_and_now(
    ref: str | None = None, *, document: str | None = None, link: str | None = None, statements: bool = True
) -> pd.DataFrame:
    """Each founding figure beside what has been published since; a figure may have several rows.

    Columns of ``founding`` plus: link (same, related, none, moment), link_label, says (what the
    published figure is), now_value, now_unit, period, now (the words for the screen), source,
    caution, official_dataset (where a figure, or a better one, would be found), verdict (of promises
    the ambitions judge: kept, not kept, cannot be told). ``ref`` picks one
    figure, ``document`` a document_id, ``link`` a kind of match; ``statements=False`` leaves out
    statements without a figure. Raises ``StoryError`` for an unknown ref, document or match.
    """
    frame = _then_and_now()
    if ref is not None:
        frame = frame[frame.ref == _choice(ref, list(dict.fromkeys(frame.ref)), "founding figure")]
    if document is not None:
        frame = frame[frame.document_id == _choice(document, list(documents().document_id), "founding document")]
    if link is not None:
        frame = frame[frame.link == _choice(link, list(LINKS), "match")]
    if not statements:
        frame = frame[frame.numeric]
    return frame.reset_index(drop=True)


def follow_up() -> pd.DataFrame:
    """How many founding figures can be followed up, and how well, each counted once by its best match.

    Columns: link, link_label, figures. Statements without a figure are left out.
    """
    frame = _then_and_now()
    order = {link: place for place, link in enumerate(LINKS)}
    best = frame[frame.numeric].assign(place=lambda f: f.link.map(order)).groupby("ref").place.min()
    counts = best.value_counts()
    return pd.DataFrame(
        [{"link": link, "link_label": LINKS[link], "figures": int(counts.get(order[link], 0))} for link in LINKS]
    )


@cache
def _then_and_now() -> pd.DataFrame:
    matches = catalogue.table("then_and_now")
    readings = pd.DataFrame([_reading(row) for row in matches.itertuples()], index=matches.index)
    found = matches[["ref", "link", "says", "official_dataset"]].join(readings).assign(caution=matches.note)
    found = pd.concat([found, _promised()], ignore_index=True)
    frame = founding().merge(found, on="ref", how="left")
    frame["link"] = frame.link.fillna("moment")
    frame["now"] = frame.now.fillna(MOMENT)
    frame["link_label"] = frame.link.map(LINKS)
    return frame


def _promised() -> pd.DataFrame:
    """The promises of 2018 that the ambitions follow up and judge, in the columns of ``then_and_now``."""
    promised = promises.listed()
    held = promised.evidence != NOT_FOUND
    told = promised.verdict != "cannot be told"
    missing = NOT_FOUND + ". Official data set: " + promised.dataset + "."
    return pd.DataFrame(
        {
            "ref": promised.commitment_id,
            "link": told.map({True: "same", False: "related"}).where(held, "none"),
            "official_dataset": promised.dataset.mask(held),
            "now": (promised.evidence.str.rstrip(".") + ".").where(held, missing),
            "source": promised.source.where(held),
            "caution": promised.reason,
            "verdict": promised.verdict,
        }
    )


def _reading(match: object) -> dict:
    """The published figure a row of ``then_and_now`` points to, in the words for the screen."""
    if match.link == "none":
        return {
            "now_value": None,
            "now_unit": None,
            "period": None,
            "now": f"{NOT_FOUND}. Official data set: {match.official_dataset}.",
            "source": None,
        }
    if match.link == "moment":
        return {"now_value": None, "now_unit": None, "period": None, "now": f"{MOMENT}.", "source": None}
    rows = _rows(match.table, match.where)
    if match.take == "event":
        event = rows.iloc[0]
        return {
            "now_value": None,
            "now_unit": None,
            "period": event.date,
            "now": f"{match.says}: {event.event}, {when(event.date, event.date_precision)}.",
            "source": f"{event.source_publisher}, {event.source}",
        }
    value, period = _take(match, rows)
    unit = match.unit if isinstance(match.unit, str) else ""
    period = match.period if isinstance(match.period, str) else period
    sign = " since " in match.take
    said = when(value) if isinstance(value, str) else ("+" if sign and value > 0 else "") + _amount(value, unit)
    dated = f", {when(period)}" if period else ""
    return {
        "now_value": None if isinstance(value, str) else float(value),
        "now_unit": unit,
        "period": period,
        "now": f"{match.says}: {said}{dated}.",
        "source": match.source
        if isinstance(match.source, str)
        else _source(match.table, rows.iloc[-1] if len(rows) else None),
    }


# How the rows of a table follow each other, and how their period is written.
_ORDER = {
    "observations": "period_end",
    "reported_values": "date",
    "targets": "target_date",
    "system_observations": "year",
    "local_activity": "period",
    "timeline": "date",
}
_PERIOD = _ORDER | {"observations": "period_label"}


def _rows(table: str, where: object) -> pd.DataFrame:
    """Rows of ``table`` for which every ``column=value`` holds; ``|`` parts alternatives, ``&`` conditions."""
    frame = catalogue.table(table)
    for condition in where.split("&") if isinstance(where, str) else ():
        column, _, values = condition.partition("=")
        frame = frame[frame[column].astype(str).isin(values.split("|"))]
    return frame.sort_values(_ORDER[table], kind="stable") if table in _ORDER else frame


def _take(match: object, rows: pd.DataFrame) -> tuple[float | str, str | None]:
    """The value a match asks for, and the period it is about."""
    if match.take == "count":
        return len(rows), None
    if match.take == "sum":
        return rows[match.column].sum(), None
    if match.take == "names":
        return " and ".join(dict.fromkeys(rows[match.column])), None
    if rows.empty:
        raise StoryError(f"then_and_now, {match.ref}: no row in {match.table} where {match.where}.")
    period = rows[_PERIOD[match.table]] if match.table in _PERIOD else None
    if match.take == "latest":
        return rows[match.column].iloc[-1], None if period is None else period.iloc[-1]
    how, since = match.take.split(" since ")
    values = rows[match.column].astype("float64")
    if "period_start" in rows:  # a monthly series: twelve months against twelve months
        ends = rows.period_end.str[:7]
        now, then = (_year(values, ends, end) for end in (ends.iloc[-1], since))
        return now - then if how == "change" else 100 * (
            now / then - 1
        ), f"12 months to {when(ends.iloc[-1])} against 12 months to {when(since)}"
    return values.iloc[-1] - values[period == since].iloc[0], f"{period.iloc[-1]} against {since}"


def _year(values: pd.Series, ends: pd.Series, end: str) -> float:
    months = [str(m) for m in pd.period_range(end=end, periods=12, freq="M")]
    year = values[ends.isin(months)].dropna()
    if len(year) != 12:
        raise StoryError(f"Twelve months to {end} are needed for a yearly total; {len(year)} are held.")
    return year.sum()


def _source(table: str, row: object) -> str:
    if row is not None and "source_title" in row and isinstance(row["source_title"], str):
        return f"{row['source_publisher']}, {row['source_title']}"
    if table == "observations":
        known = catalogue.table("indicators").set_index("indicator_id").loc[row["indicator_id"]]
        return f"{known.publisher}, {known.official_dataset}"
    source = catalogue.source(table)
    return f"{source.publisher}, {source.title}"


def _number(value: float) -> str:
    """A number as people read it; minus signs are minus signs."""
    digits = 0 if abs(value) >= 1000 or float(value).is_integer() else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{digits}f}".replace("-", "−")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(value: float, unit: str) -> str:
    """A number with its unit: 5.6%, 20 networks, −£96 million."""
    if unit.startswith("£ "):
        return f"{'−' if value < 0 else ''}£{_number(abs(value))}{unit[1:]}"
    return f"{_number(value)}{'' if unit.startswith('%') else ' '}{unit}".strip()


def _spoken(value: float) -> str:
    """A number in running text: small counts as words."""
    return SMALL[int(value)] if value in range(len(SMALL)) else _number(value)


# ---------------------------------------------------------------------------------- disagreements


@dataclass(frozen=True)
class Disagreement:
    """A question on which sources differ: what each says, and how this site reads it.

    ``claims`` has a row a source: claim, when, source, note.
    """

    id: str
    question: str
    reading: str
    claims: pd.DataFrame


def disagreements() -> tuple[Disagreement, ...]:
    """The questions on which the sources differ, each with every claim and its source."""
    return _disagreements()


@cache
def _disagreements() -> tuple[Disagreement, ...]:
    known, facts, words = catalogue.table("timeline").set_index("event_id"), founding().set_index("ref"), _fields()
    return tuple(
        Disagreement(
            record["id"],
            record["question"],
            record["reading"].format_map(words),
            pd.DataFrame(
                [_claim(claim, known, facts, words) for claim in record["claim"]],
                columns=["claim", "when", "source", "note"],
            ),
        )
        for record in catalogue.toml("text/story")["disagreement"]
    )


@cache
def _fields() -> Mapping[str, str]:
    """What the texts may ask for: the date of each event, the value of each founding figure (small counts in words), counts."""
    events = catalogue.table("timeline")
    dates = {i: when(d, p) for i, d, p in zip(events.event_id, events.date, events.date_precision, strict=True)}
    return (
        dates
        | founding().set_index("ref").value.dropna().map(_spoken).to_dict()
        | {name: str(count()) for name, count in _COUNTS.items()}
    )


_COUNTS: dict[str, Callable[[], int]] = {
    "networks_to_2024": lambda: len(_rows("pcns", "pcn_set=original_17")),
    "networks_now": lambda: len(_rows("pcns", "pcn_set=current_20")),
    "organisations": lambda: len(partners()),
    "systems_named_by_may_2020": lambda: len(
        _rows(
            "systems",
            "announced_wave=Wave 1 accountable care system|Wave 1 devolved health system|Wave 2|June 2019|May 2020",
        )
    ),
}


def _claim(claim: Mapping[str, str], events: pd.DataFrame, facts: pd.DataFrame, words: Mapping[str, str]) -> tuple:
    ref = claim.get("ref", "")
    if ref in events.index:
        event = events.loc[ref]
        return event.event, words[ref], f"{event.source_publisher}, {event.source}", event.note
    if ref in facts.index:
        fact = facts.loc[ref]
        figure = f"{fact.then}: {fact.figure}" if isinstance(fact.figure, str) else fact.then
        return figure, when(fact.as_at), fact.document, fact.note
    return claim["says"].format_map(words), claim["when"], claim["source"], claim.get("note")
