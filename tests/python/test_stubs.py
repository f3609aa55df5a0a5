"""_core.pyi against what is compiled, and mypy on everything of ours."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import vitrine
from vitrine import _core

ROOT = Path(__file__).parents[2]
STUB = Path(inspect.getfile(vitrine)).parent / "_core.pyi"
ALLOWED = Path(__file__).with_name("stubtest_allowlist.txt")
RETURN = re.compile(r"\) -> .+$")


@dataclass(frozen=True)
class Parameter:
    """One parameter as both sides can tell it."""

    name: str
    keyword_only: bool
    has_default: bool


def parameters_in(arguments: ast.arguments) -> list[Parameter]:
    """The parameters of a function, without self."""
    positional = [*arguments.posonlyargs, *arguments.args]
    first_default = len(positional) - len(arguments.defaults)
    found = [Parameter(arg.arg, False, number >= first_default) for number, arg in enumerate(positional)]
    found += [
        Parameter(arg.arg, True, default is not None)
        for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return [parameter for parameter in found if parameter.name not in ("self", "arg0")]


def stubbed(tree: ast.Module) -> dict[str, list[Parameter]]:
    """The parameters of each function and method in a stub, by its full name; dunders but __init__ left out."""
    found: dict[str, list[Parameter]] = {}
    for node in tree.body:
        owner, functions = ("", [node]) if isinstance(node, ast.FunctionDef) else ("", [])
        if isinstance(node, ast.ClassDef):
            owner, functions = f"{node.name}.", [item for item in node.body if isinstance(item, ast.FunctionDef)]
        for function in functions:
            hidden = function.name.startswith("_") and function.name != "__init__"
            if not hidden and not function.decorator_list:
                found[owner + function.name] = parameters_in(function.args)
    return found


def signature_in(docstring: str) -> str:
    """The Python signature in the first line of a docstring of pybind11, its types and default values left out."""
    inner = docstring.splitlines()[0].partition("(")[2]
    inner = RETURN.sub("", inner)
    words, depth, word = [], 0, ""
    quoted = ""
    for letter in inner:
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "'\"":
            quoted = letter
        elif letter in "([{<":
            depth += 1
        elif letter in ")]}>":
            depth -= 1
        if letter == "," and depth == 0 and not quoted:
            words.append(word)
            word = ""
        else:
            word += letter
    words.append(word)
    return ", ".join(
        part.partition(":")[0].strip() + ("=None" if " = " in part else "") for part in words if part.strip()
    )


def compiled_parameters(name: str) -> list[Parameter] | None:
    """The parameters of what is compiled; None without a docstring with a signature (exceptions, enumerations)."""
    value: object = _core
    for part in name.split("."):
        value = getattr(value, part)
    docstring = getattr(value, "__doc__", None)
    if type(value).__name__ not in ("builtin_function_or_method", "instancemethod") or not docstring:
        return None
    signature = signature_in(docstring)
    if signature.startswith("*args") or "**" in signature:
        return None
    function = ast.parse(f"def f({signature}): ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    return parameters_in(function.args)


def differences(tree: ast.Module) -> list[str]:
    """Functions whose parameters differ between the stub and what is compiled."""
    found = []
    for name, parameters in stubbed(tree).items():
        compiled = compiled_parameters(name)
        if compiled is not None and compiled != parameters:
            found.append(f"{name}: the stub has {parameters}, compiled is {compiled}")
    return found


def test_the_stub_has_the_parameters_of_what_is_compiled() -> None:
    """Names, order, defaults and what is keyword-only, which stubtest cannot see in compiled code."""
    assert differences(ast.parse(STUB.read_text(encoding="utf-8"))) == []


def test_most_functions_are_compared() -> None:
    """The comparison would be worthless if it skipped what it cannot read."""
    names = stubbed(ast.parse(STUB.read_text(encoding="utf-8")))
    compared = [name for name in names if compiled_parameters(name) is not None]
    assert len(compared) > 150


def test_a_stub_that_lacks_a_parameter_is_reported() -> None:
    """Canary."""
    broken = ast.parse("def mockup(artwork: object) -> object: ...")
    assert len(differences(broken)) == 1


def run_mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    """mypy, or a tool of its, from the root of the project."""
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=ROOT, timeout=600, check=False
    )


def test_stubtest_agrees() -> None:
    """Every name of the stub is there, and every name that is there has a stub."""
    run = run_mypy(
        "mypy.stubtest", "vitrine._core", "--mypy-config-file", "pyproject.toml", "--allowlist", str(ALLOWED)
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("part", ["python/vitrine", "examples/python", "tests/python"])
def test_mypy_agrees(part: str) -> None:
    """Strictly, on the package, the examples and the tests."""
    run = run_mypy("mypy", part)
    assert run.returncode == 0, run.stdout + run.stderr


def test_mypy_reports_a_wrong_call(tmp_path: Path) -> None:
    """Canary: a word where a number belongs."""
    (tmp_path / "wrong.py").write_text("import vitrine\nvitrine.Context(timeout='soon')\n", encoding="utf-8")
    run = run_mypy("mypy", str(tmp_path / "wrong.py"))
    assert "arg-type" in run.stdout, run.stdout + run.stderr
