"""vitrine jobs, on the stores that lie in one folder."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

import vitrine
from tests.python.command import Outcome, vitrine_command


def submit(folder: Path, *arguments: object) -> Any:
    """A job that was made, as JSON."""
    done = vitrine_command("jobs", "submit", *arguments, "--json", cwd=folder)
    assert done.code == 0, done.err
    return done.document["job"]


def show(folder: Path, id: str) -> Any:
    """A job as it is now."""
    return vitrine_command("jobs", "show", id, "--json", cwd=folder).document["job"]


def work(folder: Path) -> Outcome:
    """A worker that ends once nothing is due."""
    return vitrine_command("worker", "--drain", "--json", cwd=folder)


def stores_in(folder: Path) -> tuple[vitrine.JobStore, vitrine.ObjectStore]:
    """The stores that the commands use in a folder."""
    data = folder / "vitrine-data"
    return vitrine.open_sqlite_job_store(data / "jobs.sqlite"), vitrine.open_file_object_store(data / "objects")


def test_a_mockup_job_is_made_and_done(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """From two files to a mockup in the object store."""
    job = submit(tmp_path, "mockup", "--artwork", artwork_file, "--scene", scene_file)
    done = work(tmp_path)
    after = show(tmp_path, job["id"])
    assert (done.code, done.document["completed"], after["state"]) == (0, 1, "completed")
    _, objects = stores_in(tmp_path)
    made = vitrine.decode_image(objects.get(after["result"]["mockups"][0]["object"]["key"]))
    assert made.size == (160, 120)


def test_files_are_stored_so_that_any_worker_can_read_them(
    artwork_file: Path, scene_file: Path, tmp_path: Path
) -> None:
    """Under a key of their content: asking twice stores once."""
    first = submit(tmp_path, "mockup", "--artwork", artwork_file, "--scene", scene_file)
    second = submit(tmp_path, "mockup", "--artwork", artwork_file, "--scene", scene_file)
    assert first["request"]["artwork"] == second["request"]["artwork"]
    assert first["request"]["artwork"]["object"]["key"].startswith("inputs/")


def test_an_object_and_an_address_are_sources(artwork_file: Path, tmp_path: Path) -> None:
    """Left as they are."""
    submit(tmp_path, "artwork", "--prompt", "x")  # makes the data folder
    _, objects = stores_in(tmp_path)
    objects.put("art/7.png", artwork_file.read_bytes(), media_type="image/png")
    scene = "https://pictures.example.com/room.jpg"
    job = submit(tmp_path, "mockup", "--artwork", "art/7.png", "--scene", scene)
    assert (job["request"]["artwork"], job["request"]["scenes"][0]["url"]) == ({"object": "art/7.png"}, scene)


def test_a_source_that_is_nowhere_is_bad_input(tmp_path: Path) -> None:
    """No job is made of it."""
    done = vitrine_command("jobs", "submit", "mockup", "--artwork", "no.png", "--scene", "no.png", cwd=tmp_path)
    assert (done.code, "no.png" in done.err) == (3, True)
    assert vitrine_command("jobs", "list", "--json", cwd=tmp_path).document["jobs"] == []


def test_a_request_may_come_from_a_file_and_options_add_to_it(tmp_path: Path) -> None:
    """Options win."""
    (tmp_path / "r.json").write_text('{"prompt": "a fern", "seed": 1}', encoding="utf-8")
    job = submit(tmp_path, "artwork", "--request", "@r.json", "--seed", 2, "--parameter", "steps=28")
    assert job["request"] == {"prompt": "a fern", "seed": 2, "parameters": {"steps": 28}}


@pytest.mark.parametrize(
    "arguments",
    [
        ["artwork"],
        ["mockup", "--prompt", "x"],
        ["mockup", "--scene", "https://a.example/s.png"],
        ["artwork", "--request", "[1]"],
        ["artwork", "--request", "{"],
        ["artwork", "--prompt", "x", "--budget", "much"],
        ["artwork", "--prompt", "x", "--parameter", "steps"],
        ["artwork", "--prompt", "x", "--max-attempts", "0"],
        ["No Kind", "--request", "{}"],
        ["artwork", "--prompt", "x", "--timeout", "soon"],
        ["mockup", "--artwork", "https://a.example/a.png", "--quad", "0,0 1,0 1,1 0,1"],
    ],
)
def test_what_cannot_be_asked_for_is_wrong_usage(arguments: list[str], tmp_path: Path) -> None:
    """Exit code 2, and no job."""
    done = vitrine_command("jobs", "submit", *arguments, cwd=tmp_path)
    assert done.code == 2, done.err
    assert vitrine_command("jobs", "list", "--json", cwd=tmp_path).document["jobs"] == []


def test_a_client_key_makes_one_job(tmp_path: Path) -> None:
    """Asking again gives the job that has it."""
    first = submit(tmp_path, "artwork", "--prompt", "x", "--key", "order 4711")
    second = submit(tmp_path, "artwork", "--prompt", "x", "--key", "order 4711")
    assert first["id"] == second["id"]


def test_a_client_key_for_another_request_is_a_conflict(tmp_path: Path) -> None:
    """Bad input."""
    submit(tmp_path, "artwork", "--prompt", "x", "--key", "order 4711")
    done = vitrine_command("jobs", "submit", "artwork", "--prompt", "y", "--key", "order 4711", cwd=tmp_path)
    assert done.code == 3


def test_waiting_ends_with_the_time_that_was_given(tmp_path: Path) -> None:
    """Exit code 5; the job goes on."""
    done = vitrine_command(
        "jobs", "submit", "artwork", "--prompt", "x", "--wait", "--timeout", "0.1s", "--json", cwd=tmp_path
    )
    assert (done.code, done.document["error"]["code"]) == (5, "deadline_exceeded")


def test_jobs_are_listed_newest_first_in_pages(tmp_path: Path) -> None:
    """Each once."""
    made = [submit(tmp_path, "artwork", "--prompt", str(number))["id"] for number in range(3)]
    first = vitrine_command("jobs", "list", "--limit", 2, "--json", cwd=tmp_path).document
    second = vitrine_command("jobs", "list", "--after", first["next"], "--json", cwd=tmp_path).document
    assert [job["id"] for job in first["jobs"] + second["jobs"]] == made[::-1]
    assert second["next"] is None


def test_a_list_can_be_narrowed(tmp_path: Path) -> None:
    """By state, kind and time."""
    job = submit(tmp_path, "artwork", "--prompt", "x")
    submit(tmp_path, "poster", "--request", "{}")
    vitrine_command("jobs", "cancel", job["id"], cwd=tmp_path)
    common = ["--json", "--state", "cancelled", "--kind", "artwork", "--since", "1h"]
    listed = vitrine_command("jobs", "list", *common, cwd=tmp_path).document["jobs"]
    assert [each["id"] for each in listed] == [job["id"]]


@pytest.mark.parametrize(
    "arguments", [["--state", "lost"], ["--since", "soon"], ["--limit", "0"], ["--limit", "99999"]]
)
def test_a_list_that_cannot_be_is_wrong_usage(arguments: list[str], tmp_path: Path) -> None:
    """Exit code 2."""
    assert vitrine_command("jobs", "list", *arguments, cwd=tmp_path).code == 2


def test_a_table_is_for_people(tmp_path: Path) -> None:
    """A line a job."""
    job = submit(tmp_path, "artwork", "--prompt", "x")
    done = vitrine_command("jobs", "list", cwd=tmp_path)
    assert (job["id"] in done.out, "pending" in done.out) == (True, True)


def test_an_unknown_job_is_bad_input(tmp_path: Path) -> None:
    """With its id."""
    done = vitrine_command("jobs", "show", "nobody", "--json", cwd=tmp_path)
    assert (done.code, done.document["error"]["code"]) == (3, "not_found")


def test_a_cancelled_job_can_be_retried(tmp_path: Path) -> None:
    """It waits again."""
    job = submit(tmp_path, "artwork", "--prompt", "x")
    cancelled = vitrine_command("jobs", "cancel", job["id"], "--json", cwd=tmp_path).document["jobs"][0]
    retried = vitrine_command("jobs", "retry", job["id"], "--json", cwd=tmp_path).document["jobs"][0]
    assert (cancelled["state"], retried["state"]) == ("cancelled", "pending")


def test_one_job_that_is_unknown_does_not_keep_the_others_from_it(tmp_path: Path) -> None:
    """Told in the document, and by the exit code."""
    job = submit(tmp_path, "artwork", "--prompt", "x")
    done = vitrine_command("jobs", "cancel", "nobody", job["id"], "--json", cwd=tmp_path)
    assert (done.code, done.document["failed"][0]["id"], show(tmp_path, job["id"])["state"]) == (
        3,
        "nobody",
        "cancelled",
    )


def test_a_failed_job_tells_why(wall_file: Path, artwork_file: Path, tmp_path: Path) -> None:
    """Code and sentence, in list and show."""
    job = submit(tmp_path, "mockup", "--artwork", artwork_file, "--scene", wall_file)
    work(tmp_path)
    failure = show(tmp_path, job["id"])["failure"]
    assert (failure["code"], failure["message"] != "") == ("no_suitable_region", True)
    assert "no_suitable_region" in vitrine_command("jobs", "list", cwd=tmp_path).out


def test_a_sweep_takes_back_what_a_dead_worker_held(tmp_path: Path) -> None:
    """Counted."""
    job = submit(tmp_path, "artwork", "--prompt", "x")
    jobs, _ = stores_in(tmp_path)
    held = jobs.claim("dead", lease=60)
    assert held is not None
    done = vitrine_command("jobs", "sweep", "--longest-attempt", "0.001s", "--json", cwd=tmp_path)
    assert (done.document["requeued"], show(tmp_path, job["id"])["state"]) == (1, "pending")


def test_an_archive_can_be_restored(tmp_path: Path) -> None:
    """The job is in an object, then back."""
    job = submit(tmp_path, "artwork", "--prompt", "x", "--size", "64x64")
    work(tmp_path)
    archived = vitrine_command("jobs", "archive", "--older-than", "0h", "--json", cwd=tmp_path).document
    gone = vitrine_command("jobs", "show", job["id"], cwd=tmp_path).code
    restored = vitrine_command("jobs", "restore", archived["objects"][0]["key"], "--json", cwd=tmp_path).document
    assert (archived["archived"], gone, restored["restored"]) == (1, 3, 1)
    assert show(tmp_path, job["id"])["state"] == "completed"


def test_an_export_can_be_imported_elsewhere(tmp_path: Path) -> None:
    """Into an empty store, and again without effect."""
    job = submit(tmp_path, "artwork", "--prompt", "x")
    exported = vitrine_command("jobs", "export", "all.jsonl", "--json", cwd=tmp_path)
    assert exported.document["bytes"] == (tmp_path / "all.jsonl").stat().st_size
    there = tmp_path / "there"
    there.mkdir()
    first = vitrine_command("jobs", "import", tmp_path / "all.jsonl", "--json", cwd=there).document
    second = vitrine_command("jobs", "import", tmp_path / "all.jsonl", "--json", cwd=there).document
    assert (first["new"], second["new"], show(there, job["id"])["request"]) == (1, 0, {"prompt": "x"})


def test_an_export_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Journals hold signed addresses."""
    vitrine_command("jobs", "export", "all.jsonl", cwd=tmp_path)
    assert stat.S_IMODE((tmp_path / "all.jsonl").stat().st_mode) == 0o600


