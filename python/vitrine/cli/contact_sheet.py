"""Many pictures on one, each with its name below it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import vitrine
from vitrine.cli.lettering import LETTER_HEIGHT, LETTER_STEP, lettering

CELL = (420, 340)
MARGIN = 16
LETTER_SCALE = 2
LABEL_HEIGHT = LETTER_HEIGHT * LETTER_SCALE + 14
PAPER = 250
INK = 60


def contact_sheet(pictures: Sequence[tuple[vitrine.Image, str]], columns: int = 4) -> vitrine.Image:
    """All the pictures on one sheet of paper.

    Parameters
    ----------
    pictures
        Each with its label; one that is too long for its cell is cut off.
    columns
        Cells side by side.

    Returns
    -------
    An rgb8 picture.
    """
    rows = -(-len(pictures) // columns)
    step_x, step_y = CELL[0] + MARGIN, CELL[1] + LABEL_HEIGHT + MARGIN
    sheet = np.full((rows * step_y + MARGIN, columns * step_x + MARGIN, 3), PAPER, dtype=np.uint8)
    for number, (picture, label) in enumerate(pictures):
        left = MARGIN + number % columns * step_x
        top = MARGIN + number // columns * step_y
        small = np.asarray(vitrine.flatten(vitrine.resize(picture, vitrine.fit_within(picture.size, CELL))))
        height, width = small.shape[:2]
        x, y = left + (CELL[0] - width) // 2, top + CELL[1] - height
        sheet[y : y + height, x : x + width] = small
        ink = lettering(label[: CELL[0] // (LETTER_STEP * LETTER_SCALE)], LETTER_SCALE)
        x, y = left + (CELL[0] - ink.shape[1]) // 2, top + CELL[1] + 8
        sheet[y : y + ink.shape[0], x : x + ink.shape[1]][ink] = INK
    return vitrine.Image(sheet)
