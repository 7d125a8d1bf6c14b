"""What opening the core costs beyond pandas: ``python -m tests.bench.bench_start``.

Whole processes, in turn, so that a slow moment of the machine hits both alike.
"""

import statistics
import subprocess
import sys
import time

RUNS = 7
SCRIPTS = {
    "import pandas": "import pandas",
    "import ics_core, first table": "from ics_core import catalogue; catalogue.table('practices')",
    "import ics_core, first geometry": "from ics_core import catalogue; catalogue.geometry('districts')",
    "all indicators judged and listed": "from ics_core.ambitions import explorer; explorer.find()",
    "overview of the ambitions": "from ics_core import ambitions; ambitions.overview()",
}


def seconds(script: str) -> float:
    """Wall time of one fresh Python that runs the script."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True)
    return time.perf_counter() - begin


def main() -> None:
    """Print the median of each script and how much it adds to pandas alone."""
    times = {name: [] for name in SCRIPTS}
    for _ in range(RUNS):
        for name, script in SCRIPTS.items():
            times[name].append(seconds(script))
    alone = statistics.median(times["import pandas"])
    print(f"{'':34}{'median s':>9}{'added s':>9}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:34}{median:9.2f}{median - alone:9.2f}")


if __name__ == "__main__":
    main()
