"""Does a test notice? Changes the core a little at a time, runs the tests of the changed room, and counts what survives.

``python -m pip install cosmic-ray==8.7.0``, then ``python -m tests.mutants``. The changes are those cosmic-ray makes: a
number one more or less, a sign, a bound, a condition turned over, a loop never entered. Shifts, powers and the like are
left out, since they fail wherever they stand and would only raise the score. So are changes within annotations, which no
run can tell. Of each subject a sample is taken by seed; ``--sample 0`` takes every change. No file is touched: each change
lives in a process of its own, forked from one that has opened the data.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import SourceFileLoader
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parent.parent
JUDGED = ("tests/core/test_judgements.py", "tests/core/test_ambitions.py", "-k", "not wrong_word")
SUBJECTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # modules (a folder: all of it), tests
    "spc": (("spc",), ("tests/core/test_spc.py", "tests/core/test_spc_reference.py")),
    "progress": (tuple(f"ambitions/{name}" for name in ("judgement", "target", "what_if", "release")), JUDGED),
    "promises": (("ambitions/promises",), ("tests/core/test_promises.py",)),
    "population": (("population",), ("tests/core/test_population.py", "tests/core/test_population_tables.py")),
    "demand": (("demand",), ("tests/core/test_demand.py",)),
    "figure": (("figure",), ("tests/core/test_figure.py",)),
}
SWAPS = {
    "BinaryOperator": "Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Div Mod_Mul Pow_Mul BitAnd_BitOr BitOr_BitAnd",
    "ComparisonOperator": "Eq_NotEq NotEq_Eq Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt Is_IsNot IsNot_Is",
    "UnaryOperator": "USub_UAdd Delete_USub Delete_Invert Delete_Not",
}
KINDS = [f"Replace{kind}_{swap}" for kind, swaps in SWAPS.items() for swap in swaps.split()] + (
    "AddNot ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd ReplaceBreakWithContinue "
    "ReplaceContinueWithBreak ExceptionReplacer NumberReplacer ZeroIterationForLoop"
).split()


class Mutant(NamedTuple):
    """One change of one file: the module's name, its path and the changed source."""

    module: str
    path: Path
    source: str

    def difference(self) -> str:
        """The lines that differ, with the number of the first."""
        before = self.path.read_text("utf-8").splitlines()
        lines = list(difflib.unified_diff(before, self.source.splitlines(), n=0, lineterm=""))
        where = lines[2].split()[1].lstrip("-").split(",")[0]
        return f"{self.path.relative_to(ROOT)}:{where}\n    " + "\n    ".join(lines[3:])


class ChangedLoader(SourceFileLoader):
    """Imports one module from a changed source."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(mutant.path))
        self.source = mutant.source

    def get_code(self, fullname: str):  # noqa: ANN201
        return compile(self.source, self.path, "exec")


class ChangedFinder:
    """Hands out the changed module, and leaves all others to Python."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None):  # noqa: ANN201
        if name != self.mutant.module:
            return None
        return importlib.util.spec_from_file_location(name, self.mutant.path, loader=ChangedLoader(self.mutant))


def meaning(source: str) -> str | None:
    """What a source does: its tree without annotations. None where it is no Python at all."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # of the stars of {**row}, taken for a power
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def places(modules: Sequence[str]) -> list[tuple[Path, Operator, int]]:
    """Every place of the modules where a change can be made: file, kind of change, which one of that kind."""
    found = []
    for name in modules:
        place = ROOT / "ics_core" / name
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
            nodes = list(ast_nodes(get_ast(path.read_text("utf-8"))))
            for operator in (get_operator(f"core/{kind}")() for kind in KINDS):
                count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
                found += [(path, operator, occurrence) for occurrence in range(count)]
    return found


def mutants(places: Iterable[tuple[Path, Operator, int]]) -> Iterator[Mutant]:
    """The changes at those places, those left out that mean nothing or the same as another."""
    seen: set[tuple[Path, str | None]] = set()
    for path, operator, occurrence in places:
        source = path.read_text("utf-8")
        seen |= {(path, None), (path, meaning(source))}
        changed = mutate_code(source, operator, occurrence)
        if changed is not None and (path, means := meaning(changed)) not in seen:
            seen.add((path, means))
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield Mutant(module, path, changed)


def start(mutant: Mutant | None, tests: Sequence[str], seconds: int) -> int:
    """Fork a process that runs the tests with a change until the first failure; its id."""
    if child := os.fork():
        return child
    signal.alarm(seconds)  # a loop without end is a change that was noticed
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    if mutant:
        sys.meta_path.insert(0, ChangedFinder(mutant))  # type: ignore[arg-type]
    code = pytest.main(["-x", "-n0", "-m", "not slow", "-p", "no:cacheprovider", "--hypothesis-seed=1", *tests])
    os._exit(int(code))


def survivors(found: Sequence[Mutant], tests: Sequence[str], workers: int) -> list[Mutant]:
    """Those of the mutants with which all tests pass."""
    began = time.monotonic()
    if os.waitpid(start(None, tests, 900), 0)[1]:
        raise SystemExit(f"The tests fail without any change: {' '.join(tests)}")
    seconds = 60 + round(5 * (time.monotonic() - began))
    alive, running = [], {}
    for mutant in [*found, *[None] * workers]:
        if len(running) == workers or (mutant is None and running):
            child, status = os.wait()
            tried = running.pop(child)
            if status == 0:
                alive.append(tried)
            print(f"\nsurvived: {tried.difference()}" if status == 0 else ".", end="", flush=True)
        if mutant:
            running[start(mutant, tests, seconds)] = mutant
    return alive


def main() -> None:
    """Run what the command line asks for and print the score of each subject."""
    asks = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    asks.add_argument("subjects", nargs="*", metavar="subject", help=f"{', '.join(SUBJECTS)}; without any: all")
    asks.add_argument("--sample", type=int, default=60, help="changes tried of each subject (60; 0: all)")
    asks.add_argument("--seed", type=int, default=1)
    asks.add_argument("--workers", type=int, default=1)
    asked = asks.parse_args()
    if unknown := set(asked.subjects) - set(SUBJECTS):
        asks.error(f"no subject {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")

    os.chdir(ROOT)
    import geopandas  # noqa: F401  # opened once, before the first fork
    import hypothesis  # noqa: F401
    import scipy.stats  # noqa: F401

    from ics_core import catalogue

    for table in catalogue.tables():
        catalogue.table(table)
    killed = tried = 0
    for subject in asked.subjects or SUBJECTS:
        modules, tests = SUBJECTS[subject]
        every = places(modules)
        random.Random(asked.seed).shuffle(every)
        some = list(islice(mutants(every), asked.sample or None))
        left = len(survivors(some, tests, asked.workers))
        killed, tried = killed + len(some) - left, tried + len(some)
        print(
            f"\n{subject}: {len(some) - left} of {len(some)} noticed ({1 - left / len(some):.0%}); {len(every)} places to change",
            flush=True,
        )
    print(f"all: {killed} of {tried} noticed ({killed / tried:.0%})")


if __name__ == "__main__":
    main()
