"""vitrine.testing: the fake BFL service, driven as a client that knows only HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from vitrine.testing import FakeBfl, Fault, FaultKind


def ask(url: str, *, body: Any = None, key: str | None = "test-key", method: str | None = None) -> tuple[int, bytes]:
    """Status and body of a request; errors of the transport pass."""
    headers = {"Connection": "close"} | ({"x-key": key} if key else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def submit(url: str, prompt: str = "a fox", **fields: Any) -> dict[str, Any]:
    """The answer to an order that is taken."""
    status, body = ask(f"{url}/v1/flux-2-pro", body={"prompt": prompt, **fields})
    assert status == 200, body
    return dict(json.loads(body))


def poll(order: dict[str, Any]) -> dict[str, Any]:
    """The report of an order."""
    return dict(json.loads(ask(order["polling_url"])[1]))


def wait_for(order: dict[str, Any]) -> dict[str, Any]:
    """The report that tells of the end."""
    report = poll(order)
    while report["status"] == "Pending":
        report = poll(order)
    return report


def control(url: str, path: str, body: Any = None, method: str | None = None) -> Any:
    """What /_fake/ answers."""
    return json.loads(ask(f"{url}/_fake/{path}", body=body, key=None, method=method)[1])


@pytest.fixture
def service() -> Iterator[FakeBfl]:
    """A service without faults."""
    with FakeBfl() as running:
        yield running


def test_an_order_ends_in_a_picture(service: FakeBfl) -> None:
    """Ordered, asked for until it is ready, fetched."""
    report = wait_for(submit(service.url, width=128, height=64))
    status, picture = ask(report["result"]["sample"], key=None)
    assert (status, picture[:4], struct.unpack(">II", picture[16:24])) == (200, b"\x89PNG", (128, 64))


def test_an_order_is_pending_first(service: FakeBfl) -> None:
    """As many polls as it was told."""
    order = submit(service.url)
    assert [poll(order)["status"] for _ in range(3)] == ["Pending", "Ready", "Ready"]


def test_every_order_is_charged_once(service: FakeBfl) -> None:
    """However often it is asked for."""
    order = submit(service.url, "a fox")
    wait_for(order)
    poll(order)
    bill = service.bill()
    assert (bill.orders, bill.charged_micro_usd, bill.by_prompt) == (1, 30_000, {"a fox": 1})


def test_an_order_that_is_repeated_is_charged_again(service: FakeBfl) -> None:
    """Which is what a test wants to see."""
    submit(service.url, "a fox")
    submit(service.url, "a fox")
    assert service.bill().by_prompt == {"a fox": 2}


def test_the_reports_settle_the_cost(service: FakeBfl) -> None:
    """To the micro-dollar of the bill."""
    service.add(Fault("submit", FaultKind.COST, value="4.1237"))
    report = wait_for(submit(service.url))
    assert round(report["cost"] * 10_000) == service.bill().charged_micro_usd == 41_237


def test_a_wrong_key_is_refused_and_charges_nothing(service: FakeBfl) -> None:
    """With the service's own words."""
    status, body = ask(f"{service.url}/v1/flux-2-pro", body={"prompt": "a fox"}, key="wrong")
    assert (status, json.loads(body)["detail"]) == (403, "Not authenticated - Invalid Authentication")
    assert service.bill().orders == 0


@pytest.mark.parametrize(
    ("model", "body", "place"),
    [
        ("flux-2-pro", {}, "prompt"),
        ("flux-2-pro", {"prompt": "a", "width": 8}, "width"),
        ("flux-3-image", {"prompt": "a", "seed": 1}, "seed"),
    ],
)
def test_a_wrong_body_is_refused(service: FakeBfl, model: str, body: dict[str, Any], place: str) -> None:
    """422 with the field."""
    status, answer = ask(f"{service.url}/v1/{model}", body=body)
    assert (status, json.loads(answer)["detail"][0]["loc"]) == (422, ["body", place])


def test_an_unknown_task_is_not_found(service: FakeBfl) -> None:
    """In a 200, as the service does it."""
    status, body = ask(f"{service.url}/v1/get_result?id=nonsense")
    assert (status, json.loads(body)["status"]) == (200, "Task not found")


def test_one_order_too_many_is_refused() -> None:
    """429, until one of those that run ends."""
    with FakeBfl(most_active=1) as service:
        first = submit(service.url)
        assert ask(f"{service.url}/v1/flux-2-pro", body={"prompt": "a fox"})[0] == 429
        wait_for(first)
        submit(service.url)


def test_the_balance_shrinks(service: FakeBfl) -> None:
    """By what was charged."""
    submit(service.url)
    assert json.loads(ask(f"{service.url}/v1/credits")[1]) == {"credits": 9997.0}


def test_a_key_on_delivery_is_noticed(service: FakeBfl) -> None:
    """It must not be sent there."""
    report = wait_for(submit(service.url))
    ask(report["result"]["sample"], key="test-key")
    assert control(service.url, "requests")["keys_on_delivery"] == 1


