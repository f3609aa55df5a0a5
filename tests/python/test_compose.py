"""bindings/compose.cpp, and the conformance of a compositor written in Python."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import vitrine
from tests.python.conftest import HOLE
from vitrine import Placement, Region
from vitrine.typing import ImageLike

INSIDE = [(50, 40), (110, 40), (110, 80), (50, 80)]
RED = np.full((8, 8, 3), (255, 0, 0), dtype=np.uint8)


class OwnCompositor(vitrine.Compositor):
    """Leaves the measuring to the engine and the drawing too, but counts."""

    def __init__(self) -> None:
        super().__init__()
        self._engine = vitrine.make_perspective_compositor()
        self.renders = 0

    def prepare(
        self, scene: ImageLike, regions: Sequence[Region], *, context: vitrine.Context | None = None
    ) -> vitrine.Template:
        return self._engine.prepare(scene, regions, context=context)

    def render(
        self,
        room: vitrine.Template,
        placements: Sequence[Placement],
        *,
        threads: int = 0,
        context: vitrine.Context | None = None,
    ) -> vitrine.Image:
        self.renders += 1
        return self._engine.render(room, placements, threads=threads, context=context)


COMPOSITORS: dict[str, Callable[[], vitrine.Compositor]] = {
    "perspective": vitrine.make_perspective_compositor,
    "mock": vitrine.make_mock_compositor,
    "python": OwnCompositor,
}


@pytest.fixture(params=COMPOSITORS.values(), ids=list(COMPOSITORS))
def compositor(request: pytest.FixtureRequest) -> vitrine.Compositor:
    """Each compositor in turn."""
    factory: Callable[[], vitrine.Compositor] = request.param
    return factory()


def rendered(
    compositor: vitrine.Compositor, scene: ImageLike, *, context: vitrine.Context | None = None
) -> vitrine.Image:
    """Red on INSIDE, through the C++ interface."""
    room = vitrine.Compositor.prepare(compositor, scene, [Region(INSIDE)])
    return vitrine.Compositor.render(compositor, room, [Placement(RED, look="flat")], context=context)


def test_a_mockup_has_the_size_of_its_scene(compositor: vitrine.Compositor, wall: vitrine.Image) -> None:
    """Conformance."""
    assert rendered(compositor, wall).size == wall.size


def test_a_mockup_shows_the_artwork_in_the_region(compositor: vitrine.Compositor, wall: vitrine.Image) -> None:
    """Conformance: the middle of the region is the artwork's colour."""
    np.testing.assert_allclose(np.asarray(rendered(compositor, wall))[60, 80, :3], [255, 0, 0], atol=1)


def test_a_mockup_equals_its_scene_elsewhere(compositor: vitrine.Compositor, wall: vitrine.Image) -> None:
    """Conformance: above the region nothing changed."""
    np.testing.assert_array_equal(np.asarray(rendered(compositor, wall))[:39], np.asarray(wall)[:39])


def test_a_render_notices_a_cancelled_context(compositor: vitrine.Compositor, wall: vitrine.Image) -> None:
    """Conformance."""
    context = vitrine.Context()
    context.cancel()
    with pytest.raises(vitrine.CancelledError):
        rendered(compositor, wall, context=context)


def test_a_mockup_comes_as_a_file_too(compositor: vitrine.Compositor, wall: vitrine.Image) -> None:
    """Conformance: render_encoded() is render() and encode()."""
    room = compositor.prepare(wall, [Region(INSIDE)])
    encoded = vitrine.Compositor.render_encoded(
        compositor, room, [Placement(RED)], encoding=vitrine.EncodeOptions(format="png")
    )
    assert vitrine.decode_image(encoded) == compositor.render(room, [Placement(RED)])


