"""The settings for commands: what is wrong with them is wrong usage."""

from __future__ import annotations

from vitrine.cli.outcome import WrongUsage
from vitrine.settings import (
    FILE as FILE,
    Settings as Settings,
    SettingsError,
    load_settings as _load_settings,
    shown as shown,
    sources as _sources,
)


def load_settings(**flags: object) -> Settings:
    """The settings, with the flags that were given (None: not given) before all else."""
    try:
        return _load_settings(**flags)
    except SettingsError as error:
        raise WrongUsage(str(error)) from None


def sources() -> dict[str, tuple[str, str]]:
    """For each setting its value as text, secrets hidden, and where it comes from."""
    try:
        return _sources()
    except SettingsError as error:
        raise WrongUsage(str(error)) from None