@pytest.mark.parametrize(
    ("kind", "charged"), [(FaultKind.RESET, 0), (FaultKind.LOST, 1), (FaultKind.CUT, 1), (FaultKind.WRONG_LENGTH, 1)]
)
def test_a_broken_order_is_charged_if_it_arrived(service: FakeBfl, kind: FaultKind, charged: int) -> None:
    """Whether it did is what the client cannot tell."""
    service.add(Fault("submit", kind))
    with pytest.raises((OSError, http.client.HTTPException)):
        submit(service.url)
    assert service.bill().orders == charged


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.LOST, FaultKind.CUT, FaultKind.WRONG_LENGTH])
def test_a_broken_fetch_can_be_repeated(service: FakeBfl, kind: FaultKind) -> None:
    """The address still holds."""
    address = wait_for(submit(service.url))["result"]["sample"]
    service.add(Fault("fetch", kind))
    with pytest.raises((OSError, http.client.HTTPException)):
        ask(address, key=None)
    assert ask(address, key=None)[0] == 200


@pytest.mark.parametrize("kind", [FaultKind.SLOW, FaultKind.TRICKLE])
def test_a_slow_answer_comes_whole(service: FakeBfl, kind: FaultKind) -> None:
    """And late."""
    address = wait_for(submit(service.url))["result"]["sample"]
    service.add(Fault("fetch", kind, seconds=0.2))
    start = time.monotonic()
    status, picture = ask(address, key=None)
    assert (status, picture[-8:-4], time.monotonic() - start >= 0.15) == (200, b"IEND", True)


def test_a_storm_passes(service: FakeBfl) -> None:
    """As many answers as it was told, from the request that it was told."""
    service.add(Fault("poll", FaultKind.STATUS, status=503, times=3, after=1))
    order = submit(service.url)
    assert [ask(order["polling_url"])[0] for _ in range(6)] == [200, 503, 503, 503, 200, 200]


