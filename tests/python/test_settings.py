"""Where settings come from: variables, old names, .env files, vitrine.toml."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.python.command import clean_environment
from vitrine.settings import Settings, SettingsError, load_settings, sources


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current folder and no variables of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        for name in set(os.environ) - set(clean_environment()):
            patch.delenv(name)
        yield tmp_path


def test_everything_has_a_default() -> None:
    """One machine, no key, nothing outside of one folder."""
    settings = load_settings()
    assert (settings.job_store, settings.object_store, settings.generator, settings.data_folder) == (
        "sqlite",
        "file",
        "procedural",
        Path("vitrine-data"),
    )


OLD = [
    ("FIREBASE_STORAGE_BUCKET", "shop.appspot.com", "bucket", "shop.appspot.com"),
    ("GOOGLE_APPLICATION_CREDENTIALS", "key.json", "google_credentials", Path("key.json")),
    ("GOOGLE_CLOUD_PROJECT", "shop", "google_project", "shop"),
    ("FIRESTORE_EMULATOR_HOST", "localhost:8080", "firestore_emulator", "localhost:8080"),
    ("STORAGE_EMULATOR_HOST", "http://localhost:9023", "storage_emulator", "http://localhost:9023"),
    ("USE_OPENCV_DETECTION", "TRUE", "use_opencv_detection", True),
    ("USE_OPENCV_DETECTION", "yes", "use_opencv_detection", False),
    ("OPENCV_DETECTION_PERCENTAGE", "140", "opencv_detection_percentage", 100),
    ("OPENCV_DETECTION_PERCENTAGE", "some", "opencv_detection_percentage", 0),
    ("FEATURE_FLAGS_CONFIG", "flags.json", "feature_flags_config", Path("flags.json")),
    ("LOG_LEVEL", "WARN", "log_level", "warning"),
    ("LOG_FORMAT", "%(message)s", "log_format", "%(message)s"),
    ("LOG_SENSITIVE_FIELDS", "email, phone", "log_sensitive_fields", ["email", "phone"]),
]


@pytest.mark.parametrize(("variable", "text", "setting", "value"), OLD)
def test_the_old_names_are_understood(
    variable: str, text: str, setting: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the meaning that they have in the Etsy pipeline."""
    monkeypatch.setenv(variable, text)
    assert getattr(load_settings(), setting) == value


def test_the_old_key_is_understood_and_chooses_its_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    """BFL_API_KEY."""
    monkeypatch.setenv("BFL_API_KEY", "k3y")
    settings = load_settings()
    assert (settings.bfl_api_key.get_secret_value(), settings.generator) == ("k3y", "bfl")


def test_a_new_name_wins_over_an_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same place."""
    monkeypatch.setenv("FIREBASE_STORAGE_BUCKET", "old")
    monkeypatch.setenv("VITRINE_BUCKET", "new")
    assert load_settings().bucket == "new"


@pytest.mark.parametrize("file", [".env", "backend/.env"])
def test_a_file_of_variables_is_read(file: str, folder: Path) -> None:
    """In the current folder and where the Etsy pipeline keeps its own."""
    (folder / "backend").mkdir()
    (folder / file).write_text("# ours\nexport FIREBASE_STORAGE_BUCKET='shop'\nVITRINE_WORKERS=5\n", encoding="utf-8")
    settings = load_settings()
    assert (settings.bucket, settings.workers) == ("shop", 5)


def test_the_process_wins_over_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even with an old name against a new one."""
    (folder / ".env").write_text("VITRINE_BUCKET=file\n", encoding="utf-8")
    monkeypatch.setenv("FIREBASE_STORAGE_BUCKET", "process")
    assert load_settings().bucket == "process"


def test_a_path_in_a_file_starts_where_the_file_is(folder: Path) -> None:
    """The old worker runs in the folder of its .env."""
    (folder / "backend").mkdir()
    (folder / "backend" / ".env").write_text("GOOGLE_APPLICATION_CREDENTIALS=./key.json\n", encoding="utf-8")
    assert load_settings().google_credentials == Path("backend/key.json")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As container files pass it."""
    monkeypatch.setenv("VITRINE_WORKERS", "")
    assert load_settings().workers == 2


def test_an_existing_deployment_keeps_its_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bucket and credentials are set, and no store is named."""
    monkeypatch.setenv("FIREBASE_STORAGE_BUCKET", "shop")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "key.json")
    settings = load_settings()
    assert (settings.job_store, settings.object_store) == ("firestore", "gcs")


def test_a_named_store_wins_over_the_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    """One by one."""
    monkeypatch.setenv("FIREBASE_STORAGE_BUCKET", "shop")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "key.json")
    monkeypatch.setenv("VITRINE_JOB_STORE", "sqlite")
    settings = load_settings()
    assert (settings.job_store, settings.object_store) == ("sqlite", "gcs")


@pytest.mark.parametrize("found", [{"FIREBASE_STORAGE_BUCKET": "shop"}, {"GOOGLE_APPLICATION_CREDENTIALS": "key.json"}])
def test_half_a_deployment_is_none(found: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials alone are on many machines."""
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    assert load_settings().job_store == "sqlite"


def test_a_budget_is_exact(folder: Path) -> None:
    """Also from a file, where it looks like a float."""
    (folder / "vitrine.toml").write_text("budget_per_day = 0.1\n", encoding="utf-8")
    assert load_settings().budget_per_day == Decimal("0.1")


@pytest.mark.parametrize("text", ["-1", "0.0000001", "much", "NaN", "Infinity"])
def test_a_budget_that_cannot_be_is_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable's name."""
    monkeypatch.setenv("VITRINE_BUDGET_PER_DAY", text)
    with pytest.raises(SettingsError, match="VITRINE_BUDGET_PER_DAY"):
        load_settings()


def test_words_may_be_a_list_or_text(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list in the file, commas in a variable."""
    (folder / "vitrine.toml").write_text('trusted_hosts = ["a", "b:80"]\n', encoding="utf-8")
    first = load_settings().trusted_hosts
    monkeypatch.setenv("VITRINE_TRUSTED_HOSTS", "c, d")
    assert (first, load_settings().trusted_hosts) == (["a", "b:80"], ["c", "d"])


def test_sources_name_the_place_and_hide_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variable, file of variables, reason."""
    (folder / ".env").write_text("BFL_API_KEY=k3y\nFIREBASE_STORAGE_BUCKET=shop\n", encoding="utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "key.json")
    found = sources()
    assert found["bfl_api_key"] == ("<hidden>", "BFL_API_KEY in .env")
    assert found["google_credentials"] == ("key.json", "GOOGLE_APPLICATION_CREDENTIALS")
    assert found["job_store"][0] == "firestore"
    assert "existing deployment" in found["job_store"][1]
    assert "k3y" not in str(found)


def test_a_wrong_file_of_variables_is_told(folder: Path) -> None:
    """By its name."""
    (folder / ".env").write_bytes(b"BFL_API_KEY=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env"):
        load_settings()


def test_a_wrong_value_in_a_file_is_told_with_its_place(folder: Path) -> None:
    """Variable and file."""
    (folder / ".env").write_text("VITRINE_WORKERS=many\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"VITRINE_WORKERS in \.env"):
        load_settings()


def test_a_key_is_in_no_message_and_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is printed."""
    monkeypatch.setenv("BFL_API_KEY", "k3y")
    assert "k3y" not in f"{load_settings()!r} {load_settings()}"


def test_every_setting_is_in_the_docs() -> None:
    """With its variable."""
    text = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`{name}`" not in text]
    assert missing == []
