"""vitrine demo: real mockups of generated scenes and artworks, no key and no network."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

import vitrine
from vitrine import ArtworkStyle, ScenePlace
from vitrine.cli.contact_sheet import contact_sheet
from vitrine.cli.outcome import ExitCode, WrongUsage, errors_reported, exit_code_of
from vitrine.cli.output import error_json, print_json, progress_bar, region_json, say
from vitrine.cli.settings import load_settings

_SCENES: list[tuple[int, ScenePlace, bool]] = [
    (28, ScenePlace.blank, False),
    (25, ScenePlace.hole, False),
    (22, ScenePlace.cutout, False),
    (20, ScenePlace.key, True),
    (23, ScenePlace.blank, True),
    (36, ScenePlace.filled, False),
    (24, ScenePlace.hole, True),
    (29, ScenePlace.blank, True),
]
"""Seed, place, and whether something stands in front of it."""

ARTWORKS_PER_SCENE = 2
WIDE_FROM = 1.15
"""Width over height from which a place gets a wide artwork."""


@dataclass
class Room:
    """A scene to place into."""

    name: str
    picture: vitrine.Image
    template: vitrine.Template
    corners_given: bool = False

    @property
    def is_wide(self) -> bool:
        """True if a wide artwork suits it better than a tall one."""
        return vitrine.aspect_ratio(self.template.regions[0].quad, self.picture.size) >= WIDE_FROM


@dataclass
class Artwork:
    """A picture to place, in the shapes it comes in: one that the user brought has only one."""

    name: str
    tall: vitrine.Image
    wide: vitrine.Image

    def for_room(self, room: Room) -> vitrine.Image:
        """The shape that suits the room."""
        return self.wide if room.is_wide else self.tall


@dataclass
class Mockup:
    """One mockup that was made."""

    output: Path
    artwork: str
    room: Room
    picture: vitrine.Image
    seconds: float

    @property
    def label(self) -> str:
        """What the contact sheet says below it; a star if the corners were not found but known."""
        return f"{self.artwork} / {self.room.name}" + ("*" if self.room.corners_given else "")


@dataclass
class Exhibition:
    """What is there to show: generated, and brought by the user."""

    rooms: list[Room] = field(default_factory=list)
    artworks: list[Artwork] = field(default_factory=list)
    failures: list[tuple[Path, vitrine.Error]] = field(default_factory=list)


def demo(
    images: Annotated[
        Optional[list[Path]],
        typer.Argument(
            metavar="[IMAGE]...",
            readable=False,
            help="Your own: one that has a place for an artwork is used as a scene.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(readable=False, help="The folder to fill.", metavar="DIR")] = Path("out"),
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Make mockups from generated scenes and artworks, and from your IMAGEs, and a contact sheet of them all."""
    with errors_reported(as_json=json):
        try:
            out.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise WrongUsage(f"'{out}' is a file. Name a folder.") from None
        except OSError as error:
            raise vitrine.PermissionDeniedError(f"The folder '{out}' cannot be made: {error.strerror}.") from None
        inputs = out / "inputs"
        inputs.mkdir(exist_ok=True)
        shown = _generate(inputs)
        brought = _sort_images(images or [], shown)
        mockups = _make_all(shown, brought, out)
        sheet = out / "contact_sheet.jpg"
        contact_sheet([(mockup.picture, mockup.label) for mockup in mockups]).save(sheet, quality=90)
        _report(mockups, shown, sheet, out, as_json=json)


def _generate(inputs: Path) -> Exhibition:
    shown = Exhibition()
    for seed, style in enumerate(ArtworkStyle, start=1):
        tall = vitrine.make_procedural_artwork(seed, style, size=(900, 1200))
        wide = vitrine.make_procedural_artwork(seed, style, size=(1200, 900))
        tall.save(inputs / f"artwork_{style.name}_tall.png")
        wide.save(inputs / f"artwork_{style.name}_wide.png")
        shown.artworks.append(Artwork(style.name, tall, wide))
    for seed, place, covered in _SCENES:
        name = f"{place.name}{'_covered' if covered else ''}_{seed}"
        scene = vitrine.make_procedural_scene(seed, place, covered=covered)
        scene.image.save(inputs / f"scene_{name}.png")
        shown.rooms.append(_room(name, scene))
    return shown


def _room(name: str, scene: vitrine.ProceduralScene) -> Room:
    try:
        return Room(name, scene.image, vitrine.prepare(scene.image))
    except vitrine.NoSuitableRegionError as error:
        say(f"The generated scene {name}: {error} Its true corners are used.")
        return Room(name, scene.image, vitrine.prepare(scene.image, quad=scene.surfaces[0].quad), corners_given=True)


def _sort_images(images: list[Path], shown: Exhibition) -> Exhibition:
    brought = Exhibition()
    for path in images:
        try:
            picture = vitrine.read_image(path, vitrine.DecodeOptions(max_pixels=load_settings().max_pixels))
            template = vitrine.prepare(picture)
        except vitrine.NoSuitableRegionError:
            say(f"'{path}' is used as an artwork: no place for one was found in it.")
            brought.artworks.append(Artwork(path.stem, picture, picture))
        except vitrine.Error as error:
            say(str(error))
            brought.failures.append((path, error))
        else:
            say(f"'{path}' is used as a scene: it has a place for an artwork.")
            brought.rooms.append(Room(path.stem, picture, template))
    shown.failures += brought.failures
    return brought


def _pairs(shown: Exhibition, brought: Exhibition) -> list[tuple[Artwork, Room]]:
    pairs = []
    for number, room in enumerate(shown.rooms + brought.rooms):
        for offset in range(ARTWORKS_PER_SCENE):
            pairs.append((shown.artworks[(number * ARTWORKS_PER_SCENE + offset) % len(shown.artworks)], room))
    for artwork in brought.artworks:
        pairs += [(artwork, room) for room in shown.rooms[:ARTWORKS_PER_SCENE] + brought.rooms]
    return pairs


def _make_all(shown: Exhibition, brought: Exhibition, out: Path) -> list[Mockup]:
    mockups = []
    pairs = _pairs(shown, brought)
    with progress_bar() as bar:
        for number, (artwork, room) in enumerate(bar.track(pairs, description="mockups"), start=1):
            start = time.perf_counter()
            picture = room.template.render(artwork.for_room(room))
            suffix = ".png" if vitrine.has_transparency(picture) else ".jpg"
            # Numbered, since two pictures of the user may have one name.
            output = out / f"{number:02}_{artwork.name}__{room.name}{suffix}"
            picture.save(output)
            mockups.append(Mockup(output, artwork.name, room, picture, time.perf_counter() - start))
    return mockups


def _report(mockups: list[Mockup], shown: Exhibition, sheet: Path, out: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "out": str(out),
                "contact_sheet": str(sheet),
                "mockups": [_mockup_json(mockup) for mockup in mockups],
                "failed": [
                    {"file": str(path), "error": error_json(error.code, str(error))} for path, error in shown.failures
                ],
            }
        )
    else:
        print(f"{len(mockups)} mockups are in {out}; all of them at a glance: {sheet}")
    codes = [exit_code_of(error.code) for _, error in shown.failures]
    raise typer.Exit(next(iter(codes), ExitCode.done))


def _mockup_json(mockup: Mockup) -> dict[str, Any]:
    return {
        "output": str(mockup.output),
        "artwork": mockup.artwork,
        "scene": mockup.room.name,
        "region": region_json(mockup.room.template.regions[0]),
        "corners_given": mockup.room.corners_given,
        "seconds": round(mockup.seconds, 4),
    }
