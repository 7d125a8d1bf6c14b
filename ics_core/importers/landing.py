"""From rows to the data folder: what would change, and then tables, sources, derived columns and the change log."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from ics_core import catalogue, words
from ics_core.errors import LandingError
from ics_core.importers import Imported, checks, rebuild, transaction
from ics_core.importers.log import CHANGES, KINDS
from ics_core.importers.store import Store, said

_VALUES = ("value", "numerator", "denominator")
_LOG = "landing landed publication period released file sha256 table_name kind key column old new".split()


@dataclass(frozen=True)
class Change:
    """One value that a landing changes: ``kind`` is new, revised or dropped; ``key`` names the row."""

    table: str
    kind: str
    key: str
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Plan:
    """What landing one file would do: every change, and what to look at first."""

    imported: Imported
    changes: tuple[Change, ...]
    suspicious: tuple[str, ...]
    same: int
    rows: pd.DataFrame = field(repr=False)
    source_id: str = ""

    def count(self, kind: str) -> int:
        """Rows of that kind."""
        return len({(change.table, change.key) for change in self.changes if change.kind == kind})

    @property
    def what(self) -> str:
        """What the file is: publication, publisher, what it is of and when it came out."""
        found = self.imported
        released = f"released {words.day(found.released)}" if found.released else "release date not in the file"
        return f"{found.publication} ({found.publisher}), {found.period}, {released}"

    @property
    def counts(self) -> str:
        """How many rows were read, and how many are new, revised, dropped and as held."""
        kinds = [f"{self.count(kind):,} {kind}" for kind in KINDS]
        read = words.plural(self.imported.rows_read, "row")
        tables = words.listed([self.imported.table, *self.imported.more])
        return f"{read} read, {', '.join(kinds)}, {self.same:,} as held; table {tables}"


@dataclass(frozen=True)
class Origin:
    """What a file does not say of itself: when it was released and where this copy was obtained."""

    released: str = ""
    repository: str = ""
    commit: str = ""
    path: str = ""
    copied: str = ""


def plan(imported: Imported, origin: Origin = Origin(), held: Store | None = None) -> Plan:
    """What would change if these rows landed, compared with what is held."""
    store = held or Store(catalogue.DATA)
    if origin.released and not imported.released:
        imported = replace(imported, released=origin.released)
    if imported.table == "observations":
        return _plan_observations(imported, store)
    if _whole(imported):
        return _plan_people(imported, store)
    return _plan_columns(imported, store)


# -------------------------------------------------------------------------------------------- plan


def _plan_observations(imported: Imported, store: Store) -> Plan:
    key = catalogue.describe("observations")["schema"]["primaryKey"]
    held, rows = store.table("observations"), imported.frame
    indicators = store.table("indicators").set_index("indicator_id")
    names, units = indicators["name"].to_dict(), indicators["unit"].to_dict()
    touched = held[held["indicator_id"].isin(rows["indicator_id"])]
    both = rows.merge(touched[[*key, *_VALUES, "source_id"]], on=key, how="left", suffixes=("", "_old"), indicator=True)
    fresh = rows[(both["_merge"] == "left_only").to_numpy()]
    known = both[both["_merge"] == "both"].assign(old=lambda frame: frame["value_old"])
    moved = known[_moved(known)]
    changes = [
        Change("observations", "new", _key(row, key), "value", "", said(row["value"]))
        for row in fresh.to_dict("records")
    ]
    for row in moved.to_dict("records"):
        for column in _VALUES:
            old, new = row[f"{column}_old"], row[column]
            if not (math.isnan(old) or math.isnan(new)) and old != new or column == "value":
                changes.append(Change("observations", "revised", _key(row, key), column, said(old), said(new)))
    gone = _withdrawn(touched, rows, key, imported)
    changes += [
        Change("observations", "dropped", _key(row, key), "value", said(row["value"]), "")
        for row in gone.to_dict("records")
    ]
    suspicious = [
        *imported.suspicious,
        *checks.periods(rows),
        *checks.odd_shares(rows, units),
        *checks.jumps(fresh, touched, names),
        *checks.revisions(moved, touched, names),
        *(
            f"{row['indicator_id']}, {row['area_code']}, {row['period_label']} is held but not in the file"
            for row in gone.to_dict("records")
        ),
        *_older(moved, imported, store),
    ]
    wanted = pd.concat([fresh, rows[rows.index.isin(both.index[both["_merge"] == "both"][_moved(known)])]])
    return Plan(
        imported,
        tuple(changes),
        tuple(dict.fromkeys(suspicious)),
        len(known) - len(moved),
        wanted,
        source_id=_source_id(imported),
    )


def _moved(known: pd.DataFrame) -> pd.Series:
    differs = (known["value"] - known["value_old"]).abs() > 5e-4
    for column in ("numerator", "denominator"):
        differs |= (known[column] - known[f"{column}_old"]).abs() > 0.5
    return differs


def _withdrawn(held: pd.DataFrame, rows: pd.DataFrame, key: list[str], imported: Imported) -> pd.DataFrame:
    """Rows held of the file's own months, measures and areas that it no longer has."""
    from ics_core.importers import publications

    scope = next((p.areas for p in publications() if p.id == imported.publication_id), ())
    place = ["indicator_id", "period_start", "period_end"]
    same = held.merge(rows[place].drop_duplicates(), on=place)
    same = same[same["area_code"].isin(scope)]
    left = same.merge(rows[key], on=key, how="left", indicator=True)
    return left[left["_merge"] == "left_only"]


