"""Makes the pictures that the other examples use: art.png and room.jpg."""

import vitrine

vitrine.make_procedural_artwork(1, "line_art", size=(600, 800)).save("art.png")
vitrine.make_procedural_scene(28, "blank").image.save("room.jpg")
