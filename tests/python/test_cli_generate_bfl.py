"""vitrine generate --generator bfl, against a fake service that keeps the bill."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import vitrine
from tests.python.command import Outcome, clean_environment, vitrine_command
from vitrine.testing import FakeBfl, Fault, FaultKind

PATIENCE_SECONDS = 60.0


@pytest.fixture
def service() -> Iterator[FakeBfl]:
    """The service, and nobody else's orders."""
    with FakeBfl() as fake:
        yield fake


def environment(service: FakeBfl, **more: str) -> dict[str, str]:
    """Settings that lead to the service."""
    return {"BFL_API_KEY": service.key, "VITRINE_BFL_BASE_URL": service.url, **more}


def generate(service: FakeBfl, folder: Path, *arguments: object, **more: str) -> Outcome:
    """One picture of a fern, in JSON."""
    return vitrine_command(
        "generate", "a fern", "--out", "a.png", "--json", *arguments, cwd=folder, env=environment(service, **more)
    )


def costs(folder: Path) -> Any:
    """What the ledger says."""
    return vitrine_command("costs", "--json", cwd=folder).document["total"]


def waiting(folder: Path) -> list[Any]:
    """The orders that are written down."""
    return [json.loads(path.read_text()) for path in (folder / "vitrine-data" / "orders").glob("*.json")]


def test_a_picture_is_ordered_and_its_cost_is_in_the_ledger(service: FakeBfl, tmp_path: Path) -> None:
    """Settled, to the micro-dollar; nothing is left to resume."""
    done = generate(service, tmp_path)
    bill = service.bill()
    assert done.code == 0, done.err
    assert (done.document["cost_micro_usd"], done.document["settled"], bill.orders) == (30_000, True, 1)
    assert costs(tmp_path)["settled_micro_usd"] == bill.charged_micro_usd
    assert waiting(tmp_path) == []
    vitrine.read_image(tmp_path / "a.png")


def test_what_was_paid_for_is_not_compressed_again(service: FakeBfl, tmp_path: Path) -> None:
    """The file has the bytes of the service, if the suffix fits."""
    generate(service, tmp_path, "--parameter", "output_format=png")
    kept = (tmp_path / "a.png").read_bytes()
    vitrine.decode_image(kept).save(tmp_path / "again.png")
    assert vitrine.sniff_format(kept) is vitrine.FileFormat.png
    assert kept != (tmp_path / "again.png").read_bytes()


def test_the_suffix_decides_the_format(service: FakeBfl, tmp_path: Path) -> None:
    """Whatever the service sent."""
    done = vitrine_command("generate", "a fern", "--out", "a.webp", cwd=tmp_path, env=environment(service))
    assert done.code == 0, done.err
    assert vitrine.sniff_format((tmp_path / "a.webp").read_bytes()) is vitrine.FileFormat.webp


