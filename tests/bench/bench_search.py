"""How long a search takes: ``python -m tests.bench.bench_search``. Each is to take less than 20 ms."""

from __future__ import annotations

import time

from ics_core import search

TYPED = (
    "n",
    "norwich",
    "norwhich",
    "nr27 0ht",
    "e07000148",
    "great yarmoth",
    "how long do I wait for a and e in norfolk",
    "doctors near me with an appointment this week in kings lynn",
    "zzzzzzzzzz qqqqqqqqqq xxxxxxxxxx",
)


def main() -> None:
    start = time.perf_counter()
    search.find("first")
    print(f"index made in {time.perf_counter() - start:.2f} s")
    for typed in TYPED:
        taken = []
        for _ in range(50):
            start = time.perf_counter()
            search.find(typed)
            taken.append(1000 * (time.perf_counter() - start))
        print(f"{sorted(taken)[25]:6.2f} ms median, {max(taken):6.2f} ms most: {typed}")


if __name__ == "__main__":
    main()
