"""One search over towns and villages, postcodes, practices, networks, areas, measures, systems and pages."""

from __future__ import annotations

from ics_core.geography import gazetteer
from ics_core.search.entries import KINDS, PLACES, Hit
from ics_core.search.index import MOST_CHARACTERS, everything, places, words_of

__all__ = ["KINDS", "PLACES", "Hit", "find", "place"]


def find(text: object, n: int = 8) -> list[Hit]:
    """The ``n`` best finds for what somebody typed: a name, a code, a postcode or a question, slips forgiven.

    Whole towns come before their small areas; a name that is no more says in ``detail`` what became of it. Any text
    is taken: one that finds nothing gives an empty list.

    >>> [hit.name for hit in find("sherringham", n=1)], find("nr27 0ht", n=1)[0].name
    (['Sheringham'], 'NR27 0')
    """
    typed = str(text)
    sector = gazetteer.sector(typed)
    found = everything().find(sector or typed)
    if " " in sector and (not found or found[0].code != sector):
        # A whole postcode from elsewhere is nowhere here; the beginning of a code may look like one.
        found = [] if typed.strip()[-1:].isalpha() else everything().find(typed)
    unlike: dict[tuple[str, str], Hit] = {}
    for hit in found:
        unlike.setdefault((hit.kind, hit.code), hit)
        if len(unlike) == n:
            break
    return list(unlike.values())


def place(text: object) -> Hit | None:
    """The one place, practice or network that an address means; None where nothing is called that.

    Codes and names in any case, with marks around them, broken lines, ``&amp;``, and old or other names.

    >>> place(" e07000148. ").name, place("East Suffolk").query["place"]
    ('Norwich', 'E07000206')
    """
    return places().get("".join(words_of(str(text)[:MOST_CHARACTERS])))
