"""What the core offers is said where it stands: docstrings, and the pages that are made from them."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import ics_core

ROOT = Path(__file__).parents[2]
PUBLIC = [one.name for one in pkgutil.iter_modules(ics_core.__path__, "ics_core.") if not one.name.startswith("_")]
MODULES = [
    one.name
    for one in pkgutil.walk_packages(ics_core.__path__, "ics_core.")
    if not one.name.rpartition(".")[2].startswith("_")
]


def unsaid(module) -> list[str]:
    """Public functions, classes and their members of a module that have no docstring of their own."""
    found = [] if module.__doc__ else [module.__name__]
    for name, one in vars(module).items():
        if name.startswith("_") or getattr(one, "__module__", None) != module.__name__:
            continue
        made = f"{name}(" if inspect.isclass(one) else None  # what a dataclass writes by itself
        if callable(one) and (not one.__doc__ or made and one.__doc__.startswith(made)):
            found.append(f"{module.__name__}.{name}")
        for member, part in vars(one).items() if inspect.isclass(one) else ():
            function = getattr(part, "fget", None) or getattr(part, "__func__", part)
            if not member.startswith("_") and inspect.isfunction(function) and not function.__doc__:
                found.append(f"{module.__name__}.{name}.{member}")
    return found


def test_every_public_name_of_the_core_has_a_docstring():
    assert len(MODULES) > 80
    assert [name for module in MODULES for name in unsaid(importlib.import_module(module))] == []


def test_what_a_package_offers_is_there():
    for name in PUBLIC:
        module = importlib.import_module(name)
        assert [one for one in getattr(module, "__all__", ()) if not hasattr(module, one)] == [], name


def test_the_documented_command_makes_a_page_of_each_public_module(tmp_path):
    """``python -m pdoc ics_core``: no error, and each name a package offers stands on its page."""
    assert "`python -m pdoc ics_core`" in (ROOT / "README.md").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pdoc", "ics_core", "-o", str(tmp_path), "--no-show-source"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0 and "Error" not in done.stderr and "Warn" not in done.stderr, done.stderr[-2000:]
    for name in PUBLIC:
        page = tmp_path / f"{name.replace('.', '/')}.html"
        assert page.exists(), name
        text = page.read_text(encoding="utf-8")
        for one in getattr(importlib.import_module(name), "__all__", ()):
            assert f'id="{one}"' in text or f"{one}.html" in text, f"{name}.{one}"
