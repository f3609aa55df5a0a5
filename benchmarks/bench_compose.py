"""Prints the warp's time and fidelity beside OpenCV, Pillow, libvips and ImageMagick, turn by turn in one run.

    bench_compose.py BENCH_COMPOSE FOLDER [--rounds N]

A 16-megapixel artwork goes into 1.09 megapixels; every tool writes just those pixels, from an artwork that is decoded.
Times are medians of CPU time on one thread, and ratios to OpenCV's bilinear warp. ImageMagick's is its command less the
time to read the artwork. PSNR is in 8-bit sRGB, inside the quad, against the mean of 64 bilinear samples in linear light.
Tools that are not installed are left out.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]
Warp = Callable[["Case"], tuple[float, Pixels]]
SIDE = 4000


@dataclass(frozen=True)
class Case:
    """One quad in a scene that is as large as its bounding box."""

    name: str
    quad: tuple[tuple[float, float], ...]
    size: tuple[int, int]

    def order(self, verb: str, threads: int = 1, file: str = "-") -> str:
        corners = " ".join(f"{x!r} {y!r}" for x, y in self.quad)
        return f"{verb} {corners} {self.size[0]} {self.size[1]} {threads} {file}\n"

    def scene_from_artwork(self) -> Floats:
        corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
        return np.asarray(cv2.getPerspectiveTransform(corners, np.array(self.quad, np.float32)), np.float64)

    def inside(self, border: int) -> NDArray[np.bool_]:
        """(height, width): pixels at least `border` from the quad's sides."""
        mask = np.zeros((self.size[1] + 2, self.size[0] + 2), np.uint8)
        cv2.fillConvexPoly(mask, np.int32(np.round(self.quad)) + 1, 1)
        return cv2.erode(mask, np.ones((2 * border + 1, 2 * border + 1)), borderValue=0)[1:-1, 1:-1] > 0


def turned(degrees: float) -> Case:
    """A quad of about the same area, turned."""
    angle = np.radians(degrees)
    corners = np.array([(-450, -540), (450, -540), (450, 540), (-450, 540)], float)
    corners = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners -= corners.min(axis=0) - 0.3
    width, height = np.ceil(corners.max(axis=0)).astype(int)
    return Case("turned 30 degrees", tuple((float(x), float(y)) for x, y in corners), (int(width), int(height)))


CASES = [
    Case("upright", ((30.0, 0.0), (920.0, 70.0), (950.0, 1140.0), (0.0, 1100.0)), (954, 1144)),
    turned(30),
    Case("foreshortened", ((0.0, 0.0), (900.0, 460.0), (900.0, 990.0), (0.0, 1200.0)), (900, 1200)),
]


