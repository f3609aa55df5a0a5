"""Small letters for the contact sheet, which should need no font and no Pillow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LETTER_HEIGHT = 7
LETTER_STEP = 6

# Five columns a letter, from the left; bit 0 is the top row.
_COLUMNS = {
    " ": "00 00 00 00 00", "A": "7e 09 09 09 7e", "B": "7f 49 49 49 36", "C": "3e 41 41 41 22",
    "D": "7f 41 41 41 3e", "E": "7f 49 49 49 41", "F": "7f 09 09 09 01", "G": "3e 41 49 49 3a",
    "H": "7f 08 08 08 7f", "I": "00 41 7f 41 00", "J": "20 40 41 3f 01", "K": "7f 08 14 22 41",
    "L": "7f 40 40 40 40", "M": "7f 02 0c 02 7f", "N": "7f 04 08 10 7f", "O": "3e 41 41 41 3e",
    "P": "7f 09 09 09 06", "Q": "3e 41 51 21 5e", "R": "7f 09 19 29 46", "S": "26 49 49 49 32",
    "T": "01 01 7f 01 01", "U": "3f 40 40 40 3f", "V": "1f 20 40 20 1f", "W": "3f 40 30 40 3f",
    "X": "63 14 08 14 63", "Y": "03 04 78 04 03", "Z": "61 51 49 45 43", "0": "3e 51 49 45 3e",
    "1": "00 42 7f 40 00", "2": "62 51 49 49 46", "3": "22 41 49 49 36", "4": "18 14 12 7f 10",
    "5": "27 45 45 45 39", "6": "3c 4a 49 49 30", "7": "01 71 09 05 03", "8": "36 49 49 49 36",
    "9": "06 49 49 29 1e", ".": "00 60 60 00 00", ",": "00 50 30 00 00", "-": "08 08 08 08 08",
    "_": "40 40 40 40 40", ":": "00 36 36 00 00", "(": "00 1c 22 41 00", ")": "00 41 22 1c 00",
    "/": "20 10 08 04 02", "?": "02 01 51 09 06", "+": "08 08 3e 08 08", "%": "23 13 08 64 62", "*": "2a 1c 7f 1c 2a",
}  # fmt: skip


def lettering(text: str, scale: int = 2) -> NDArray[np.bool_]:
    """The text in capitals, True where it is inked.

    Parameters
    ----------
    text
        Unknown letters become "?".
    scale
        Pixels for each dot.

    Returns
    -------
    (7 * scale, 6 * scale * len(text)) bool.
    """
    columns = []
    for letter in text.upper():
        columns += [int(column, 16) for column in _COLUMNS.get(letter, _COLUMNS["?"]).split()] + [0]
    bits = np.array(columns, dtype=np.uint8)
    rows = np.arange(LETTER_HEIGHT, dtype=np.uint8)[:, np.newaxis]
    ink = (bits[np.newaxis, :] >> rows) & 1
    return np.kron(ink, np.ones((scale, scale), dtype=np.uint8)).astype(np.bool_)
