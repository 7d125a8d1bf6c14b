"""How long the demand model takes beyond the population behind it: medians, printed, never asserted.

    python -m tests.bench.bench_demand

Target on a machine with two cores: everything for all measures, places and years 20 ms beyond ``population.run``.
"""

import time

from ics_core import demand, population
from ics_core.scenario import Scenario
from tests.bench.bench_population import median_ms


def trend(i: int) -> Scenario:
    return Scenario(ae_trend=(i % 40 + 1) / 10, falls=i // 40 * 10 + 5)


def people(i: int) -> Scenario:
    return Scenario(migration=50.0 * (i + 1))


def main() -> None:
    one, every = "ae_attendances", list(demand.measures())
    start = time.perf_counter()
    demand.project()
    demand.project(Scenario(basis="ons-2018"))
    rows = [("first call: both bases with their calibration", 1000 * (time.perf_counter() - start), None)]
    for i in range(30):
        population.run(people(i))
    rows += [
        (
            "all measures, places and years; a population lever moved",
            median_ms(lambda i: demand.project(people(i)), 30),
            20,
        ),
        ("the same; a demand lever moved", median_ms(lambda i: demand.project(trend(i)), 100), 20),
        ("steps of one measure", median_ms(lambda i: demand.drivers("ae_attendances", trend(i)), 50), None),
        (
            "what holds each measure level, every lever",
            median_ms(lambda i: [demand.hold_levels(m, trend(i)) for m in every], 5),
            None,
        ),
    ]
    demand.draw("ae_attendances")
    rows += [
        (
            "80% band from 1,000 draws; a demand lever moved",
            median_ms(lambda i: demand.bands("ae_attendances", trend(i)), 20),
            None,
        ),
        (
            "80% band from 100 draws; a demand lever moved",
            median_ms(lambda i: demand.bands(one, trend(i), draws=100), 20),
            None,
        ),
        (
            "80% band from 1,000 draws; a population lever moved",
            median_ms(lambda i: demand.bands(one, people(i + 50)), 5),
            250,
        ),
    ]
    print(f"{'':60} {'median ms':>10} {'target':>8}")
    for name, spent, target in rows:
        print(f"{name:60} {spent:10.2f} {target or '':>8}")


if __name__ == "__main__":
    main()