def test_a_damaged_export_is_refused_whole(tmp_path: Path) -> None:
    """Bad input; nothing was stored."""
    submit(tmp_path, "artwork", "--prompt", "x")
    vitrine_command("jobs", "export", "all.jsonl", cwd=tmp_path)
    text = (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    (tmp_path / "bad.jsonl").write_text(text.replace('\\"x\\"', '\\"y\\"'), encoding="utf-8")
    there = tmp_path / "there"
    there.mkdir()
    done = vitrine_command("jobs", "import", tmp_path / "bad.jsonl", "--json", cwd=there)
    assert (done.code, done.document["error"]["code"]) == (3, "corrupt_data")
    assert vitrine_command("jobs", "list", "--json", cwd=there).document["jobs"] == []


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    """By its name."""
    done = vitrine_command("jobs", "import", "no.jsonl", cwd=tmp_path)
    assert (done.code, "no.jsonl" in done.err) == (3, True)


def test_nothing_lies_outside_of_the_data_folder(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """Which may be elsewhere, and is made for its owner alone."""
    here = tmp_path / "here"
    here.mkdir()
    env = {"VITRINE_DATA_FOLDER": str(tmp_path / "data" / "of" / "mine")}
    for command in (
        ["jobs", "submit", "mockup", "--artwork", artwork_file, "--scene", scene_file],
        ["worker", "--drain"],
    ):
        assert vitrine_command(*command, cwd=here, env=env).code == 0
    assert list(here.iterdir()) == []
    assert stat.S_IMODE((tmp_path / "data" / "of" / "mine").stat().st_mode) == 0o700


def test_a_memory_store_says_that_it_keeps_nothing(tmp_path: Path) -> None:
    """Nobody is surprised."""
    done = vitrine_command("jobs", "list", cwd=tmp_path, env={"VITRINE_JOB_STORE": "memory"})
    assert (done.code, "in memory" in done.err) == (0, True)


def test_no_secret_of_a_journal_is_shown(tmp_path: Path) -> None:
    """A polling address may be signed."""
    submit(tmp_path, "artwork", "--prompt", "x")
    jobs, _ = stores_in(tmp_path)
    held = jobs.claim("w", lease=60)
    assert held is not None
    order = {"stage": "ordered", "reference": "r", "task": {"id": "t1", "model": "m", "polling_url": "https://s3cret"}}
    jobs.save_journal(held, json.dumps({"order": order}))
    for form in ([], ["--json"]):
        done = vitrine_command("jobs", "show", held.id, *form, cwd=tmp_path)
        assert ("t1" in done.out, "s3cret" in done.out + done.err) == (True, False)
