"""vitrine template: prepares a scene once, for many mockups."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Optional

import typer

import vitrine
from vitrine.cli.arguments import detector_of, quad_of, refuse_to_overwrite
from vitrine.cli.outcome import errors_reported
from vitrine.cli.output import print_json, region_json
from vitrine.cli.settings import Settings, load_settings


def template(
    scene: Annotated[Path, typer.Argument(metavar="SCENE", readable=False, help="The photo.")],
    out: Annotated[Path, typer.Option(readable=False, help="The template file.", metavar="ROOM.vitrine")],
    quad: Annotated[
        Optional[str],
        typer.Option(help="Where artworks go, in pixels, clockwise from top left.", metavar="X,Y X,Y X,Y X,Y"),
    ] = None,
    detector: Annotated[Optional[str], typer.Option(help="Who looks for the place: surface.")] = None,
    min_confidence: Annotated[Optional[float], typer.Option(help="Below it nothing is used; 0 to 1.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Prepare SCENE for many mockups: find its regions, measure their light. Use it as mockup --scene ROOM.vitrine."""
    with errors_reported(as_json=json):
        settings = load_settings(detector=detector, min_confidence=min_confidence)
        refuse_to_overwrite(out, [scene])
        start = time.perf_counter()
        room = _prepare(scene, quad_of(quad), settings)
        room.save(out)
        if json:
            width, height = room.scene.size
            print_json(
                {
                    "template": str(out),
                    "scene": str(scene),
                    "width": width,
                    "height": height,
                    "regions": [region_json(region) for region in room.regions],
                    "seconds": round(time.perf_counter() - start, 4),
                }
            )
        else:
            print(out)


def _prepare(scene: Path, quad: vitrine.Quad | None, settings: Settings) -> vitrine.Template:
    picture = vitrine.read_image(scene, vitrine.DecodeOptions(max_pixels=settings.max_pixels))
    try:
        return vitrine.prepare(
            picture,
            quad=quad,
            detector=detector_of(settings.detector, settings.min_confidence),
            min_confidence=settings.min_confidence,
        )
    except ValueError as error:  # corners that do not fit this scene
        raise vitrine.InvalidImageError(f"'{scene}': {error}") from None
    except vitrine.NoSuitableRegionError as error:
        raise vitrine.NoSuitableRegionError(f"'{scene}': {error}") from None
