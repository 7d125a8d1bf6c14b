"""How long the population model takes: medians, printed, never asserted.

    python -m tests.bench.bench_population

Targets on a machine with two cores: one run of all places to the last year 5 ms, with the tidy table 15 ms,
1,000 draws 250 ms, 10,000 draws within 2 GB.
"""

import resource
import time
from collections.abc import Callable

import numpy as np

from ics_core import population
from ics_core.population import implied
from ics_core.scenario import Scenario


def median_ms(call: Callable[[int], object], times: int) -> float:
    """Median time of ``call(i)``; ``i`` differs each time so that nothing kept from before answers."""
    spent = []
    for i in range(times):
        start = time.perf_counter()
        call(i)
        spent.append(time.perf_counter() - start)
    return 1000 * float(np.median(spent))


def moved(i: int) -> Scenario:
    return Scenario(fertility=i % 25 + 1, migration=50 * (i + 1))


def main() -> None:
    start = time.perf_counter()
    for basis in ("ons-2018", "ons-2022"):
        implied.inputs(basis)
    rows = [("calibration of both bases, once per process", 1000 * (time.perf_counter() - start), None)]
    population.project()
    rows += [
        ("one run, all places to 2047", median_ms(lambda i: population.run(moved(i)), 40), 5),
        ("one run with the tidy table", median_ms(lambda i: population.project(moved(i + 40)), 40), 15),
        (
            "1,000 draws, all places, broad ages",
            median_ms(lambda i: population.project_draws(seed=i + 1).broad, 9),
            250,
        ),
        (
            "80% band of one measure, 8 districts",
            median_ms(lambda i: population.bands(age_group="85+", seed=100 + i), 5),
            250,
        ),
        (
            "10,000 draws, all places, broad ages",
            median_ms(lambda i: population.project_draws(draws=10_000, seed=i + 1).broad, 3),
            None,
        ),
    ]
    print(f"{'':45} {'median ms':>10} {'target':>8}")
    for name, spent, target in rows:
        print(f"{name:45} {spent:10.1f} {target or '':>8}")
    print(f"{'most memory in use, MB':45} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.0f} {2048:>8}")


if __name__ == "__main__":
    main()
