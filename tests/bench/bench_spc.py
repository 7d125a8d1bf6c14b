"""How long SPC takes for every indicator in every area, beside a yardstick of plain numpy work.

Run: python -m tests.bench.bench_spc
"""

from time import perf_counter

import numpy as np

from ics_core import catalogue, spc

WAYS = {"up": "increase", "down": "decrease", "neither": "neutral"}


def best_of(work, times: int = 5) -> float:
    """Seconds of the quickest run: the least disturbed by whatever else the machine does."""
    spans = []
    for _ in range(times):
        start = perf_counter()
        work()
        spans.append(perf_counter() - start)
    return min(spans)


def main() -> None:
    better = catalogue.table("indicators").set_index("indicator_id")["better"]
    rows = catalogue.table("observations").sort_values("period_start")
    series = [
        (WAYS[better[key[0]]], frame["value"].to_numpy())
        for key, frame in rows.groupby(["indicator_id", "area_code", "breakdown"])
    ]
    generator = np.random.default_rng(1)
    yardstick = best_of(lambda: np.linalg.svd(generator.normal(size=(400, 400))))
    seconds = best_of(lambda: [spc.xmr(values, improvement) for improvement, values in series])
    points = sum(len(values) for _, values in series)
    print(
        f"{len(series):,} series, {points:,} points: {seconds:.2f} s, {seconds / yardstick:.1f} times the yardstick ({yardstick * 1000:.0f} ms)"
    )


if __name__ == "__main__":
    main()
