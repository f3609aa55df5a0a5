"""Configuration: flags, then VITRINE_* variables, then vitrine.toml, then defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from vitrine.cli.outcome import WrongUsage

FILE = "vitrine.toml"


class Settings(BaseSettings):
    """What can be set once instead of for each call."""

    model_config = SettingsConfigDict(env_prefix="VITRINE_", toml_file=FILE, extra="forbid")

    fit: Literal["cover", "contain", "stretch"] = "cover"
    look: Literal["natural", "flat"] = "natural"
    detector: str = "surface"
    min_confidence: float = Field(0.5, ge=0, le=1)
    format: Literal["jpeg", "png", "webp"] | None = None
    quality: int = Field(85, ge=1, le=100)
    threads: int = Field(0, ge=0, le=1024)
    max_pixels: int = Field(100_000_000, ge=1)
    generator: str = "procedural"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags come first; no .env file is read."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: object) -> Settings:
    """The settings, with the flags that were given (None: not given) before all else."""
    try:
        given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
        return Settings(**given)
    except ValidationError as error:
        raise WrongUsage(_sentence(error, flags)) from None
    except ValueError as error:  # what tomllib says of a file that is no TOML
        raise WrongUsage(f"{FILE} cannot be read: {error}. Mend it or remove it.") from None


def sources() -> dict[str, tuple[str, str]]:
    """For each setting its value as text, secrets hidden, and where it comes from."""
    settings = load_settings()
    variables = EnvSettingsSource(Settings)()
    file = TomlConfigSettingsSource(Settings)()
    found = {}
    for name in Settings.model_fields:
        source = "default"
        if name in variables:
            source = f"VITRINE_{name.upper()}"
        elif name in file:
            source = str(Path(FILE).resolve())
        found[name] = (shown(getattr(settings, name)), source)
    return found


def shown(value: Any) -> str:
    """A value as text; of a secret only that there is one."""
    if isinstance(value, SecretStr):
        return "<hidden>" if value.get_secret_value() else "<empty>"
    return "not set" if value is None else str(value)


def _sentence(error: ValidationError, flags: dict[str, object]) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        return f"{FILE} sets {name!r}, which is no setting. Use one of: {known}."
    if flags.get(name) is not None:
        place = "--" + name.replace("_", "-")
    elif name in EnvSettingsSource(Settings)():
        place = f"The variable VITRINE_{name.upper()}"
    else:
        place = f"{name} in {FILE}"
    return f"{place} is {first['input']!r}: {first['msg'][0].lower()}{first['msg'][1:]}."
