"""Configuration: flags, then variables (also those of the Etsy pipeline), then vitrine.toml, then defaults."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from vitrine.environment import Variable, variables

FILE = "vitrine.toml"

_DEPLOYMENT = "an existing deployment: a bucket and Google credentials are set"


class SettingsError(ValueError):
    """A setting that cannot be; the message names it, where it comes from and what it may be."""


def _words(value: object) -> object:
    """The words of "a, b"; lists stay as they are."""
    if isinstance(value, str):
        return [word for word in (part.strip() for part in value.split(",")) if word]
    return value


def _level(value: object) -> object:
    """A level in any case, and in the two other words that Python's logging has."""
    word = value.strip().lower() if isinstance(value, str) else value
    return {"warn": "warning", "fatal": "critical"}.get(str(word), word)


def _percentage(value: object) -> object:
    """As the Etsy pipeline has it: what is no whole number counts as 0, and the rest is cut to 0 to 100."""
    try:
        return min(max(int(str(value)), 0), 100)
    except ValueError:
        return 0


def _is_true(value: object) -> object:
    """As the Etsy pipeline has it: only "true" is, in any case."""
    return value.strip().lower() == "true" if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_words)]
Dollars = Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=6)]


class Settings(BaseSettings):
    """What can be set once instead of for each call; docs/configuration.md says what each is for."""

    model_config = SettingsConfigDict(env_prefix="VITRINE_", toml_file=FILE, extra="forbid")

    # pictures
    fit: Literal["cover", "contain", "stretch", "mat"] = "cover"
    look: Literal["natural", "flat"] = "natural"
    blend: Literal[
        "normal", "multiply", "screen", "overlay", "soft_light", "hard_light", "darken", "lighten"
    ] = "normal"
    detector: str = "surface"
    min_confidence: float = Field(default=0.5, ge=0, le=1)
    format: Literal["jpeg", "png", "webp"] | None = None
    quality: int | None = Field(default=None, ge=1, le=100)
    threads: int = Field(default=0, ge=0, le=1024)
    max_pixels: int = Field(default=100_000_000, ge=1)

    # where jobs and objects are
    data_folder: Path = Path("vitrine-data")
    job_store: Literal["memory", "sqlite", "firestore"] | None = None
    sqlite_synchronous: Literal["normal", "full"] = "normal"
    object_store: Literal["memory", "file", "gcs", "s3"] | None = None
    bucket: str = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    google_credentials: Path | None = None
    google_project: str = ""
    firestore_emulator: str = ""
    storage_emulator: str = ""

    # pictures that are ordered
    generator: Literal["procedural", "bfl"] | None = None
    bfl_api_key: SecretStr = SecretStr("")
    bfl_base_url: str = ""
    bfl_model: str = "flux-2-pro"
    bfl_prices: Path | None = None
    budget_per_job: Dollars | None = None
    budget_per_day: Dollars | None = None

    # workers
    workers: int = Field(default=2, ge=1, le=256)
    memory_mb: int = Field(default=2048, ge=64, le=1 << 20)
    lease: float = Field(default=30, ge=3, le=3600)
    grace: float = Field(default=25, ge=0, le=86_400)
    templates: str = "templates/"
    input_folder: Path | None = None
    trusted_hosts: Words = []

    # logs of workers
    log_level: Annotated[Literal["debug", "info", "warning", "error", "critical"], BeforeValidator(_level)] = "info"
    log_format: str = "json"
    log_sensitive_fields: Words = []

    # read for old deployments; see docs/configuration.md
    use_opencv_detection: Annotated[bool, BeforeValidator(_is_true)] = False
    opencv_detection_percentage: Annotated[int, BeforeValidator(_percentage)] = 0
    feature_flags_config: Path | None = None

    @model_validator(mode="after")
    def _choose(self) -> Settings:
        """Stores and generator that nobody named: those of an existing deployment, if there is one."""
        deployed = self.is_existing_deployment
        self.job_store = self.job_store or ("firestore" if deployed else "sqlite")
        self.object_store = self.object_store or ("gcs" if deployed else "file")
        self.generator = self.generator or ("bfl" if self.bfl_api_key.get_secret_value() else "procedural")
        return self

    @property
    def is_existing_deployment(self) -> bool:
        """True if a bucket and a way to reach Google are set, as the Etsy pipeline needs them."""
        return bool(self.bucket and (self.google_credentials or self.firestore_emulator))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags come first; variables are read by vitrine.environment."""
        return init_settings, _Variables(settings_cls), TomlConfigSettingsSource(settings_cls)


class _Variables(PydanticBaseSettingsSource):
    """Variables of the process and of .env files."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Part of the interface; everything is told by the call."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        return {name: variable.value for name, variable in _variables().items()}


def load_settings(**flags: object) -> Settings:
    """The settings, with the flags that were given (None: not given) before all else.

    Raises
    ------
    SettingsError
        A value cannot be, or a file cannot be read.
    """
    try:
        given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_sentence(error, flags)) from None
    except (ValueError, OSError) as error:  # what tomllib says of a file that is no TOML
        raise SettingsError(f"{FILE} cannot be read: {error}. Mend it or remove it.") from None


def sources() -> dict[str, tuple[str, str]]:
    """For each setting its value as text, secrets hidden, and where it comes from."""
    settings = load_settings()
    found_variables = _variables()
    file = TomlConfigSettingsSource(Settings)()
    found = {}
    for name in Settings.model_fields:
        source = "default"
        if name in found_variables:
            source = found_variables[name].source
        elif name in file:
            source = str(Path(FILE).resolve())
        elif name in ("job_store", "object_store") and settings.is_existing_deployment:
            source = _DEPLOYMENT
        elif name == "generator" and settings.generator == "bfl":
            source = "there is a key for it"
        found[name] = (shown(getattr(settings, name)), source)
    return found


def shown(value: Any) -> str:
    """A value as text; of a secret only that there is one."""
    if isinstance(value, SecretStr):
        return "<hidden>" if value.get_secret_value() else "not set"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not set" if value is None or value == "" else str(value)


def _variables() -> dict[str, Variable]:
    try:
        return variables(Settings.model_fields)
    except OSError as error:
        raise SettingsError(f"'{error.filename}' cannot be read: {error.strerror}. Mend it or remove it.") from None
    except UnicodeDecodeError:
        raise SettingsError("A .env file cannot be read: it is no UTF-8 text. Mend it or remove it.") from None


def _sentence(error: ValidationError, flags: dict[str, object]) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        return f"{FILE} sets {name!r}, which is no setting. Use one of: {known}."
    found = _variables()
    if flags.get(name) is not None:
        place = "--" + name.replace("_", "-")
    elif name in found:
        place = f"The variable {found[name].source}"
    else:
        place = f"{name} in {FILE}"
    told = "a value" if name == "bfl_api_key" else repr(first["input"])
    return f"{place} is {told}: {first['msg'][0].lower()}{first['msg'][1:]}."
