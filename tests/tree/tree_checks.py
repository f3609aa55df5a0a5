"""Rules that hold for the tree as a whole. Each check takes the root of a tree and returns its violations as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

BELOW = {
    "base": set[str](),
    "image": {"base"},
    "net": {"base", "image"},
    "detect": {"base", "image"},
    "compose": {"base", "image"},
    "generate": {"base", "image", "net"},
    "jobs": {"base", "image", "net"},
    "storage": {"base", "image", "net"},
    "pipeline": {"base", "image", "net", "detect", "compose", "generate", "jobs", "storage"},
}
"""Areas that each area may include, besides itself."""

COMPONENT_HEADERS = {"vitrine/detect/detr.h"}
"""Headers of components with a heavy dependency: they stay outside the umbrella header."""

NOT_OURS = {".git", ".venv", ".venv-bench", "build", "out", "dist", "__pycache__", "shared"}
CPP = {".h", ".cpp"}
PROSE = {".md", ".txt", ".py", ".pyi", ".toml", ".json", ".ipynb", ".cmake", ".in", ".yml", ".yaml", ""} | CPP
LINE_LIMITS = {("include", ".h"): 300, ("src", ".h"): 300, ("src", ".cpp"): 500, ("bindings", ".cpp"): 400}
DRAWERS = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}

# Written in pieces, so that this file does not break its own rule.
PLACES_OF_ONE_MACHINE = ["/" + "work/", "/" + "root/", "/" + "home/"]
REGISTRIES = ["pypi." + "org", "python" + "hosted.org", "deb." + "debian.org", "registry." + "npmjs.org"]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
MARKDOWN_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def files(root: Path, *folders: str, suffixes: set[str]) -> Iterator[Path]:
    """Our own files below the given folders (all of `root` if none is given), in a fixed order."""
    for start in [root / folder for folder in folders] or [root]:
        for path in sorted(start.rglob("*")):
            parts = path.relative_to(root).parts
            ours = not NOT_OURS.intersection(parts) and not any(part.endswith("_cache") for part in parts)
            if ours and path.suffix in suffixes and path.is_file():
                yield path


def includes(path: Path) -> list[tuple[str, str]]:
    """Bracket and name of every include in a file."""
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def included_area(name: str) -> str | None:
    """The area of "vitrine/image/codec.h" or "image/exif.h"; None for a name that has none."""
    first = name.removeprefix("vitrine/").split("/")[0]
    return first if first in BELOW else None


def upward_includes(root: Path) -> list[str]:
    """An include points only to a lower layer; detect, compose, generate, jobs and storage do not know each other."""
    found = []
    for path in files(root, "include/vitrine", "src", suffixes=CPP):
        area = path.parent.name
        for _, name in includes(path):
            target = included_area(name)
            if area in BELOW and target is not None and target != area and target not in BELOW[area]:
                found.append(f"{path.relative_to(root)} includes {name}: {area} must not know {target}.")
    return found


def foreign_includes(root: Path) -> list[str]:
    """A public header names the standard library and other public headers, nothing else."""
    found = []
    for path in files(root, "include", suffixes=CPP):
        for bracket, name in includes(path):
            standard = bracket == "<" and re.fullmatch(r"[a-z_0-9]+", name)
            own = bracket == '"' and name.startswith("vitrine/")
            if not standard and not own:
                found.append(f"{path.relative_to(root)} includes {name}: public headers carry no foreign type.")
    return found


def python_outside_bindings(root: Path) -> list[str]:
    """pybind11 stays in bindings/."""
    word = re.compile(r"\bpy::|pybind11|Python\.h")
    return [
        f"{path.relative_to(root)} speaks of pybind11; that belongs in bindings/."
        for path in files(root, "include", "src", "tests", "examples", "benchmarks", suffixes=CPP)
        if word.search(path.read_text(encoding="utf-8"))
    ]


def is_listed(source: Path, root: Path) -> bool:
    """True if a CMakeLists.txt above the source names it, in full or, where that list builds names, by its stem."""
    for folder in source.relative_to(root).parents:
        cmake = root / folder / "CMakeLists.txt"
        if not cmake.is_file():
            continue
        text = cmake.read_text(encoding="utf-8")
        name = source.relative_to(root / folder).as_posix()
        if re.search(rf"(?<![\w/]){re.escape(name)}(?!\w)", text):
            return True
        if "${name}.cpp" in text and re.search(rf"(?<![\w/.]){source.stem}(?![\w/.])", text):
            return True
    return False


def unlisted_sources(root: Path) -> list[str]:
    """Every source is named in a CMakeLists.txt, since nothing is globbed; a forgotten test would never run."""
    found = [
        f"{path.relative_to(root)} is not listed in a CMakeLists.txt."
        for path in files(root, "src", "tests", "bindings", "benchmarks", "examples", suffixes={".cpp"})
        if not is_listed(path, root) and "consumer" not in path.parts
    ]
    listed = (root / "src/CMakeLists.txt").read_text(encoding="utf-8")
    for path in files(root, "include", suffixes={".h"}):
        if path.relative_to(root).as_posix() not in listed:
            found.append(f"{path.relative_to(root)} is not in the header set of src/CMakeLists.txt: it is not installed.")
    return found


def headers_missing_from_umbrella(root: Path) -> list[str]:
    """vitrine.h includes every public header but those of the heavy components."""
    umbrella = root / "include/vitrine/vitrine.h"
    included = {name for _, name in includes(umbrella)}
    names = {path.relative_to(root / "include").as_posix() for path in files(root, "include", suffixes={".h"})}
    missing = names - included - COMPONENT_HEADERS - {"vitrine/vitrine.h"}
    return [f"vitrine.h does not include {name}." for name in sorted(missing)]


def undocumented_headers(root: Path) -> list[str]:
    """docs/headers.md tells of every public header."""
    page = (root / "docs/headers.md").read_text(encoding="utf-8")
    names = [path.relative_to(root / "include/vitrine").as_posix() for path in files(root, "include", suffixes={".h"})]
    return [f"docs/headers.md does not tell of {name}." for name in names if f"`{name}`" not in page]


def long_files(root: Path) -> list[str]:
    """Files beyond the second limit of the style; a long one holds more than one concept."""
    found = []
    for (folder, suffix), limit in LINE_LIMITS.items():
        for path in files(root, folder, suffixes={suffix}):
            count = len(path.read_text(encoding="utf-8").splitlines())
            if count > limit:
                found.append(f"{path.relative_to(root)} has {count} lines; the limit is {limit}. Split it by concept.")
    return found


def drawers(root: Path) -> list[str]:
    """A file is named after the one thing it does."""
    found = []
    for path in files(root, suffixes=CPP | {".py"}):
        if DRAWERS.intersection(re.split(r"[_.]", path.name)):
            found.append(f"{path.relative_to(root)} is named like a drawer; name it after what it does.")
    return found


def places_of_one_machine(root: Path) -> list[str]:
    """Nothing in the tree depends on where it was written or on one package registry."""
    found = []
    for path in files(root, suffixes=PROSE):
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [
            f"{path.relative_to(root)} names {place}, which exists on one machine only."
            for place in PLACES_OF_ONE_MACHINE + REGISTRIES
            if place in text
        ]
    return found


def dead_links(root: Path) -> list[str]:
    """Links in the documentation lead to files that are there."""
    found = []
    for path in files(root, suffixes={".md"}):
        for target in MARKDOWN_LINK.findall(path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                found.append(f"{path.relative_to(root)} links to {target}, which is not there.")
    return found


ALL = [
    upward_includes,
    foreign_includes,
    python_outside_bindings,
    unlisted_sources,
    headers_missing_from_umbrella,
    undocumented_headers,
    long_files,
    drawers,
    places_of_one_machine,
    dead_links,
]
