"""Which way imports run, and what must not be loaded to score or to show help."""

import ast
import subprocess
import sys

import pytest
from repository import REPOSITORY

HEAVY = ("torch", "transformers", "datasets", "pyarrow", "sklearn", "scipy", "pandas", "onnxruntime", "trafilatura")


def modules_imported_at_module_level(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_scoring_never_imports_training_or_a_heavy_library_at_module_level():
    found = {
        f"{path.relative_to(REPOSITORY)}: {name}"
        for path in (REPOSITORY / "model").rglob("*.py")
        for name in modules_imported_at_module_level(path)
        if name.partition(".")[0] in ("slantwise_training", *HEAVY)
    }
    assert found == set()


def loaded_after(code):
    ask = f"import sys\n{code}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import slantwise",
        "from slantwise.cli import app\ntry:\n    app(['--help'])\nexcept SystemExit:\n    pass",
        "from slantwise.cli import app\ntry:\n    app(['train', '--help'])\nexcept SystemExit:\n    pass",
    ],
)
def test_importing_and_help_load_nothing_heavy(code):
    assert loaded_after(code) & {*HEAVY, "numpy", "slantwise_training"} == set()


def test_scoring_an_article_loads_nothing_heavy():
    code = "import slantwise\nslantwise.Scorer().score(slantwise.Article('a', 'He may go, she said.'))"
    # onnxruntime is what an encoder is read with
    assert loaded_after(code) & {*HEAVY, "slantwise_training"} <= {"onnxruntime"}


def test_every_public_name_of_the_package_is_there():
    import slantwise

    assert all(getattr(slantwise, name) for name in slantwise.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        slantwise.nothing  # noqa: B018