def artworks() -> Iterator[tuple[str, Pixels]]:
    """A zone plate up to the Nyquist frequency, a page of text, and a noisy picture with shapes."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    zone = 0.5 + 0.5 * np.cos(np.pi * ((x - SIDE / 2) ** 2 + (y - SIDE / 2) ** 2) / SIDE)
    yield "zone", np.repeat(np.uint8(np.round(zone * 255))[..., None], 3, 2)
    random = np.random.default_rng(1)
    page = np.full((SIDE, SIDE, 3), 255, np.uint8)
    for line in range(30, SIDE, 34):
        text = "".join(random.choice(list("abcdefghijklmnopqrstuvwxyz    ABCDEFG.,"), 260))
        cv2.putText(page, text, (10, line), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 0, 0), 2, cv2.LINE_AA)
    yield "text", page
    colors = cv2.resize(random.uniform(0, 255, (12, 12, 3)), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    coarse = cv2.GaussianBlur(random.normal(128, 30, (SIDE, SIDE, 3)), (0, 0), 1.5)
    fine = cv2.GaussianBlur(random.normal(0, 60, (SIDE, SIDE, 3)), (0, 0), 1)
    photo = np.uint8(np.clip(0.6 * colors + 0.4 * coarse + fine, 0, 255))
    for _ in range(40):
        x0, y0 = (int(v) for v in random.integers(0, SIDE, 2))
        color = tuple(int(v) for v in random.integers(0, 255, 3))
        cv2.circle(photo, (x0, y0), int(random.integers(50, 300)), color, -1, cv2.LINE_AA)
    yield "photo", photo
    yield "white", np.full((SIDE, SIDE, 3), 255, np.uint8)


class Program:
    """bench_compose, holding one artwork."""

    def __init__(self, program: Path, folder: Path, artwork: str) -> None:
        command = [str(program), str(folder / f"{artwork}.png")]
        self.folder = folder
        self.artwork = artwork
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def ask(self, order: str) -> list[str]:
        assert self.process.stdin is not None
        self.process.stdin.write(order)
        self.process.stdin.flush()
        return self._line().split()

    def warp(self, verb: str) -> Warp:
        def run(case: Case) -> tuple[float, Pixels]:
            file = self.folder / "warped.rgb"
            took = float(self.ask(case.order(verb, file=str(file)))[0])
            return took, np.fromfile(file, np.uint8).reshape(case.size[1], case.size[0], 3)

        return run

    def floats(self, verb: str, case: Case, channels: int) -> Floats:
        """Made once, kept in the folder."""
        file = self.folder / f"{self.artwork}_{case.name.replace(' ', '_')}_{verb}.f32"
        if not file.exists():
            self.ask(case.order(verb, file=str(file)))
        return np.fromfile(file, np.float32).astype(np.float64).reshape(case.size[1], case.size[0], channels).squeeze()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU milliseconds of this process, and what came out."""
    begin = time.process_time()
    result = work()
    return 1000 * (time.process_time() - begin), result


def opencv(artwork: Pixels) -> dict[str, Warp]:
    cv2.setNumThreads(1)

    def run(case: Case) -> tuple[float, Pixels]:
        result = np.zeros((case.size[1], case.size[0], 3), np.uint8)
        to_corner = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])  # OpenCV counts from the centre of the first pixel
        matrix = np.linalg.inv(to_corner) @ case.scene_from_artwork() @ to_corner
        return timed(lambda: cv2.warpPerspective(artwork, matrix, case.size, dst=result, flags=cv2.INTER_LINEAR))

    return {f"OpenCV {cv2.__version__} (PyPI) LINEAR": run}


def pillow(artwork: Pixels) -> dict[str, Warp]:
    image = importlib.import_module("PIL.Image")
    version = importlib.import_module("PIL").__version__
    source = image.fromarray(artwork)

    def run(case: Case) -> tuple[float, Pixels]:
        matrix = np.linalg.inv(case.scene_from_artwork())
        terms = (matrix / matrix[2, 2]).flatten()[:8]
        took, result = timed(lambda: source.transform(case.size, image.Transform.PERSPECTIVE, terms, image.Resampling.BICUBIC))
        return took, np.asarray(result)

    return {f"Pillow {version} (PyPI) BICUBIC": run}


def libvips(artwork: Pixels) -> dict[str, Warp]:
    vips = importlib.import_module("pyvips")
    source = vips.Image.new_from_memory(artwork.tobytes(), SIDE, SIDE, 3, "uchar")

    def run(case: Case) -> tuple[float, Pixels]:
        y, x = np.mgrid[0 : case.size[1], 0 : case.size[0]] + 0.5
        points = np.stack([x, y, np.ones_like(x)], -1) @ np.linalg.inv(case.scene_from_artwork()).T
        index = np.float32(points[..., :2] / points[..., 2:] - 0.5)
        places = vips.Image.new_from_memory(index.tobytes(), case.size[0], case.size[1], 2, "float")
        bicubic = vips.Interpolate.new("bicubic")
        took, result = timed(lambda: source.mapim(places, interpolate=bicubic).write_to_memory())
        return took, np.frombuffer(result, np.uint8).reshape(case.size[1], case.size[0], -1)[..., :3]

    return {f"libvips {vips.version(0)}.{vips.version(1)} (Debian) mapim bicubic": run}


