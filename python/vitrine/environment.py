"""Variables: VITRINE_* and the names that the Etsy pipeline uses, of the process and of .env files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

FILES = (Path(".env"), Path("backend") / ".env")
"""Where the Etsy pipeline keeps its variables, the first before the second."""

OLD_NAMES = {
    "BFL_API_KEY": "bfl_api_key",
    "GOOGLE_APPLICATION_CREDENTIALS": "google_credentials",
    "FIREBASE_STORAGE_BUCKET": "bucket",
    "GOOGLE_CLOUD_PROJECT": "google_project",
    "FIRESTORE_EMULATOR_HOST": "firestore_emulator",
    "STORAGE_EMULATOR_HOST": "storage_emulator",
    "USE_OPENCV_DETECTION": "use_opencv_detection",
    "OPENCV_DETECTION_PERCENTAGE": "opencv_detection_percentage",
    "FEATURE_FLAGS_CONFIG": "feature_flags_config",
    "LOG_LEVEL": "log_level",
    "LOG_FORMAT": "log_format",
    "LOG_SENSITIVE_FIELDS": "log_sensitive_fields",
}
"""The setting that each of the old names stands for."""

_PATHS = {"google_credentials", "feature_flags_config", "data_folder", "input_folder", "bfl_prices"}


@dataclass(frozen=True)
class Variable:
    """A setting's value as text, and where it was found."""

    value: str
    source: str


def variables(settings: Iterable[str]) -> dict[str, Variable]:
    """What the variables say of these settings; an empty one counts as not set.

    The process comes before files, and in each place VITRINE_* before the old names.

    Raises
    ------
    OSError, UnicodeDecodeError
        A .env file is there and cannot be read.
    """
    names = set(settings)
    found: dict[str, Variable] = {}
    _add(found, os.environ, names, None)
    for file in FILES:
        if file.is_file():
            # An empty file name would make it look for one in the folders above.
            _add(found, dotenv_values(file), names, file)
    return found


def _add(found: dict[str, Variable], place: Mapping[str, str | None], names: set[str], file: Path | None) -> None:
    aliases = {f"VITRINE_{name.upper()}": name for name in sorted(names)} | OLD_NAMES
    for alias, name in aliases.items():
        value = place.get(alias)
        if value and name in names and name not in found:
            source = alias if file is None else f"{alias} in {file}"
            found[name] = Variable(_from(file, value) if name in _PATHS else value, source)


def _from(file: Path | None, value: str) -> str:
    """A path in a file starts where the file is: the Etsy pipeline's worker runs in the folder of its own."""
    return value if file is None else str(file.parent / value)
