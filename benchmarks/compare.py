"""Runs our benchmarks and the peers', turn by turn on the same files, and prints medians and ratios.

    compare.py VITRINE_BENCH INPUTS [--rounds N] [NAME…]

A ratio above 1 says how many times as long the peer takes. The peers' warp is bilinear or bicubic on encoded values,
ours averages areas in linear light: theirs does less. Peers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Work = Callable[[], object]
OURS = "vitrine"
CASES = [
    "decode/jpeg", "decode/png", "decode/webp", "encode/jpeg", "encode/png", "encode/webp",
    "shrink", "detect", "prepare", "warp/flat", "warp/natural", "mockup",
]  # fmt: skip


def read_quad(inputs: Path) -> list[tuple[float, float]]:
    """Corners of the place in scene.jpg."""
    numbers = [float(word) for word in (inputs / "quad.txt").read_text(encoding="utf-8").split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def pillow(inputs: Path) -> dict[str, Work]:
    """What Pillow can do of it."""
    image = importlib.import_module("PIL.Image")
    draw = importlib.import_module("PIL.ImageDraw")
    quad = read_quad(inputs)

    def decode(name: str) -> Any:
        picture = image.open(io.BytesIO((inputs / name).read_bytes()))
        picture.load()
        return picture

    def encode(picture: Any, **options: object) -> bytes:
        stream = io.BytesIO()
        picture.save(stream, **options)
        return stream.getvalue()

    scene, artwork, small = decode("scene.jpg"), decode("art.jpg"), decode("art.png").convert("RGB")

    def warp(scene: Any, artwork: Any) -> Any:
        coefficients = artwork_from_scene(quad, artwork.size).flatten()[:8]
        warped = artwork.transform(scene.size, image.Transform.PERSPECTIVE, coefficients, image.Resampling.BICUBIC)
        mask = image.new("L", scene.size)
        draw.Draw(mask).polygon(quad, fill=255)
        mockup = scene.copy()
        mockup.paste(warped, mask=mask)
        return mockup

    return {
        "decode/jpeg": lambda: decode("art.jpg"),
        "decode/png": lambda: decode("art.png"),
        "decode/webp": lambda: decode("art.webp"),
        "encode/jpeg": lambda: encode(small, format="JPEG", quality=85),
        "encode/png": lambda: encode(small, format="PNG"),
        "encode/webp": lambda: encode(small, format="WEBP", quality=85),
        "shrink": lambda: artwork.resize((600, 800), image.Resampling.BOX),
        "warp/flat": lambda: warp(scene, artwork),
        "mockup": lambda: encode(warp(decode("scene.jpg"), decode("art.jpg")), format="JPEG", quality=85),
    }


def opencv(inputs: Path) -> dict[str, Work]:
    """What opencv-python can do of it."""
    cv2 = importlib.import_module("cv2")
    numpy = importlib.import_module("numpy")
    quad = read_quad(inputs)
    quality = [cv2.IMWRITE_JPEG_QUALITY, 85]

    def decode(name: str) -> Any:
        return cv2.imdecode(numpy.fromfile(inputs / name, numpy.uint8), cv2.IMREAD_COLOR)

    scene, artwork, small = decode("scene.jpg"), decode("art.jpg"), decode("art.png")

    def warp(scene: Any, artwork: Any) -> Any:
        height, width = artwork.shape[:2]
        size = (scene.shape[1], scene.shape[0])
        corners = numpy.float32([[0, 0], [width, 0], [width, height], [0, height]])
        scene_from_artwork = cv2.getPerspectiveTransform(corners, numpy.float32(quad))
        warped = cv2.warpPerspective(artwork, scene_from_artwork, size, flags=cv2.INTER_LINEAR)
        mask = cv2.fillConvexPoly(numpy.zeros(scene.shape[:2], numpy.uint8), numpy.int32(quad), 255)
        mockup = scene.copy()
        cv2.copyTo(warped, mask, mockup)
        return mockup

    return {
        "decode/jpeg": lambda: decode("art.jpg"),
        "decode/png": lambda: decode("art.png"),
        "decode/webp": lambda: decode("art.webp"),
        "encode/jpeg": lambda: cv2.imencode(".jpg", small, quality),
        "encode/png": lambda: cv2.imencode(".png", small),
        "encode/webp": lambda: cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, 85]),
        "shrink": lambda: cv2.resize(artwork, (600, 800), interpolation=cv2.INTER_AREA),
        "warp/flat": lambda: warp(scene, artwork),
        "mockup": lambda: cv2.imencode(".jpg", warp(decode("scene.jpg"), decode("art.jpg")), quality),
    }


def artwork_from_scene(quad: list[tuple[float, float]], size: tuple[int, int]) -> Any:
    """(3, 3) float64: takes scene pixels to artwork pixels, as Pillow wants it."""
    numpy = importlib.import_module("numpy")
    width, height = size
    rows, values = [], []
    for (x, y), (u, v) in zip(quad, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return numpy.append(numpy.linalg.solve(numpy.array(rows, float), numpy.array(values, float)), 1).reshape(3, 3)


def milliseconds(work: Work, least: float = 0.3) -> float:
    """Median time of `work`, run for at least that many seconds."""
    times: list[float] = []
    while sum(times) < least:
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return 1000 * statistics.median(times)


def ours(program: Path, inputs: Path, case: str) -> float:
    """The same of our benchmark of that name."""
    command = [str(program), f"--benchmark_filter=^{case}/real_time$", "--benchmark_format=json", "--benchmark_min_time=0.3"]
    environment = os.environ | {"VITRINE_BENCH_INPUTS": str(inputs)}
    output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return float(json.loads(output)["benchmarks"][0]["real_time"])


def installed_peers(inputs: Path) -> dict[str, dict[str, Work]]:
    """The peers that can be imported, with their cases."""
    peers = {}
    for name, module, make in [("Pillow", "PIL", pillow), ("opencv-python", "cv2", opencv)]:
        try:
            importlib.import_module(module)
        except ImportError:
            continue
        peers[name] = make(inputs)
    return peers


def measure(case: str, arguments: argparse.Namespace, peers: dict[str, dict[str, Work]]) -> dict[str, float]:
    """Median over the rounds, for us and for each peer that has the case; one after the other in each round."""
    rounds: dict[str, list[float]] = {}
    for _ in range(arguments.rounds):
        rounds.setdefault(OURS, []).append(ours(arguments.program, arguments.inputs, case))
        for name, works in peers.items():
            if case in works:
                rounds.setdefault(name, []).append(milliseconds(works[case]))
    return {name: statistics.median(times) for name, times in rounds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("inputs", type=Path)
    parser.add_argument("names", nargs="*", help="parts of the names of the cases to run; default: all")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    peers = installed_peers(arguments.inputs)
    print(f"{'case':<16}{OURS:>12}" + "".join(f"{name:>24}" for name in peers))
    for case in CASES:
        if arguments.names and not any(name in case for name in arguments.names):
            continue
        medians = measure(case, arguments, peers)
        line = f"{case:<16}{medians[OURS]:>9.2f} ms"
        for name in peers:
            cell = f"{medians[name]:.2f} ms ({medians[name] / medians[OURS]:.2f}x)" if name in medians else "-"
            line += f"{cell:>24}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