def imagemagick(raw: Path) -> dict[str, Warp]:
    program = shutil.which("convert")
    if program is None:
        return {}
    read = [program, "-limit", "thread", "1", "-size", f"{SIDE}x{SIDE}", "-depth", "8", f"rgb:{raw}"]

    def cpu(command: list[str]) -> tuple[float, bytes]:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = subprocess.run(command, check=True, capture_output=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime), output

    def warp(before: list[str], after: list[str]) -> Warp:
        def run(case: Case) -> tuple[float, Pixels]:
            width, height = case.size
            corners = [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)]
            points = " ".join(f"{u},{v} {x},{y}" for (u, v), (x, y) in zip(corners, case.quad, strict=True))
            viewport = ["-define", f"distort:viewport={width}x{height}+0+0", "-virtual-pixel", "black"]
            distort = [*viewport, "-distort", "Perspective", points, *after, "-depth", "8", "rgb:-"]
            took, output = cpu([*read, *before, *distort])
            reading, _ = cpu([*read, "-crop", "1x1+0+0", "rgb:-"])
            return took - reading, np.frombuffer(output, np.uint8).reshape(height, width, 3)

        return run

    return {
        "ImageMagick (Debian) EWA": warp([], []),
        "ImageMagick (Debian) EWA, linear light": warp(["-colorspace", "RGB"], ["-colorspace", "sRGB"]),
    }


def peers(program: Program, artwork: Pixels, folder: Path, name: str) -> dict[str, Warp]:
    """Ours first, then whoever is installed."""
    warps = {"vitrine": program.warp("ours"), "OpenCV 4.6 (Debian) LINEAR": program.warp("opencv_linear")}
    warps["OpenCV 4.6 (Debian) 4x4, linear light"] = program.warp("opencv_4x4")
    for make in (opencv, pillow, libvips):
        try:
            warps |= make(artwork)
        except (ImportError, OSError):
            continue
    raw = folder / f"{name}.rgb"
    if not raw.exists():
        artwork.tofile(raw)
    return warps | imagemagick(raw)


def psnr(result: Pixels, reference: Floats, inside: NDArray[np.bool_]) -> float:
    error = (result.astype(np.float64) - reference)[inside]
    return float(10 * np.log10(255**2 / np.mean(error**2)))


def linear(values: NDArray[Any]) -> Floats:
    share = values.astype(np.float64) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def aliasing(result: Pixels, case: Case, least: float) -> float:
    """Standard deviation, in linear light, where the zone plate has more than `least` waves a pixel. From one half on
    they are too fine for the output; from one on they come back as false rings."""
    y, x = np.mgrid[0 : case.size[1], 0 : case.size[0]] + 0.5
    points = np.stack([x, y, np.ones_like(x)], -1) @ np.linalg.inv(case.scene_from_artwork()).T
    u, v = (points[..., i] / points[..., 2] - SIDE / 2 for i in (0, 1))
    phase = np.pi * (u**2 + v**2) / SIDE
    down, across = (np.gradient(phase, axis=axis) / (2 * np.pi) for axis in (0, 1))
    waves = np.hypot(across, down)  # a pixel
    too_fine = case.inside(8) & (waves > least) & (np.hypot(u, v) < 0.48 * SIDE)
    return float(linear(result[..., 1])[too_fine].std())


def edge_error(result: Pixels, case: Case, exact: Floats, light: bool) -> float:
    """RMSE of a white artwork's coverage on black, over the two pixels beside the sides."""
    band = cv2.dilate(np.uint8((exact > 0) & (exact < 1)), np.ones((3, 3))) > 0
    share = linear(result[..., 1]) if light else result[..., 1] / 255.0
    return float(np.sqrt(np.mean((share - exact)[band] ** 2)))


def measure_times(warps: dict[str, Warp], case: Case, rounds: int) -> dict[str, float]:
    """Medians, turn by turn; the slow ones take fewer turns."""
    times: dict[str, list[float]] = {}
    for turn in range(rounds):
        for name, warp in warps.items():
            if turn < 3 or times[name][0] < 250:
                times.setdefault(name, []).append(warp(case)[0])
    return {name: statistics.median(values) for name, values in times.items()}


