"""vitrine detect: where an artwork belongs in a scene."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from rich.table import Table

import vitrine
from vitrine.cli.arguments import detector_of, refuse_to_overwrite
from vitrine.cli.outcome import ExitCode, WrongUsage, errors_reported, exit_code_of
from vitrine.cli.output import error_json, print_json, progress_bar, region_json, say, tables
from vitrine.cli.settings import Settings, load_settings


@dataclass
class Answer:
    """What came out for one scene: a detection, or an error."""

    file: Path
    seconds: float
    size: tuple[int, int] | None = None
    detection: vitrine.Detection | None = None
    error: vitrine.Error | None = None


def detect(
    scenes: Annotated[list[Path], typer.Argument(metavar="SCENE...", readable=False, help="Pictures to look at.")],
    annotate: Annotated[
        Optional[Path],
        typer.Option(readable=False, help="Draws the regions: a file, or a folder for several scenes.", metavar="PATH"),
    ] = None,
    detector: Annotated[Optional[str], typer.Option(help="Who looks: surface.")] = None,
    min_confidence: Annotated[Optional[float], typer.Option(help="Below it the answer is none; 0 to 1.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Find the surfaces in each SCENE that can carry an artwork, best first."""
    with errors_reported(as_json=json):
        settings = load_settings(detector=detector, min_confidence=min_confidence)
        pictures = _annotation_paths(scenes, annotate)
        finder = detector_of(settings.detector, settings.min_confidence)
        answers = []
        with progress_bar() as bar:
            for scene, picture in zip(bar.track(scenes, description="scenes"), pictures, strict=True):
                answers.append(_look_at(scene, picture, finder, settings))
        _report(answers, as_json=json)


def _annotation_paths(scenes: list[Path], annotate: Path | None) -> list[Path | None]:
    if annotate is None:
        return [None] * len(scenes)
    if len(scenes) == 1 and not annotate.is_dir():
        refuse_to_overwrite(annotate, scenes)
        return [annotate]
    if annotate.suffix and not annotate.is_dir():
        raise WrongUsage(f"{len(scenes)} pictures do not fit into the one file '{annotate}'. Name a folder.")
    names = [f"{scene.stem}.png" for scene in scenes]
    if len(set(names)) != len(names):
        raise WrongUsage("Two scenes have the same name, so their pictures would too. Look at them in two runs.")
    annotate.mkdir(parents=True, exist_ok=True)
    for name in names:
        refuse_to_overwrite(annotate / name, scenes)
    return [annotate / name for name in names]


def _look_at(scene: Path, picture: Path | None, finder: vitrine.Detector, settings: Settings) -> Answer:
    start = time.perf_counter()
    answer = Answer(scene, 0)
    try:
        image = vitrine.read_image(scene, vitrine.DecodeOptions(max_pixels=settings.max_pixels))
        answer.size = image.size
        answer.detection = finder.detect(image)
        if picture is not None:
            answer.detection.annotated().save(picture)
    except vitrine.CancelledError:
        raise
    except vitrine.Error as error:
        answer.error = error
        answer.detection = None
    answer.seconds = time.perf_counter() - start
    return answer


def _report(answers: list[Answer], *, as_json: bool) -> None:
    for answer in answers:
        if answer.error is not None:
            say(str(answer.error))
        elif answer.detection is not None and not answer.detection:
            say(f"'{answer.file}': {answer.detection.reason}")
    if as_json:
        print_json({"scenes": [_answer_json(answer) for answer in answers]})
    else:
        tables().print(_table(answers))
    codes = [_exit_code(answer) for answer in answers]
    raise typer.Exit(next((code for code in codes if code != ExitCode.done), ExitCode.done))


def _exit_code(answer: Answer) -> ExitCode:
    if answer.error is not None:
        return exit_code_of(answer.error.code)
    return ExitCode.done if answer.detection else ExitCode.nothing_found


def _answer_json(answer: Answer) -> dict[str, Any]:
    width, height = answer.size or (None, None)
    entry: dict[str, Any] = {
        "file": str(answer.file),
        "width": width,
        "height": height,
        "regions": [region_json(region) for region in answer.detection or []],
        "reason": answer.detection.reason if answer.detection is not None and not answer.detection else None,
        "seconds": round(answer.seconds, 4),
    }
    if answer.error is not None:
        entry["error"] = error_json(answer.error.code, str(answer.error))
    return entry


def _table(answers: list[Answer]) -> Table:
    table = Table("scene", "#", "label", "confidence", "shows", "corners", box=None)
    for answer in answers:
        for number, region in enumerate(answer.detection or [], start=1):
            corners = "  ".join(f"{x:.1f},{y:.1f}" for x, y in region.quad)
            mark = f"({number})" if region.alternative else str(number)
            table.add_row(str(answer.file), mark, region.label, f"{region.confidence:.2f}", region.shows.name, corners)
    return table