def test_a_429_says_when_to_come_back(service: FakeBfl) -> None:
    """As seconds or a date: the text is the test's."""
    service.add(Fault("submit", FaultKind.STATUS, status=429, retry_after="7"))
    request = urllib.request.Request(f"{service.url}/v1/flux-2-pro", data=b"{}")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)
    with caught.value as error:
        assert (error.code, error.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize("word", ["Request Moderated", "Content Moderated"])
def test_a_moderated_order_is_not_charged(service: FakeBfl, word: str) -> None:
    """And says why."""
    service.add(Fault("submit", FaultKind.MODERATED, value=word))
    report = wait_for(submit(service.url))
    assert (report["status"], report["details"]["Moderation Reasons"]) == (word, ["Derivative Works Filter"])
    assert service.bill().charged_micro_usd == 0


def test_an_order_can_fail(service: FakeBfl) -> None:
    """Without a charge."""
    service.add(Fault("submit", FaultKind.FAILED))
    assert wait_for(submit(service.url))["status"] == "Error"
    assert service.bill().charged_micro_usd == 0


def test_an_expired_address_is_renewed_by_a_poll(service: FakeBfl) -> None:
    """The old one stays dead."""
    order = submit(service.url)
    old = wait_for(order)["result"]["sample"]
    service.add(Fault("fetch", FaultKind.EXPIRED))
    assert [ask(old, key=None)[0] for _ in range(2)] == [403, 403]
    assert ask(poll(order)["result"]["sample"], key=None)[0] == 200


def test_addresses_expire_by_themselves() -> None:
    """After the time that was set."""
    with FakeBfl(address_seconds=0) as service:
        assert ask(wait_for(submit(service.url))["result"]["sample"], key=None)[0] == 403


def test_a_strange_status_does_not_end_an_order(service: FakeBfl) -> None:
    """The order goes on afterwards."""
    service.add(Fault("poll", FaultKind.STATE, value="Upscaling", times=2))
    order = submit(service.url)
    assert [poll(order)["status"] for _ in range(4)] == ["Upscaling", "Upscaling", "Pending", "Ready"]


@pytest.mark.parametrize(("value", "given"), [("", None), ("https://example.com/poll", "https://example.com/poll")])
def test_the_polling_address_can_be_odd(service: FakeBfl, value: str, given: str | None) -> None:
    """Missing, or somewhere else."""
    service.add(Fault("submit", FaultKind.POLLING_URL, value=value))
    assert submit(service.url).get("polling_url") == given


def test_a_cost_can_be_missing(service: FakeBfl) -> None:
    """In the answer and in the reports."""
    service.add(Fault("submit", FaultKind.NO_COST))
    order = submit(service.url)
    assert (order["cost"], "cost" in wait_for(order)) == (None, False)


def test_garbage_is_no_json_and_no_picture(service: FakeBfl) -> None:
    """Though the request was carried out."""
    service.add(Fault("submit", FaultKind.GARBAGE))
    assert ask(f"{service.url}/v1/flux-2-pro", body={"prompt": "a fox"})[1].startswith(b"<html>")
    assert service.bill().orders == 1


def test_a_redirect_is_one(service: FakeBfl) -> None:
    """To where it was told."""
    service.add(Fault("poll", FaultKind.REDIRECT, value="https://example.com/"))
    order = submit(service.url)
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    connection.request("GET", order["polling_url"].removeprefix(service.url), headers={"x-key": "test-key"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (302, "https://example.com/")
    connection.close()


def is_refused(port: int) -> bool:
    """True if nobody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # it stopped listening with this connection in its queue
        return False
    return False


def until(condition: Callable[[], bool]) -> None:
    """Waits for it."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def test_it_can_be_down_for_a_while(service: FakeBfl) -> None:
    """Connections are refused, then all goes on with the orders that it has."""
    order = submit(service.url)
    control(service.url, "down", {"seconds": 3600})
    until(lambda: is_refused(service.port))
    service.up()
    until(lambda: not is_refused(service.port))
    assert wait_for(order)["status"] == "Ready"


def test_random_faults_come_from_their_seed() -> None:
    """Same seed, same faults."""

    def outcomes(seed: int) -> list[bool]:
        with FakeBfl(fault_rate=0.5, seed=seed, most_active=1000) as service:
            seen = []
            for _ in range(30):
                try:
                    seen.append(ask(f"{service.url}/v1/flux-2-pro", body={"prompt": "a fox"})[0] == 200)
                except (OSError, http.client.HTTPException):
                    seen.append(False)
            return seen

    first = outcomes(3)
    assert first == outcomes(3)
    assert {True, False} <= set(first)


def test_the_script_is_set_over_http(service: FakeBfl) -> None:
    """For tests in another process."""
    control(service.url, "faults", [{"on": "submit", "kind": "lost", "times": 2}])
    assert control(service.url, "faults")[0]["kind"] == "lost"
    control(service.url, "faults", method="DELETE")
    assert control(service.url, "faults") == []


@pytest.mark.parametrize(
    "fault",
    [
        {"on": "submit", "kind": "explode"},
        {"on": "submit", "kind": "expired"},
        {"on": "lunch", "kind": "reset"},
        {"on": "submit", "kind": "reset", "times": 0},
        {"on": "submit", "kind": "slow", "seconds": -1},
        {"on": "submit", "kind": "reset", "loud": True},
        {"kind": "reset"},
        7,
    ],
)
def test_a_wrong_fault_is_refused(service: FakeBfl, fault: Any) -> None:
    """With a sentence, and the script is as it was."""
    assert "detail" in control(service.url, "faults", fault)
    assert control(service.url, "faults") == []


def test_many_clients_are_served_at_once() -> None:
    """And each of their orders is charged once."""
    with FakeBfl(most_active=1000) as service:
        threads = [threading.Thread(target=lambda i=i: wait_for(submit(service.url, f"fox {i}"))) for i in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert service.bill().by_prompt == {f"fox {i}": 1 for i in range(16)}


@contextmanager
def process(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The service in a process of its own, and where it listens."""
    command = [sys.executable, "-m", "vitrine.testing.fake_bfl", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            yield running, json.loads(running.stdout.readline())["url"]
        finally:
            running.kill()


def test_the_bill_survives_the_death_of_the_service(tmp_path: Path) -> None:
    """And so do its orders, which can still be collected."""
    state = tmp_path / "state.jsonl"
    with process("--state", state) as (running, url):
        order = submit(url, "a fox")
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    port = url.rsplit(":", 1)[1]
    with process("--state", state, "--port", port) as (_, url):
        assert wait_for(order)["status"] == "Ready"
        assert control(url, "bill") == {"orders": 1, "charged_micro_usd": 30_000, "by_prompt": {"a fox": 1}}


def test_half_a_line_in_the_state_is_left_out(tmp_path: Path) -> None:
    """A service was killed while it wrote it; what comes next is on a line of its own."""
    state = tmp_path / "state.jsonl"
    with FakeBfl(state=state) as service:
        submit(service.url)
    with state.open("ab") as file:
        file.write(b'{"event": "take", "id": "1')
    with FakeBfl(state=state) as service:
        submit(service.url)
    with FakeBfl(state=state) as service:
        assert service.bill().orders == 2


def test_the_process_ends_when_it_is_told() -> None:
    """By SIGTERM, with success."""
    with process() as (running, _):
        running.terminate()
        assert running.wait(timeout=30) == 0


def test_the_process_takes_faults_from_its_arguments() -> None:
    """For those who start it from a shell."""
    with process("--faults", '[{"on": "submit", "kind": "status", "status": 402}]') as (_, url):
        assert ask(f"{url}/v1/flux-2-pro", body={"prompt": "a fox"})[0] == 402


def test_wrong_arguments_are_wrong_usage() -> None:
    """With a sentence on standard error."""
    command = [sys.executable, "-m", "vitrine.testing.fake_bfl", "--faults", '[{"on": "lunch", "kind": "reset"}]']
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, "submit, poll or fetch" in run.stderr) == (2, True)
