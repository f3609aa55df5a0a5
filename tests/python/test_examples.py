"""The examples and the notebook run as they are printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = sorted(path for path in (EXAMPLES / "python").glob("*.py") if path.name != "make_inputs.py")
NOTEBOOKS = sorted((EXAMPLES / "notebooks").glob("*.ipynb"))


def run(program: Path, folder: Path) -> None:
    """Runs an example in a folder; a warning is an error."""
    subprocess.run([sys.executable, "-W", "error", str(program)], cwd=folder, check=True, timeout=120)


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with art.png and room.jpg."""
    folder = tmp_path_factory.mktemp("examples")
    run(EXAMPLES / "python" / "make_inputs.py", folder)
    return folder


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_an_example_runs(program: Path, inputs: Path) -> None:
    """From start to end, without a warning."""
    run(program, inputs)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_an_example_says_what_it_shows(program: Path) -> None:
    """In its first line."""
    assert program.read_text(encoding="utf-8").startswith('"""')


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the Jupyter client, not of ours
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook: Path, tmp_path: Path) -> None:
    """From top to bottom, without a key and without a network."""
    cells = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(cells, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_output(notebook: Path) -> None:
    """Outputs would go stale."""
    cells = nbformat.read(notebook, as_version=4).cells  # type: ignore[no-untyped-call]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
