"""Makes mockups as the peers' users do, one for every line read: mockup_peers.py INPUTS PEER CASE.

Peers: opencv (the region only, INTER_LINEAR), opencv-linear (4 x 4 samples a pixel in linear light: our quality), pillow
(the region only, bicubic). Cases: cold, kept, flat, as in mockup_worker.cpp. One thread.
"""

from __future__ import annotations

import importlib
import io
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

QUALITY = 90
Quad = list[tuple[float, float]]
Mockup = Callable[[Any], bytes]


def read_quad(inputs: Path) -> Quad:
    """Corners of the place in scene6.jpg."""
    numbers = [float(word) for word in (inputs / "quad6.txt").read_text(encoding="utf-8").split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def box_of(quad: Quad) -> tuple[int, int, int, int]:
    """Whole pixels that hold the quad: x, y, width, height."""
    left, top = int(min(x for x, _ in quad)), int(min(y for _, y in quad))
    return left, top, int(max(x for x, _ in quad)) + 1 - left, int(max(y for _, y in quad)) + 1 - top


def corners_of(width: int, height: int) -> Quad:
    """Of an artwork."""
    return [(0, 0), (width, 0), (width, height), (0, height)]


def opencv(inputs: Path, samples: int) -> tuple[Callable[[Path], Any], Mockup]:
    """How OpenCV reads an artwork, and puts it into the scene; `samples` above 1 a side: in linear light."""
    cv2 = importlib.import_module("cv2")
    numpy = importlib.import_module("numpy")
    cv2.setNumThreads(1)
    quad = read_quad(inputs)
    left, top, width, height = box_of(quad)
    inside = numpy.array([((x - left) * samples, (y - top) * samples) for x, y in quad], numpy.float32)
    values = numpy.arange(256) / 255
    linear = numpy.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    to_linear = numpy.round(linear * 65535).astype(numpy.uint16)
    light = numpy.arange(65536) / 65535
    encoded = numpy.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    to_encoded = numpy.round(encoded * 255).astype(numpy.uint8)

    def read(path: Path) -> Any:
        return cv2.imread(str(path), cv2.IMREAD_COLOR)

    def shrunk(large: Any) -> Any:
        return large if samples == 1 else cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)

    def warp(picture: Any) -> tuple[Any, Any]:
        source = numpy.array(corners_of(picture.shape[1], picture.shape[0]), numpy.float32)
        matrix = cv2.getPerspectiveTransform(source, inside)
        size = (width * samples, height * samples)
        warped = cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        mask = numpy.zeros((size[1], size[0]), numpy.uint8)
        cv2.fillConvexPoly(mask, numpy.round(inside).astype(numpy.int32), 255, cv2.LINE_AA)
        return shrunk(warped), shrunk(mask)[..., None]

    def mockup(artwork: Any) -> bytes:
        scene = cv2.imread(str(inputs / "scene6.jpg"), cv2.IMREAD_COLOR)
        region = scene[top : top + height, left : left + width]
        if samples == 1:
            warped, mask = warp(artwork)
            share = mask.astype(numpy.float32) / 255
            region[:] = (warped * share + region * (1 - share) + 0.5).astype(numpy.uint8)
        else:
            warped, mask = warp(cv2.LUT(artwork, to_linear))
            share = mask.astype(numpy.float32) / 255
            mixed = warped * share + cv2.LUT(region, to_linear) * (1 - share)
            region[:] = to_encoded[(mixed + 0.5).astype(numpy.uint16)]
        return bytes(cv2.imencode(".jpg", scene, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])

    return read, mockup


def pillow(inputs: Path) -> tuple[Callable[[Path], Any], Mockup]:
    """The same of Pillow."""
    image = importlib.import_module("PIL.Image")
    numpy = importlib.import_module("numpy")
    quad = read_quad(inputs)
    left, top, width, height = box_of(quad)

    def read(path: Path) -> Any:
        return image.open(path).convert("RGB")

    def coefficients(size: tuple[int, int]) -> list[float]:
        rows, values = [], []
        for (x, y), (u, v) in zip([(x - left, y - top) for x, y in quad], corners_of(*size), strict=True):
            rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
            values += [u, v]
        return [float(value) for value in numpy.linalg.solve(numpy.array(rows), numpy.array(values))]

    def mockup(artwork: Any) -> bytes:
        scene = image.open(inputs / "scene6.jpg").convert("RGB")
        data = coefficients(artwork.size)
        transform, bicubic = image.Transform.PERSPECTIVE, image.Resampling.BICUBIC
        warped = artwork.transform((width, height), transform, data, bicubic)
        mask = image.new("L", artwork.size, 255).transform((width, height), transform, data, bicubic)
        scene.paste(warped, (left, top), mask)
        stream = io.BytesIO()
        scene.save(stream, format="JPEG", quality=QUALITY)
        return stream.getvalue()

    return read, mockup


def peak_mib() -> float:
    """The most memory that this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Answers every line with a mockup's cost."""
    inputs, peer, case = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    read, mockup = pillow(inputs) if peer == "pillow" else opencv(inputs, 4 if peer == "opencv-linear" else 1)
    file = inputs / ("flat16.png" if case == "flat" else "art16.jpg")
    kept = read(file) if case == "kept" else None
    for _ in sys.stdin:
        cpu, wall = time.process_time(), time.perf_counter()
        mockup(read(file) if kept is None else kept)
        used, passed = time.process_time() - cpu, time.perf_counter() - wall
        print(json.dumps({"cpu": used * 1e3, "wall": passed * 1e3, "peak": peak_mib()}), flush=True)


if __name__ == "__main__":
    main()