def test_a_dry_run_orders_nothing(service: FakeBfl, tmp_path: Path) -> None:
    """It says what it would cost, without a key and without a trace."""
    done = vitrine_command("generate", "a fern", "--generator", "bfl", "--dry-run", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.document["estimated_cost_micro_usd"] > 0
    assert (service.bill().orders, list(tmp_path.iterdir())) == (0, [])


def test_a_dry_run_tells_of_a_budget_that_would_be_passed(tmp_path: Path) -> None:
    """As the order would."""
    done = vitrine_command(
        "generate", "x", "--generator", "bfl", "--dry-run", "--budget", "0.001", "--json", cwd=tmp_path
    )
    assert (done.code, done.document["error"]["code"]) == (6, "quota_exhausted")


def test_the_free_generator_costs_nothing_in_a_dry_run(tmp_path: Path) -> None:
    """And needs no file."""
    done = vitrine_command("generate", "x", "--dry-run", "--json", cwd=tmp_path)
    assert (done.code, done.document["estimated_cost_micro_usd"]) == (0, 0)


def test_a_budget_is_checked_before_anything_is_ordered(service: FakeBfl, tmp_path: Path) -> None:
    """For one picture."""
    done = generate(service, tmp_path, "--budget", "0.01")
    assert (done.code, service.bill().orders, waiting(tmp_path)) == (6, 0, [])


def test_a_budget_of_the_day_counts_what_was_ordered_before(service: FakeBfl, tmp_path: Path) -> None:
    """The second picture would pass it."""
    first = generate(service, tmp_path, VITRINE_BUDGET_PER_DAY="0.05")
    second = generate(service, tmp_path, VITRINE_BUDGET_PER_DAY="0.05")
    assert (first.code, second.code, service.bill().orders) == (0, 6, 1)


def test_a_model_and_its_fields_are_passed_on(service: FakeBfl, tmp_path: Path) -> None:
    """Numbers as numbers, words as words."""
    arguments = ["--model", "flux-2-flex", "--parameter", "steps=28", "--parameter", "output_format=png"]
    done = generate(service, tmp_path, *arguments, "--seed", 7, "--size", "512x512")
    assert done.code == 0, done.err
    (order,) = service.orders()
    assert done.document["model"] == order.model == "flux-2-flex"
    assert order.fields["steps"] == 28
    assert (order.fields["output_format"], order.fields["seed"], order.fields["width"]) == ("png", 7, 512)


def test_a_picture_is_edited(service: FakeBfl, tmp_path: Path) -> None:
    """In the field that the model has for it, at its own size."""
    vitrine.make_procedural_artwork(1, size=(96, 64)).save(tmp_path / "art.png")
    done = generate(service, tmp_path, "--model", "flux-kontext-pro", "--image", "art.png")
    assert done.code == 0, done.err
    (order,) = service.orders()
    assert ("input_image" in order.fields, "width" in order.fields) == (True, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--parameter", "stpes=28"],
        ["--parameter", "steps"],
        ["--model", "flux-9"],
        ["--size", "10x10"],
        ["--budget", "-1"],
        ["--out", "a.bmp"],
        ["--image", "a.png", "--generator", "procedural"],
    ],
)
def test_what_cannot_be_is_wrong_usage_and_costs_nothing(
    arguments: list[str], service: FakeBfl, artwork_file: Path, tmp_path: Path
) -> None:
    """Exit code 2."""
    (tmp_path / "a.png").write_bytes(artwork_file.read_bytes())
    done = generate(service, tmp_path, *arguments)
    assert (done.code, service.bill().orders) == (2, 0), done.err


def test_a_folder_that_is_missing_is_told_before_anything_is_ordered(service: FakeBfl, tmp_path: Path) -> None:
    """A picture that cannot be written must not be paid for."""
    done = generate(service, tmp_path, "--out", "no/a.png")
    assert (done.code, service.bill().orders) == (3, 0)


def test_a_missing_key_is_refused(tmp_path: Path) -> None:
    """With the variable's name."""
    done = vitrine_command("generate", "x", "--generator", "bfl", "--out", "a.png", cwd=tmp_path)
    assert (done.code, "BFL_API_KEY" in done.err) == (6, True)


@pytest.mark.parametrize(("status", "code"), [(403, 6), (402, 6), (422, 6)], ids=["key", "credits", "fields"])
def test_a_refused_order_leaves_nothing_behind(status: int, code: int, service: FakeBfl, tmp_path: Path) -> None:
    """No file, no cost."""
    service.add(Fault("submit", FaultKind.STATUS, status=status))
    done = generate(service, tmp_path)
    assert (done.code, waiting(tmp_path), costs(tmp_path)["entries"]) == (code, [], 0)


def test_an_answer_that_is_lost_is_told_and_counted(service: FakeBfl, tmp_path: Path) -> None:
    """It may be paid for: the ledger has an estimate, and nothing is sent again."""
    service.add(Fault("submit", FaultKind.LOST))
    done = generate(service, tmp_path)
    (order,) = waiting(tmp_path)
    assert (done.code, service.bill().orders, order["stage"]) == (5, 1, "unknown")
    assert costs(tmp_path)["estimated_micro_usd"] > 0


def test_a_lost_order_cannot_be_resumed(service: FakeBfl, tmp_path: Path) -> None:
    """It is told which bill to look at."""
    service.add(Fault("submit", FaultKind.LOST))
    generate(service, tmp_path)
    (order,) = waiting(tmp_path)
    done = vitrine_command(
        "generate", "--resume", order["reference"], "--out", "b.png", cwd=tmp_path, env=environment(service)
    )
    assert (done.code, "bill" in done.err, service.bill().orders) == (5, True, 1)