def report_times(programs: dict[str, Program], pictures: dict[str, Pixels], folder: Path, rounds: int) -> None:
    """The table of times, PSNR, aliasing and edges of the upright quad."""
    case = CASES[0]
    warps = {name: peers(programs[name], pictures[name], folder, name) for name in pictures}
    times = measure_times(warps["photo"], case, rounds)
    exact = programs["white"].floats("coverage", case, 1)
    base = times["OpenCV 4.6 (Debian) LINEAR"]
    head = f"{'upright, one thread':<42}{'CPU ms':>9}{'ratio':>8}{'zone':>7}{'text':>7}{'photo':>7}{'> 1/2':>9}{'> 1':>8}{'edge':>8}"
    print(head)
    for name in warps["photo"]:
        row = f"{name:<42}{times[name]:>9.1f}{times[name] / base:>8.2f}"
        zone = warps["zone"][name](case)[1]
        for artwork in ("zone", "text", "photo"):
            reference = programs[artwork].floats("reference", case, 3)
            result = zone if artwork == "zone" else warps[artwork][name](case)[1]
            row += f"{psnr(result, reference, case.inside(3)):>7.1f}"
        edge = edge_error(warps["white"][name](case)[1], case, exact, name == "vitrine" or "linear light" in name)
        print(f"{row}{aliasing(zone, case, 0.5):>9.4f}{aliasing(zone, case, 1):>8.4f}{edge:>8.3f}", flush=True)


def report_quads(programs: dict[str, Program], rounds: int) -> None:
    """Ours on every quad."""
    print(f"\n{'vitrine, one thread':<22}{'CPU ms':>9}{'OpenCV':>9}{'zone':>7}{'text':>7}{'photo':>7}")
    for case in CASES:
        warps = {"ours": programs["photo"].warp("ours"), "opencv": programs["photo"].warp("opencv_linear")}
        times = measure_times(warps, case, rounds)
        row = f"{case.name:<22}{times['ours']:>9.1f}{times['opencv']:>9.1f}"
        for artwork in ("zone", "text", "photo"):
            reference = programs[artwork].floats("reference", case, 3)
            row += f"{psnr(programs[artwork].warp('ours')(case)[1], reference, case.inside(3)):>7.1f}"
        print(row, flush=True)


def report_threads(program: Program, rounds: int) -> None:
    """One thread beside two. Where other programs want the cores, only the CPU time that two threads take tells more."""
    answers: dict[int, list[list[float]]] = {1: [], 2: []}
    for _ in range(3 * rounds):
        for threads, values in answers.items():
            values.append([float(word) for word in program.ask(CASES[0].order("ours", threads))])
    cpu, wall = ({threads: min(v[i] for v in values) for threads, values in answers.items()} for i in (0, 1))
    print(f"\none thread and two, best of {3 * rounds}: {wall[1]:.1f} and {wall[2]:.1f} ms, {wall[1] / wall[2]:.2f}x; ", end="")
    print(f"CPU {cpu[1]:.1f} and {cpu[2]:.1f} ms, which leaves room for {2 * cpu[1] / cpu[2]:.2f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()

    folder: Path = arguments.folder / "compose"
    folder.mkdir(parents=True, exist_ok=True)
    names = ("zone", "text", "photo", "white")
    if not all((folder / f"{name}.png").exists() for name in names):
        for name, picture in artworks():
            cv2.imwrite(str(folder / f"{name}.png"), picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    pictures = {name: np.ascontiguousarray(cv2.imread(str(folder / f"{name}.png"))[..., ::-1]) for name in names}
    programs = {name: Program(arguments.program, folder, name) for name in names}
    report_times(programs, pictures, folder, arguments.rounds)
    report_quads(programs, arguments.rounds)
    report_threads(programs["photo"], arguments.rounds)
    for program in programs.values():
        program.close()


if __name__ == "__main__":
    main()
