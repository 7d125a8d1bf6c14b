"""``python -m ics_core.importers FILE... [--dry-run]``: shows what official files would change, then lands them."""

from __future__ import annotations

import argparse
import sys
import time

from ics_core import words
from ics_core.errors import ExplorerError
from ics_core.importers import landing, read, transaction
from ics_core.importers.log import KINDS

_SHOWN = 12  # changes listed of each kind; all of them are in the change log


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: done (or would be); 1: a file cannot be read; 3: stopped, for something must be looked at."""
    options = _parser().parse_args(arguments)
    transaction.recover()
    if options.undo:
        print(transaction.undo())
        return 0
    if options.rebuild:
        from ics_core.importers import rebuild

        print("\n".join(rebuild.rebuild()))
        return 0
    if not options.files:
        _parser().error("name at least one file, or --undo or --rebuild")
    origin = landing.Origin(options.released, options.repository, options.commit, options.path, options.copied)
    plans, unread = [], 0
    for file in options.files:
        started = time.monotonic()
        print(f"Reading {file} …", file=sys.stderr, flush=True)
        try:
            plans.append(landing.plan(read(file), origin))
        except ExplorerError as problem:
            unread += 1
            print(f"{problem}\n")
            continue
        print("\n".join(_told(plans[-1])))
        print(f"  ({time.monotonic() - started:.1f} s)\n", file=sys.stderr, flush=True)
    if unread:
        print(f"Nothing landed: {words.plural(unread, 'file')} cannot be used. Mend that or leave it out.")
        return 1
    stopped = [one for one in plans if one.suspicious]
    if stopped and not options.accept:
        print("Nothing landed: look at what is marked “look at”, then land it with --accept.")
        return 3
    if options.dry_run:
        print("Nothing landed: this was a dry run.")
        return 0
    print(landing.land(plans, origin))
    return 0


def _told(one: landing.Plan) -> list[str]:
    told = [f"{one.imported.file}: {one.what}", f"  {one.counts}"]
    for kind in KINDS:
        changes = [c for c in one.changes if c.kind == kind and (kind != "new" or c.column == "value")]
        for change in changes[:_SHOWN]:
            values = {"new": change.new, "revised": f"{change.old} → {change.new}", "dropped": change.old}[kind]
            told.append(f"  {kind}: {change.key} {change.column}: {values}")
        if len(changes) > _SHOWN:
            told.append(f"  {kind}: {len(changes) - _SHOWN:,} more")
    told += [f"  note: {text}" for text in one.imported.problems]
    told += [f"  look at: {text}" for text in one.suspicious]
    return told


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ics_core.importers",
        description="Read official files, show what they would change in data/, and land it: all or nothing.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="a CSV, XLS, XLSX, ODS or zip as published")
    parser.add_argument("--dry-run", action="store_true", help="show what would change and change nothing")
    parser.add_argument("--accept", action="store_true", help="land although something is marked “look at”")
    parser.add_argument("--undo", action="store_true", help="take the last landing back, byte for byte")
    parser.add_argument("--rebuild", action="store_true", help="make the derived tables anew from the inputs kept")
    parser.add_argument("--released", default="", metavar="DATE", help="day of publication, where the file has none")
    parser.add_argument("--repository", default="", help="public repository this copy is from, if not the publisher")
    parser.add_argument("--commit", default="", help="its commit")
    parser.add_argument("--path", default="", help="path of the file in it, or of its folder with a / at the end")
    parser.add_argument("--copied", default="", metavar="DATE", help="day of that commit")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ExplorerError as problem:
        sys.exit(str(problem))