def test_a_moderated_picture_is_over(service: FakeBfl, tmp_path: Path) -> None:
    """Exit code 6; there is nothing to resume."""
    service.add(Fault("submit", FaultKind.MODERATED))
    done = generate(service, tmp_path)
    assert (done.code, waiting(tmp_path)) == (6, [])


class Ordering:
    """A run that has ordered and waits for its picture, which does not come."""

    def __init__(self, folder: Path, service: FakeBfl) -> None:
        command = [sys.executable, "-m", "vitrine", "generate", "a fern", "--out", "a.png"]
        self.process = subprocess.Popen(
            command, cwd=folder, env=clean_environment(environment(service)), stderr=subprocess.PIPE, text=True
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while service.requests["poll"] == 0:
            assert time.monotonic() < until, "It did not order."
            time.sleep(0.02)

    def end(self, number: int) -> tuple[int, str]:
        """Exit code and what it said."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_run_is_resumed_and_paid_once(number: int, tmp_path: Path) -> None:
    """By the id that it told."""
    state = tmp_path / "bfl.json"
    with FakeBfl(state=state, pending_polls=1_000_000) as slow:
        _, said = Ordering(tmp_path, slow).end(number)
        port = slow.port
    (order,) = waiting(tmp_path)
    assert order["task"]["id"] in said
    with FakeBfl(state=state, port=port) as service:
        done = vitrine_command(
            "generate",
            "--resume",
            order["task"]["id"],
            "--out",
            "b.png",
            "--json",
            cwd=tmp_path,
            env=environment(service),
        )
        bill = service.bill()
    assert done.code == 0, done.err
    assert (bill.orders, costs(tmp_path)["settled_micro_usd"]) == (1, bill.charged_micro_usd)
    assert (waiting(tmp_path), (tmp_path / "b.png").exists()) == ([], True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_order_that_was_not_taken_is_forgotten_when_interrupted(
    number: int, service: FakeBfl, tmp_path: Path
) -> None:
    """The service has no room, so that nothing can have been charged."""
    service.add(Fault("submit", FaultKind.STATUS, status=429, times=1000))
    command = [sys.executable, "-m", "vitrine", "generate", "a fern", "--out", "a.png"]
    with subprocess.Popen(command, cwd=tmp_path, env=clean_environment(environment(service))) as run:
        until = time.monotonic() + PATIENCE_SECONDS
        while service.requests["submit"] == 0:
            assert time.monotonic() < until, "It did not order."
            time.sleep(0.02)
        run.send_signal(number)
        run.wait(PATIENCE_SECONDS)
    assert (waiting(tmp_path), costs(tmp_path)["entries"]) == ([], 0)


def test_a_service_that_is_away_is_told_soon(tmp_path: Path) -> None:
    """Exit code 5; nothing was ordered."""
    with FakeBfl() as gone:
        pass
    done = generate(gone, tmp_path)
    assert (done.code, waiting(tmp_path)) == (5, [])


def test_orders_are_written_down_for_their_owner_alone(tmp_path: Path) -> None:
    """They hold a signed address; the key and the prompt's pictures are not in them."""
    with FakeBfl(pending_polls=1_000_000) as service:
        Ordering(tmp_path, service).end(signal.SIGKILL)
        (path,) = (tmp_path / "vitrine-data" / "orders").glob("*.json")
        assert (path.stat().st_mode & 0o777, service.key in path.read_text()) == (0o600, False)


def test_an_unknown_task_tells_those_that_wait(service: FakeBfl, tmp_path: Path) -> None:
    """Bad input."""
    done = vitrine_command("generate", "--resume", "nobody", "--out", "b.png", cwd=tmp_path, env=environment(service))
    assert (done.code, "Waiting: none" in done.err) == (3, True)


@pytest.mark.parametrize("arguments", [["x", "--resume", "t", "--out", "a.png"], ["--resume", "t"], ["--out", "a.png"]])
def test_half_a_wish_is_wrong_usage(arguments: list[str], service: FakeBfl, tmp_path: Path) -> None:
    """A prompt to order, or a task to resume, and a file."""
    assert vitrine_command("generate", *arguments, cwd=tmp_path, env=environment(service)).code == 2
