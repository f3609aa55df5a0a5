"""vitrine mockup: every artwork into every scene."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer

import vitrine
from vitrine.cli.arguments import detector_of, is_folder, quad_of, refuse_to_overwrite
from vitrine.cli.outcome import WrongUsage, errors_reported, exit_code_of
from vitrine.cli.output import error_json, print_json, progress_bar, region_json, say
from vitrine.cli.settings import Settings, load_settings


def mockup(
    artworks: Annotated[list[Path], typer.Argument(metavar="ARTWORK...", readable=False, help="Pictures to place.")],
    scene: Annotated[
        list[Path],
        typer.Option(readable=False, help="Photos, or templates (.vitrine): one or more.", metavar="SCENE..."),
    ],
    out: Annotated[str, typer.Option(help="A file, or a folder for <artwork>__<scene>.<suffix>.", metavar="PATH")],
    fit: Annotated[Optional[str], typer.Option(help="cover, contain, stretch or mat.")] = None,
    look: Annotated[Optional[str], typer.Option(help="natural has the scene's light on the artwork; or flat.")] = None,
    blend: Annotated[
        Optional[str], typer.Option(help="How its colour and the surface's own mix: normal, multiply, screen, …")
    ] = None,
    quad: Annotated[
        Optional[str],
        typer.Option(help="Where it goes, in pixels, clockwise from top left.", metavar="X,Y X,Y X,Y X,Y"),
    ] = None,
    detector: Annotated[Optional[str], typer.Option(help="Who looks for the place: surface.")] = None,
    min_confidence: Annotated[Optional[float], typer.Option(help="Below it nothing is placed; 0 to 1.")] = None,
    format: Annotated[Optional[str], typer.Option(help="jpeg, png or webp; else the suffix decides.")] = None,
    quality: Annotated[Optional[int], typer.Option(help="JPEG and WebP, 1 to 100.")] = None,
    threads: Annotated[Optional[int], typer.Option(help="Mockups made side by side; 0: one a core.")] = None,
    report: Annotated[
        bool, typer.Option("--report", help="Measure how true each came out: <file>.report.json beside it.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Place every ARTWORK into every SCENE. Artworks come before --scene."""
    with errors_reported(as_json=json):
        settings = load_settings(
            fit=fit,
            look=look,
            blend=blend,
            detector=detector,
            min_confidence=min_confidence,
            format=format,
            quality=quality,
            threads=threads,
        )
        items = _run(artworks, scene, out, quad_of(quad), settings)
        if report:
            for item in items:
                if item.error is None:
                    _write_report(item, settings)
        _report(items, as_json=json)


def _run(
    artworks: list[Path], scenes: list[Path], out: str, quad: vitrine.Quad | None, settings: Settings
) -> list[vitrine.BatchItem]:
    output = Path(out)
    refuse_to_overwrite(output, [*artworks, *scenes])
    detector = detector_of(settings.detector, settings.min_confidence)
    with progress_bar() as bar:
        task = bar.add_task("mockups", total=len(artworks) * len(scenes))

        def done(item: vitrine.BatchItem) -> None:
            bar.advance(task)
            if item.error is not None:
                bar.console.print(f"vitrine: {item.message}", markup=False, highlight=False, soft_wrap=True)

        try:
            return vitrine.run_batch(
                artworks,
                scenes,
                output=output,
                output_is_folder=is_folder(output, out),
                quad=quad,
                fit=settings.fit,
                look=_look(settings),
                policy=vitrine.RegionPolicy(min_confidence=settings.min_confidence),
                encoding=vitrine.EncodeOptions(format=settings.format, quality=settings.quality),
                decoding=vitrine.DecodeOptions(max_pixels=settings.max_pixels),
                threads=settings.threads,
                detector=detector,
                on_done=done,
            )
        except ValueError as error:  # what cannot be asked for: nothing was made
            raise WrongUsage(str(error)) from None


def _look(settings: Settings) -> vitrine.Look:
    return vitrine.Look(light=settings.look, blend=settings.blend)


def _write_report(item: vitrine.BatchItem, settings: Settings) -> None:
    """Compares the artwork in the mockup with its file, and says so if it came out wrong."""
    decoding = vitrine.DecodeOptions(max_pixels=settings.max_pixels)
    if item.region is None:
        return
    if item.scene.suffix == ".vitrine":
        room = vitrine.load_template(item.scene)
    else:
        scene = vitrine.read_image(item.scene, decoding)
        room = vitrine.make_perspective_compositor().prepare(scene, [item.region])
    artwork = vitrine.read_image(item.artwork, decoding)
    placement = vitrine.Placement(artwork, 0, fit=settings.fit, look=_look(settings))
    measured = vitrine.measure_fidelity(room, [placement], mockup=vitrine.read_image(item.output, decoding))
    Path(f"{item.output}.report.json").write_text(vitrine.fidelity_json(measured) + "\n", encoding="utf-8")
    if measured[0].distorted:
        say(f"{item.output}: the artwork looks {measured[0].ratio_distortion:.0%} wider or narrower than it is.")
    if measured[0].coarse:
        say(f"{item.output}: the artwork has less than half the pixels that its place can show. Use a larger file.")


def _report(items: list[vitrine.BatchItem], *, as_json: bool) -> None:
    failed = [item.error for item in items if item.error is not None]
    if as_json:
        print_json({"mockups": [_item_json(item) for item in items]})
    else:
        for item in items:
            if item.error is None:
                print(item.output)
    if not failed:
        return
    if len(items) > 1:
        say(f"{len(items) - len(failed)} of {len(items)} mockups were made.")
    raise typer.Exit(exit_code_of(failed[0]))


def _item_json(item: vitrine.BatchItem) -> dict[str, Any]:
    return {
        "artwork": str(item.artwork),
        "scene": str(item.scene),
        "output": None if item.error else str(item.output),
        "region": region_json(item.region) if item.region else None,
        "error": error_json(item.error, item.message) if item.error else None,
        "seconds": round(item.seconds, 4),
    }