def _older(moved: pd.DataFrame, imported: Imported, store: Store) -> list[str]:
    """A file released before what it would overwrite was copied may take a revision back."""
    sources = {row["source_id"]: row for row in store.rows("indicator_sources")}
    found = []
    for source_id in moved["source_id_old"].unique():
        source = sources.get(source_id, {})
        since = source.get("released") or source.get("snapshot_date", "")
        undated = source.get("released") and not imported.released
        if undated or imported.released and since > imported.released:
            released = f"was released on {words.day(imported.released)}" if imported.released else "has no release date"
            found.append(
                f"the file {released}, and what is held ({source_id}) is of {words.day(since)}: landing it may take a "
                "revision back"
            )
    return found


def _plan_columns(imported: Imported, store: Store) -> Plan:
    """Some columns of rows that exist: the frame's first column is the key, its attrs name the date it is as of."""
    held = {row[imported.frame.columns[0]]: row for row in store.rows(imported.table)}
    key, *columns = list(imported.frame.columns)
    changes, same = [], 0
    for row in imported.frame.to_dict("records"):
        before = held[row[key]]
        moved = [c for c in columns if said(row[c]) != before[c]]
        same += not moved
        changes += [Change(imported.table, "revised", row[key], c, before[c], said(row[c])) for c in moved]
    return Plan(imported, tuple(changes), imported.suspicious, same, imported.frame)


def _whole(imported: Imported) -> bool:
    """Whether the rows have all columns of their table, so that they can be added to it."""
    return list(imported.frame) == [field["name"] for field in catalogue.describe(imported.table)["schema"]["fields"]]


def _plan_people(imported: Imported, store: Store) -> Plan:
    """Whole rows of tables of people, told by area and year: so many people before, so many now."""
    changes, suspicious, same = [], [*imported.suspicious], 0
    for table, frame in _tables(imported).items():
        key = catalogue.describe(table)["schema"]["primaryKey"]
        held = store.table(table)
        both = frame.merge(held[[*key, "population"]], on=key, how="left", suffixes=("", "_held"))
        old = both["population_held"]
        differs = (both["population"] - old).abs().gt(0.005) | old.isna()
        same += int((~differs).sum())
        moved = both[["area_code", "year"]].merge(both.loc[differs, ["area_code", "year"]].drop_duplicates())
        if "sex" in both and {"persons", "female"} <= set(both["sex"]):
            both = both[both["sex"] == "persons"]
        if "age_group" in both:
            both = both[both["age_group"] == "All ages"]
        sums = both.groupby(["area_code", "year"])[["population", "population_held"]].sum(min_count=1)
        for (code, year), (now, before) in sums.loc[sums.index.isin(list(moved.itertuples(index=False)))].iterrows():
            kind, was = ("new", "") if math.isnan(before) else ("revised", said(round(before, 2)))
            changes.append(Change(table, kind, f"{code} {year}", "population", was, said(round(now, 2))))
            suspicious += checks.odd_growth(held, frame, code, year)
    return Plan(imported, tuple(changes), tuple(dict.fromkeys(suspicious)), same, imported.frame)


