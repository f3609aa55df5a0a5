"""The rules of the tree hold, and each check rejects a tree that breaks its rule."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tree_checks

ROOT = Path(__file__).resolve().parents[2]
QUOTE_EXAMPLES = ROOT / "script/quote-examples"


def write(root: Path, name: str, text: str) -> None:
    """Puts a file into a tree, with its folders."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree that breaks no rule; each canary breaks one."""
    write(tmp_path, "include/vitrine/image/image.h", '#include <vector>\n#include "vitrine/base/error.h"\n')
    write(tmp_path, "include/vitrine/base/error.h", "#include <string>\n")
    write(tmp_path, "include/vitrine/vitrine.h", '#include "vitrine/base/error.h"\n#include "vitrine/image/image.h"\n')
    write(tmp_path, "src/image/image.cpp", '#include "vitrine/image/image.h"\n#include <opencv2/core.hpp>\n')
    headers = ["vitrine.h", "image/image.h", "base/error.h"]
    listed = "image/image.cpp\n" + "".join(f"include/vitrine/{name}\n" for name in headers)
    write(tmp_path, "src/CMakeLists.txt", listed)
    write(tmp_path, "docs/headers.md", "".join(f"`{name}`\n" for name in headers))
    return tmp_path


@pytest.mark.parametrize("check", tree_checks.ALL, ids=lambda check: check.__name__)
def test_our_tree_keeps_the_rule(check: Callable[[Path], list[str]]) -> None:
    """No file in the repository breaks it."""
    assert check(ROOT) == []


@pytest.mark.parametrize("check", tree_checks.ALL, ids=lambda check: check.__name__)
def test_a_good_tree_passes(check: Callable[[Path], list[str]], tree: Path) -> None:
    """The tree that the canaries start from is sound: what they report is their own."""
    assert check(tree) == []


CANARIES: list[tuple[Callable[[Path], list[str]], str, str, str]] = [
    (tree_checks.upward_includes, "src/image/up.cpp", '#include "vitrine/detect/detector.h"\n', "must not know detect"),
    (tree_checks.upward_includes, "src/detect/side.cpp", '#include "compose/warp.h"\n', "must not know compose"),
    (tree_checks.foreign_includes, "include/vitrine/image/cv.h", "#include <opencv2/core.hpp>\n", "foreign type"),
    (tree_checks.foreign_includes, "include/vitrine/image/own.h", '#include "image/exif.h"\n', "foreign type"),
    (tree_checks.python_outside_bindings, "src/image/bound.cpp", "namespace py = pybind11;\n", "belongs in bindings"),
    (tree_checks.unlisted_sources, "src/image/forgotten.cpp", "", "image/forgotten.cpp is not listed"),
    (tree_checks.unlisted_sources, "src/base/error.cpp", "", "base/error.cpp is not listed"),
    (tree_checks.unlisted_sources, "tests/unit/image/forgotten_test.cpp", "", "forgotten_test.cpp is not listed"),
    (tree_checks.unlisted_sources, "include/vitrine/image/forgotten.h", "", "it is not installed"),
    (tree_checks.headers_missing_from_umbrella, "include/vitrine/image/new.h", "", "does not include vitrine/image/new.h"),
    (tree_checks.undocumented_headers, "include/vitrine/image/new.h", "", "does not tell of image/new.h"),
    (tree_checks.long_files, "include/vitrine/image/long.h", "//\n" * 301, "has 301 lines"),
    (tree_checks.drawers, "src/image/image_utils.cpp", "", "named like a drawer"),
    (tree_checks.places_of_one_machine, "docs/a.md", tree_checks.PLACES_OF_ONE_MACHINE[0] + "x\n", "one machine only"),
    (tree_checks.places_of_one_machine, "setup.py", tree_checks.REGISTRIES[0] + "\n", "one machine only"),
    (tree_checks.dead_links, "docs/a.md", "[there](nowhere.md)\n", "which is not there"),
]


@pytest.mark.parametrize(
    ("check", "name", "text", "report"), CANARIES, ids=[f"{case[0].__name__}-{case[1]}" for case in CANARIES]
)
def test_a_bad_tree_is_rejected(
    check: Callable[[Path], list[str]], name: str, text: str, report: str, tree: Path
) -> None:
    """Each check names the file that breaks its rule."""
    write(tree, name, text)
    assert [sentence for sentence in check(tree) if report in sentence]


def quote_examples(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the script that copies examples into documents."""
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def documented(tmp_path: Path) -> Path:
    """A tree whose README quotes an example that has changed since."""
    write(tmp_path, "script/quote-examples", QUOTE_EXAMPLES.read_text(encoding="utf-8"))
    write(tmp_path, "example.py", "import x\n# [sample]\nx.run()\n# [/sample]\n")
    write(tmp_path, "README.md", "Use it:\n<!-- example: example.py#sample -->\n```python\nx.walk()\n```\nDone.\n")
    return tmp_path


def test_our_documents_quote_the_examples_as_they_are() -> None:
    """What the documentation prints is what the tests have run."""
    result = quote_examples(QUOTE_EXAMPLES, "--check")
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def test_a_stale_quote_is_rejected(documented: Path) -> None:
    """The check fails, names the document and changes nothing."""
    result = quote_examples(documented / "script/quote-examples", "--check")
    assert result.returncode == 1
    assert "README.md quotes an example that has changed" in result.stdout
    assert "x.walk()" in (documented / "README.md").read_text(encoding="utf-8")


def test_quoting_renews_the_quote_and_nothing_else(documented: Path) -> None:
    """The text around a quote stays as it was."""
    quote_examples(documented / "script/quote-examples")
    text = (documented / "README.md").read_text(encoding="utf-8")
    assert text == "Use it:\n<!-- example: example.py#sample -->\n```python\nx.run()\n```\nDone.\n"
