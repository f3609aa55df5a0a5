"""Arrays and Pillow images go in and come out, without detours over files."""

# [sample]
import numpy as np
from PIL import Image as Pillow

import vitrine

artwork = Pillow.open("art.png").rotate(180)  # any mode
scene = np.asarray(vitrine.read_image("room.jpg"))[:, ::-1]  # any strides: here a mirrored view

mockup = vitrine.mockup(artwork, scene)
pixels = np.asarray(mockup)  # no copy; (height, width, 3) uint8
mockup.to_pil().save("mirrored.png")
# [/sample]
print(pixels.shape)