def _tables(imported: Imported) -> dict[str, pd.DataFrame]:
    return {imported.table: imported.frame, **imported.more}


def _key(row: dict, key: list[str]) -> str:
    return " ".join(str(row[column]) for column in key)


def _source_id(imported: Imported) -> str:
    return f"S_{imported.publication_id.upper()}_{imported.sha256[:8]}"


# -------------------------------------------------------------------------------------------- land


def land(plans: Sequence[Plan], origin: Origin = Origin()) -> str:
    """Puts every plan into the data folder, the oldest release first, all or nothing; returns what was done in words.

    Refused where the data changed since the plans were made: what lands is what was shown.
    """
    plans = sorted((one for one in plans if one.changes), key=lambda one: one.imported.released)
    if not plans:
        return "Nothing to land: everything in the file is held already."
    with transaction.changing(catalogue.DATA) as (copy, number):
        store = Store(copy)
        if any(plan(one.imported, origin, store).changes != one.changes for one in plans):
            raise LandingError("The data changed since these differences were worked out. Read the files again.")
        for one in plans:
            again = plan(one.imported, origin, store)  # an earlier file of the same landing may have changed it
            _apply(again, store, origin)
            _log(again, store, number)
        _date(copy)
    return (
        f"Landed {number}: {words.plural(sum(len(one.changes) for one in plans), 'change')}. To take it back: "
        "python -m ics_core.importers --undo"
    )


def _date(folder: Path) -> None:
    """The package was put together anew today: ages of figures are counted to that day."""
    head = folder / "package.toml"
    text = head.read_text(encoding="utf-8")
    dated = re.sub(r'(?m)^created = "[^"]*"', f'created = "{date.today().isoformat()}T00:00:00Z"', text, count=1)
    head.write_text(dated, encoding="utf-8", newline="\n")


def _apply(one: Plan, store: Store, origin: Origin) -> None:
    if one.imported.table == "observations":
        _apply_observations(one, store)
        _apply_source(one, store, origin)
        return
    if _whole(one.imported):
        for table in {change.table for change in one.changes}:
            _apply_people(table, _tables(one.imported)[table], store)
            _add_source(one.imported, table, store, origin)
        return
    rows = store.rows(one.imported.table)
    key = one.imported.frame.columns[0]
    by_key = {row[key]: row for row in rows}
    for change in one.changes:
        by_key[change.key][change.column] = change.new
    store.write(one.imported.table, rows, list(rows[0]))
    _attribute(one.imported, one.imported.table, list(one.imported.frame.columns[1:]), store, origin)
    for maker in rebuild.MAKERS:  # networks follow from their practices
        if one.imported.table in maker.inputs and maker.table != one.imported.table:
            cells = maker.differences(store.table)
            rebuild.put(store, maker, cells)
            same = [c for c in cells["column"].unique() if c.startswith(tuple(one.imported.frame.columns))]
            _attribute(one.imported, maker.table, same, store, origin)


def _apply_people(table: str, frame: pd.DataFrame, store: Store) -> None:
    """Puts whole rows into a table, each in place of the one with its key, and new ones after the others."""
    key = catalogue.describe(table)["schema"]["primaryKey"]
    if store.path(table).suffix == ".parquet":
        held = store.table(table)
        whole = pd.concat([held, frame]).drop_duplicates(key, keep="last").set_index(key)
        order = pd.concat([held[key], frame[key]]).drop_duplicates()
        whole = whole.loc[pd.MultiIndex.from_frame(order)].reset_index()[list(held)]
        whole.astype(held.dtypes.to_dict()).to_parquet(store.path(table), index=False)
        return
    rows = {tuple(row[k] for k in key): row for row in store.rows(table)}
    columns = list(next(iter(rows.values())))
    for fresh in frame.to_dict("records"):
        row = {column: said(fresh[column]) for column in columns}
        rows[tuple(row[k] for k in key)] = row
    store.write(table, list(rows.values()), columns)


def _add_source(found: Imported, table: str, store: Store, origin: Origin) -> None:
    """Names the file in a table's descriptor as its newest source; the rhythm of the table goes with it."""
    path = store.path(table).with_suffix(".toml")
    text = path.read_text(encoding="utf-8")
    every = re.search(r"(?m)^every_months = .*$", text)
    text = text.replace(f"{every[0]}\n", "", 1) if every else text
    dated = replace(found, publication=f"{found.publication}, {found.period}")
    at = text.index("[[sources]]")
    path.write_text(text[:at] + _source_block(dated, origin, every) + text[at:], encoding="utf-8", newline="\n")


