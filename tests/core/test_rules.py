"""The rules of the house that tools can check: lint, format, types, layers, worked examples, the tree in the README."""

import ast
import doctest
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for folder in ("ics_core", "pages/figures")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name != "__main__.py"
]


def run(*command: str) -> subprocess.CompletedProcess:
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=surroundings)


@pytest.mark.parametrize("rule", [("check", "."), ("format", "--check", ".")], ids=["lint", "format"])
def test_the_code_is_in_one_hand(rule):
    done = run(sys.executable, "-m", "ruff", *rule)
    assert not done.returncode, done.stdout[-3000:]


def test_dependencies_run_one_way():
    done = run(str(TOOLS / "lint-imports"))
    assert not done.returncode, done.stdout[-3000:]


def test_imports_by_text_stay_in_the_rooms_that_need_them():
    """What is imported by a name in a text escapes the contracts above: only these may, each into its own room."""
    rooms = ("figures/registry", "components/lists/__init__", "components/workshop/__init__")
    allowed = {f"pages/{room}.py" for room in rooms}
    found = set()
    for folder in ("ics_core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
                    "import_module",
                    "__import__",
                ):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found == allowed


def test_what_is_wrong_with_the_data_is_said_in_words_in_each_part_that_runs_by_itself():
    """A fragment tells no page around it: each has ``problems.part`` between it and Streamlit."""
    bare = []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"st\.fragment\b(\([^()]*\)\n|\n|\()", text):
            if "problems.part" not in text[found.end() - 1 :].lstrip("(\n ")[:14]:
                bare.append(f"{path.relative_to(ROOT)}: {text[found.start() :][:60]!r}")
    assert not bare


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples_give_what_they_say(name):
    assert not doctest.testmod(importlib.import_module(name)).failed


def test_every_public_function_of_the_core_says_what_it_does():
    silent = []
    for path in (ROOT / "ics_core").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not silent


def test_the_tree_in_the_readme_is_the_tree_on_disk():
    tree = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)[1]
    named, parents = set(), []
    for line in tree.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        parents = [*parents[:depth], name]
        named.add("".join(parents).rstrip("/"))
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    rooms = {
        Path(file).parent.as_posix()
        for file in listed
        if file.startswith(("ics_core/", "pages/")) and file.endswith(".py")
    }
    assert rooms <= named, f"not in the README: {rooms - named}"
