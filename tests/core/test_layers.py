"""The house rules that can be read from the code itself."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_the_core_knows_no_screen():
    screens = {"streamlit", "altair", "folium", "streamlit_folium", "branca", "pages", "app"}
    for path in (ROOT / "ics_core").rglob("*.py"):
        assert not {name.split(".")[0] for name in imports(path)} & screens, path


def test_importing_the_whole_core_loads_no_screen():
    files = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "ics_core").rglob("*.py")]
    modules = [".".join(file.parts).removesuffix(".__init__") for file in files]
    script = f"import sys, importlib; [importlib.import_module(m) for m in {modules!r}]; print({{'streamlit', 'altair', 'folium'}} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


def test_components_do_not_import_pages():
    pages = {"pages." + path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__"}
    for path in (ROOT / "pages" / "components").rglob("*.py"):
        assert not imports(path) & pages, path


def test_only_the_catalogue_opens_data_files():
    readers = ("read_csv(", "read_parquet(", "pandas.read_file(")
    for folder in ("ics_core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            if not {"catalogue", "importers"} & set(path.parts):
                assert not any(reader in path.read_text(encoding="utf-8") for reader in readers), path
