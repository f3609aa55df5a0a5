"""Whole mockups, ours and the peers', turn by turn in one run: mockups a second of one core, and the memory they take.

    bench_mockups.py MOCKUP_WORKER INPUTS [--rounds N]

A 16-megapixel artwork into a 6-megapixel scene, JPEG of quality 90 out. Each worker is a process of its own with one
thread; they make a mockup each in turn, so that a slow moment of the machine hits all alike. Rates are from CPU time.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

CASES = {"cold": "cold artwork", "kept": "artwork kept", "flat": "flat PNG, cold"}
PEERS = {"opencv": "cv2", "opencv-linear": "cv2", "pillow": "PIL"}
MUST = {"cold": 12, "kept": 35, "flat": 16}
MUST_PEAK_MIB = 90
MUST_GROWTH = 0.05


class Worker:
    """A process that makes a mockup when asked to."""

    def __init__(self, command: list[str]) -> None:
        self.answers: list[dict[str, float]] = []
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def turn(self) -> None:
        """Makes one mockup and remembers what it took."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.answers.append(json.loads(self._process.stdout.readline()))

    def end(self) -> None:
        """Lets the process go."""
        self._process.communicate()

    @property
    def rate(self) -> float:
        """Mockups a second, by the median; the first one warms up."""
        return 1e3 / statistics.median(answer["cpu"] for answer in self.answers[1:])

    @property
    def peak(self) -> float:
        """MiB."""
        return self.answers[-1]["peak"]


def answer_of(command: list[str]) -> Any:
    """What a worker says that answers once."""
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def workers(ours: str, inputs: str) -> dict[tuple[str, str], Worker]:
    """One for every tool and case."""
    peers = Path(__file__).with_name("mockup_peers.py")
    made = {("vitrine", case): Worker([ours, inputs, case]) for case in CASES}
    made["vitrine, scene not prepared", "cold"] = Worker([ours, inputs, "whole"])
    for peer, module in PEERS.items():
        if importlib.util.find_spec(module) is None:
            continue
        for case in CASES:
            made[peer, case] = Worker([sys.executable, str(peers), inputs, peer, case])
    return made


def verdict(holds: bool) -> str:
    """For a column that one looks down."""
    return "met" if holds else "MISSED"


def print_table(made: dict[tuple[str, str], Worker]) -> None:
    """Rates and peaks, a line for each tool."""
    print("| mockups a second, one core | " + " | ".join(CASES.values()) + " | peak, MiB |")
    print("| --- |" + " --- |" * (len(CASES) + 1))
    for tool in dict.fromkeys(tool for tool, _ in made):
        rates = [f"{made[tool, case].rate:.1f}" if (tool, case) in made else "" for case in CASES]
        print(f"| {tool} | " + " | ".join(rates) + f" | {made[tool, 'cold'].peak:.0f} |")


def print_gates(made: dict[tuple[str, str], Worker]) -> None:
    """What issue and measurement say."""
    for case, least in MUST.items():
        rate = made["vitrine", case].rate
        print(f"{CASES[case]}: {rate:.1f} a second, at least {least}: {verdict(rate >= least)}")
    peak = made["vitrine", "cold"].peak
    print(f"peak memory, cold: {peak:.0f} MiB, at most {MUST_PEAK_MIB}: {verdict(peak <= MUST_PEAK_MIB)}")


def print_many(ours: str, inputs: str) -> None:
    """Whether memory grows with the number of mockups."""
    many = answer_of([ours, inputs, "many"])
    first, last = many["rss"][0], many["rss"][-1]
    growth = last / first - 1
    print(
        f"1,000 mockups, 20 artworks in 50 rooms: {1e6 / many['cpu']:.1f} a second, {first:.0f} MiB after 50, {last:.0f} at "
        f"the end ({growth:+.1%}), most {max(many['rss']):.0f}: {verdict(abs(growth) <= MUST_GROWTH)}"
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worker")
    parser.add_argument("inputs")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    subprocess.run([options.worker, options.inputs, "prepare"], check=True)
    made = workers(options.worker, options.inputs)
    for _ in range(options.rounds + 1):
        for worker in made.values():
            worker.turn()
    for worker in made.values():
        worker.end()
    print_table(made)
    print()
    print_gates(made)
    print_many(options.worker, options.inputs)
    print("\n| stage | CPU, ms |\n| --- | --- |")
    for stage, ms in answer_of([options.worker, options.inputs, "stages"]).items():
        print(f"| {stage} | {ms:.2f} |")


if __name__ == "__main__":
    main()
