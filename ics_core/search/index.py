"""Finding by name: typed as people type, with slips, in any case, half a word or a question.

Every name is cut into words, and each word known by itself, by its beginning and with up to two slips (a letter
left out, added, changed, or two swapped). A name is the better the less has to be forgiven.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations

from ics_core.search.entries import KINDS, PLACES, Entry, Hit, entries

MOST_CHARACTERS, MOST_WORDS = 120, 8  # of what somebody typed; the rest is not looked at
_SMALL_WORDS = frozenset(
    "a about an and are at by can do does find for from get go have how i in is it long many me much my near of on or "
    "our please show tell the their there they this to what when where which who will with you your".split()
)
_PARTS = frozenset({"small area", "former place"})  # asked for by their codes, or behind everything else
_MOST_BEGINNINGS = 400  # words that begin alike and are looked at
_BEGINNING, _SLIP, _UNSAID, _LEFT_OUT, _PART = 1.0, 2.0, 0.05, 6.0, 1.5  # what each costs


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: no accents, case, apostrophes or other marks; Saint is St."""
    plain = unicodedata.normalize("NFKD", text.replace("&amp;", "&")).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    plain = re.sub(r"['’`]", "", plain).replace("a&e", "ae").replace("&", " and ")
    return ["st" if word == "saint" else word for word in re.findall(r"[a-z0-9]+", plain)]


class Index:
    """The names of some entries, ready to be searched."""

    def __init__(self, found: Sequence[Entry]):
        self.entries = found
        self.names = [(number, words_of(name)) for number, entry in enumerate(found) for name in entry.names]
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for place, (_, parts) in enumerate(self.names):
            for word in set(parts):
                self.by_word[word].append(place)
        self.words = sorted(self.by_word)
        self.slips: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            for shortened in _shortened(word):
                self.slips[shortened].append(word)

    def find(self, text: str) -> list[Hit]:
        """Every hit, best first; none for a text without letters or figures."""
        asked = words_of(text[:MOST_CHARACTERS])[:MOST_WORDS]
        if not asked:
            return []
        telling = [word for word in asked if word not in _SMALL_WORDS] or asked
        near = {word: self._names_with(word) for word in dict.fromkeys(asked)}
        costs = self._all(asked, near) or self._all(telling, near)
        if all(self.entries[self.names[place][0]].hit.kind == "page" for place in costs):
            costs = self._some(telling, near) | costs
        best: dict[int, float] = {}
        for place, cost in costs.items():
            number, parts = self.names[place]
            cost += _UNSAID * max(0, len(parts) - len(asked)) - (parts == asked) - (parts[: len(asked)] == asked)
            cost += _PART * (parts != asked and self.entries[number].hit.kind in _PARTS)
            best[number] = min(cost, best.get(number, cost))
        ranked = sorted(best.items(), key=lambda pair: (round(pair[1], 2), *self._order(pair[0])))
        return [self.entries[number].hit for number, _ in ranked]

    def _order(self, number: int) -> tuple[int, int, str, str]:
        hit = self.entries[number].hit
        return KINDS.index(hit.kind), len(hit.name), hit.name, hit.code

    def _names_with(self, word: str) -> dict[int, float]:
        """Names that hold a word or one near it, with the cost of what is forgiven."""
        found: dict[int, float] = {}
        for known, cost in self._near(word):
            for place in self.by_word[known]:
                if cost < found.get(place, cost + 1):
                    found[place] = cost
        return found

    def _near(self, word: str) -> Iterable[tuple[str, float]]:
        if word in self.by_word:
            yield word, 0.0
        start = bisect_left(self.words, word)
        for known in self.words[start : start + _MOST_BEGINNINGS]:
            if not known.startswith(word):
                break
            if known != word:
                yield known, _BEGINNING
        if word in self.by_word or len(word) < 4 or any(letter.isdigit() for letter in word):
            return
        for known in {known for shortened in _shortened(word) for known in self.slips.get(shortened, ())}:
            slips = _distance(word, known)
            if slips <= _allowed(word):
                yield known, _SLIP * slips - 0.5 * (known[0] == word[0])

    @staticmethod
    def _all(asked: Sequence[str], near: dict[str, dict[int, float]]) -> dict[int, float]:
        """Names in which every word asked for is found."""
        first, *others = sorted((near[word] for word in asked), key=len)
        return {
            place: cost + sum(other[place] for other in others)
            for place, cost in first.items()
            if all(place in other for other in others)
        }

    @staticmethod
    def _some(asked: Sequence[str], near: dict[str, dict[int, float]]) -> dict[int, float]:
        """Names in which at least half of the words are found."""
        counted: dict[int, int] = defaultdict(int)
        costs: dict[int, float] = defaultdict(float)
        for word in asked:
            for place, cost in near[word].items():
                counted[place] += 1
                costs[place] += cost
        missing = {place: len(asked) - count for place, count in counted.items()}
        return {p: costs[p] + _LEFT_OUT * gone for p, gone in missing.items() if 2 * gone <= len(asked)}


def _allowed(word: str) -> int:
    return 1 if len(word) < 7 else 2


def _shortened(word: str) -> set[str]:
    """The word and what is left of it without one or two of its letters."""
    if any(letter.isdigit() for letter in word) or not 4 <= len(word) <= 20:
        return {word}
    places = range(len(word))
    gone = [(), *((one,) for one in places), *(combinations(places, 2) if _allowed(word) > 1 else ())]
    return {"".join(letter for place, letter in enumerate(word) if place not in out) for out in gone}


def _distance(one: str, other: str) -> int:
    """Letters to leave out, add, change or swap with the next, to make one word of another."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


@cache
def everything() -> Index:
    """The index of everything, made once."""
    return Index(entries())


@cache
def places() -> dict[str, Hit]:
    """Areas and villages by each of their names and codes, run together; the first of ``KINDS`` has a shared name."""
    known: dict[str, Hit] = {}
    for entry in sorted(everything().entries, key=lambda entry: KINDS.index(entry.hit.kind)):
        if entry.hit.kind in PLACES or entry.hit.kind in {"GP practice", "primary care network"}:
            for name in entry.names:
                known.setdefault("".join(words_of(name)), entry.hit)
    return known