def test_a_python_compositor_is_used_by_the_pipeline(artwork_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """A batch draws with it."""
    own = OwnCompositor()
    vitrine.run_batch([artwork_file], [wall_file], output=tmp_path / "out", quad=INSIDE, compositor=own)
    assert own.renders == 1


def test_a_python_compositor_may_encode_by_itself(wall: vitrine.Image) -> None:
    """An override of render_encoded() is called."""

    class Encoding(OwnCompositor):
        def render_encoded(
            self,
            room: vitrine.Template,
            placements: Sequence[Placement],
            *,
            encoding: vitrine.EncodeOptions = vitrine.EncodeOptions(),
            threads: int = 0,
            context: vitrine.Context | None = None,
        ) -> bytes:
            return b"mine"

    own = Encoding()
    assert vitrine.Compositor.render_encoded(own, own.prepare(wall, [Region(INSIDE)]), [Placement(RED)]) == b"mine"


def test_a_template_renders_by_itself(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """With the engine."""
    room = vitrine.prepare(scene, quad=HOLE)
    engine = vitrine.make_perspective_compositor()
    assert room.render(artwork, fit="contain") == engine.render(room, [Placement(artwork, fit="contain")])


def test_a_template_renders_anything_that_is_a_picture(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """An array does as well."""
    room = vitrine.prepare(scene)
    assert room.render(np.asarray(artwork)) == room.render(artwork)


def test_the_fits_differ(scene: vitrine.Image) -> None:
    """A tall artwork in a wide place."""
    room = vitrine.prepare(scene)
    tall = np.zeros((60, 20, 3), dtype=np.uint8)
    assert room.render(tall, fit="contain") != room.render(tall, fit="cover")


def test_opacity_is_part_of_the_look(wall: vitrine.Image) -> None:
    """An artwork of no opacity is not seen."""
    room = vitrine.prepare(wall, quad=INSIDE)
    assert room.render(RED, look=vitrine.Look(opacity=0)) == wall


def test_threads_do_not_change_the_result(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """One, four and sixteen give the same pixels."""
    room = vitrine.prepare(scene)
    one, four, sixteen = (room.render(artwork, threads=count) for count in (1, 4, 16))
    assert one == four == sixteen


def test_a_region_that_is_not_there_is_refused(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """The message shows the index."""
    with pytest.raises(ValueError, match="7"):
        vitrine.prepare(scene).render(artwork, 7)


def test_a_template_survives_its_file(scene: vitrine.Image, artwork: vitrine.Image, tmp_path: Path) -> None:
    """Saved and loaded it renders the same."""
    room = vitrine.prepare(scene)
    room.save(tmp_path / "room.vitrine")
    assert vitrine.load_template(tmp_path / "room.vitrine").render(artwork) == room.render(artwork)


def test_a_template_survives_bytes(scene: vitrine.Image) -> None:
    """In memory as in a file."""
    room = vitrine.prepare(scene)
    assert vitrine.decode_template(room.encode()).regions == room.regions


def test_a_template_survives_pickling(scene: vitrine.Image) -> None:
    """For worker pools."""
    room = vitrine.prepare(scene)
    assert pickle.loads(pickle.dumps(room)).scene == room.scene


def test_a_damaged_template_is_corrupt_data(scene: vitrine.Image) -> None:
    """One flipped byte is noticed."""
    encoded = bytearray(vitrine.prepare(scene).encode())
    encoded[len(encoded) // 2] ^= 0xFF
    with pytest.raises(vitrine.CorruptDataError):
        vitrine.decode_template(encoded)


def test_is_template_goes_by_content(scene: vitrine.Image) -> None:
    """The first bytes tell."""
    assert vitrine.is_template(vitrine.prepare(scene).encode()[:64])


def test_a_template_shows_its_picture_in_a_notebook(scene: vitrine.Image) -> None:
    """The scene with its regions."""
    assert vitrine.decode_image(vitrine.prepare(scene)._repr_png_()).size == scene.size


def test_a_template_tells_what_it_is(scene: vitrine.Image) -> None:
    """Size and number of regions."""
    assert repr(vitrine.prepare(scene, quad=HOLE)) == "<vitrine.Template 160 x 120, regions: 1>"


def test_measured_light_is_there_to_look_at() -> None:
    """A blank surface has a light map of floats."""
    scene = vitrine.make_procedural_scene(2, "blank", size=(640, 480))
    light = vitrine.make_perspective_compositor().prepare(scene.image, scene.surfaces).light(0)
    assert light is not None
    assert light.format is vitrine.PixelFormat.rgb_f32


def test_light_that_was_not_measured_is_none(scene: vitrine.Image) -> None:
    """A hole has no light of its own."""
    room = vitrine.prepare(scene)
    assert (room.has_light(0), room.light(0)) == (False, None)


def test_a_placement_keeps_what_it_was_given(artwork: vitrine.Image) -> None:
    """Words become enumerations."""
    placement = Placement(artwork, 1, fit="stretch", look="flat")
    assert (placement.artwork, placement.region, placement.fit, placement.look.light) == (
        artwork,
        1,
        vitrine.Fit.stretch,
        vitrine.Light.flat,
    )


def test_the_mock_fails_as_it_was_told(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """For tests of what comes then."""
    mock = vitrine.make_mock_compositor(render_error="unavailable")
    room = mock.prepare(scene, [Region(HOLE)])
    with pytest.raises(vitrine.UnavailableError):
        mock.render(room, [Placement(artwork)])
