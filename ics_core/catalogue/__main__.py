"""``python -m ics_core.catalogue`` checks the data package; ``--stamp`` compiles it anew after an intended edit."""

from __future__ import annotations

import argparse
import sys

from ics_core import catalogue
from ics_core.errors import ExplorerError


def main(arguments: list[str]) -> int:
    """Check, or stamp and check; 1 where something is wrong, said on standard output."""
    parser = argparse.ArgumentParser(
        prog="python -m ics_core.catalogue", description="Check the data package against its descriptors and checksums."
    )
    parser.add_argument(
        "--stamp", action="store_true", help="compile data/datapackage.json anew, after an intended edit"
    )
    try:
        if parser.parse_args(arguments).stamp:
            changed = catalogue.stamp()
            print(f"Stamped: {', '.join(changed)}." if changed else "Nothing had changed.")
        problems = catalogue.damaged()
    except ExplorerError as problem:
        problems = [str(problem)]
    print("\n".join(problems) or "Every file matches its descriptor and checksum.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