def _attribute(found: Imported, table: str, columns: Sequence[str], store: Store, origin: Origin) -> None:
    """Names the file in a table's descriptor as the source of those columns, in place of one no column has any more."""
    path = store.path(table).with_suffix(".toml")
    blocks = re.split(r"(?m)^(?=\[)", path.read_text(encoding="utf-8"))
    before = {}
    for at, block in enumerate(blocks):
        name = re.match(r"\[fields\.(\w+)\]", block)
        if name and name[1] in columns and (source := re.search(r'(?m)^source = (".*")$', block)):
            before[source[1]] = None
            blocks[at] = block.replace(source[0], f"source = {json.dumps(found.publication, ensure_ascii=False)}")
    for old in before:
        at = next(
            at for at, block in enumerate(blocks) if block.startswith("[[sources]]") and f"title = {old}" in block
        )
        fresh = _source_block(found, origin, every=re.search(r"(?m)^every_months = .*$", blocks[at]))
        if not any(block.startswith("[fields.") and f"source = {old}\n" in block for block in blocks):
            blocks[at] = fresh
        elif fresh not in blocks:
            blocks.insert(at, fresh)
    unique = list(dict.fromkeys(blocks))
    path.write_text("".join(unique), encoding="utf-8", newline="\n")


def _source_block(found: Imported, origin: Origin, every: re.Match[str] | None) -> str:
    copy = " ".join(filter(None, [f"{origin.repository}@{origin.commit}".strip("@"), origin.path or found.file]))
    given = {
        "publisher": found.publisher,
        "title": found.publication,
        "released": found.released,
        "period": found.period,
        "address": found.address,
        "obtained_from": copy if origin.repository else f"file from the publisher, {found.file}",
        "retrieved": (origin.copied or date.today().isoformat())[:7],
        "note": f"SHA-256 of the file: {found.sha256}",
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in given.items() if value]
    return "\n".join(["[[sources]]", *lines, *([every[0]] if every else [])]) + "\n\n"


def _apply_observations(one: Plan, store: Store) -> None:
    key = catalogue.describe("observations")["schema"]["primaryKey"]
    rows = store.rows("observations")
    columns = list(rows[0])
    gone = {change.key for change in one.changes if change.kind in ("revised", "dropped")}
    fresh = [
        {column: said(value) for column, value in row.items()}
        for row in one.rows.assign(source_id=one.source_id)[columns].to_dict("records")
    ]
    whole = [row for row in rows if _key(row, key) not in gone] + fresh
    store.write("observations", sorted(whole, key=_order), columns)


def _order(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[column] for column in (*checks.SERIES, "period_start"))


def _apply_source(one: Plan, store: Store, origin: Origin) -> None:
    rows = store.rows("indicator_sources")
    columns = list(rows[0])
    found = one.imported
    row = {
        "source_id": one.source_id,
        "repository": origin.repository or "file from the publisher",
        "commit": origin.commit,
        "snapshot_date": origin.copied or date.today().isoformat(),
        "repository_licence": "none stated" if origin.repository else "",
        "path": origin.path + found.file if origin.path.endswith("/") else origin.path or found.file,
        "official_dataset": found.publication,
        "publisher": found.publisher,
        "data_licence": found.licence,
        "kind": "official file, unaltered copy",
        "released": found.released,
        "address": found.address,
        "sha256": found.sha256,
    }
    rows = [other for other in rows if other["source_id"] != one.source_id]
    store.write("indicator_sources", [*rows, {c: row.get(c, "") for c in columns}], columns)


def _log(one: Plan, store: Store, number: str) -> None:
    found = one.imported
    about = {
        "landing": number,
        "landed": date.today().isoformat(),
        "publication": found.publication,
        "period": found.period,
        "released": found.released,
        "file": found.file,
        "sha256": found.sha256,
    }
    rows = store.rows(CHANGES)
    fresh = [
        {**about, "table_name": c.table, "kind": c.kind, "key": c.key, "column": c.column, "old": c.old, "new": c.new}
        for c in one.changes
    ]
    store.write(CHANGES, [*rows, *fresh], _LOG)
