"""What `import vitrine` does, and does not do."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import vitrine


def fresh(program: str) -> str:
    """What a program prints in an interpreter of its own."""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return run.stdout.strip()


@pytest.mark.parametrize(
    "package", ["torch", "temporalio", "typer", "rich", "PIL", "pydantic", "cv2", "numpy", "asyncio"]
)
def test_importing_loads_no_heavy_package(package: str) -> None:
    """Each is loaded when it is first needed, or never."""
    assert fresh(f"import sys, vitrine; print({package!r} in sys.modules)") == "False"


def test_the_init_file_only_re_exports() -> None:
    """It has imports, and the null handler."""
    tree = ast.parse(Path(inspect.getfile(vitrine)).read_text(encoding="utf-8"))
    kinds = [type(statement) for statement in tree.body]
    assert kinds == [ast.Expr, ast.Import, ast.ImportFrom, ast.ImportFrom, ast.Expr]


def test_everything_compiled_is_exported() -> None:
    """No name is forgotten."""
    compiled = {name for name in dir(vitrine._core) if not name.startswith("_")}
    assert compiled - set(dir(vitrine)) == set()


def test_every_class_says_that_it_lives_in_vitrine() -> None:
    """Users never see the private module."""
    classes = [value for value in vars(vitrine).values() if inspect.isclass(value)]
    assert {cls.__module__ for cls in classes} == {"vitrine"}


def test_there_is_a_version() -> None:
    """The library's own."""
    assert vitrine.__version__.count(".") == 2
