"""Pictures ordered by hand, with a generator that follows a script."""

from __future__ import annotations

from pathlib import Path

import pytest

import vitrine
from vitrine.orders import Budget, Orders

PRICE = vitrine.MicroUsd(40_000)
NO_LIMIT = Budget()


class Desk:
    """Orders over a scripted generator and a ledger in memory."""

    def __init__(self, folder: Path, *script: vitrine.MockOrder) -> None:
        self.generator = vitrine.MockGenerator(script, price=PRICE)
        self.jobs = vitrine.make_memory_job_store()
        self.told: list[str] = []
        self.orders = Orders(
            folder / "orders", self.generator, self.jobs, on_ordered=lambda order: self.told.append(order.name)
        )

    def request(self) -> vitrine.GenerationRequest:
        """Some picture."""
        return vitrine.GenerationRequest("x", size=(64, 64))

    def booked(self) -> tuple[int, int]:
        """Settled and estimated, in millionths."""
        (total,) = self.jobs.sum_costs()
        return total.settled.value, total.estimated.value


def test_an_order_is_told_before_it_is_collected(tmp_path: Path) -> None:
    """So that it can be resumed."""
    desk = Desk(tmp_path)
    order, made = desk.orders.place(desk.request(), NO_LIMIT)
    assert desk.told == [order.name] == [made.task.id]


def test_an_order_waits_until_its_picture_is_safe(tmp_path: Path) -> None:
    """done() settles and forgets it."""
    desk = Desk(tmp_path)
    order, made = desk.orders.place(desk.request(), NO_LIMIT)
    before = desk.orders.waiting()
    desk.orders.done(order, made)
    assert ([each.name for each in before], desk.orders.waiting()) == ([order.name], [])
    assert desk.booked() == (desk.generator.charged.value, 0)


def test_an_order_is_found_by_another_process(tmp_path: Path) -> None:
    """From its file alone."""
    desk = Desk(tmp_path)
    order, _ = desk.orders.place(desk.request(), NO_LIMIT)
    other = Orders(tmp_path / "orders", desk.generator, desk.jobs)
    resumed, made = other.resume(order.name)
    other.done(resumed, made)
    assert (desk.generator.orders_charged, desk.booked()) == (1, (PRICE.value, 0))


def test_an_unknown_order_counts_against_the_day(tmp_path: Path) -> None:
    """Perhaps paid counts as paid."""
    desk = Desk(tmp_path, vitrine.MockOrder(submit_unknown=True))
    with pytest.raises(vitrine.SubmitUnknownError):
        desk.orders.place(desk.request(), NO_LIMIT)
    with pytest.raises(vitrine.QuotaExhaustedError):
        desk.orders.place(desk.request(), Budget(per_day=vitrine.MicroUsd(79_999)))
    assert desk.generator.orders_charged == 1


def test_an_order_whose_process_died_counts_against_the_day(tmp_path: Path) -> None:
    """It is only in the folder, not in the ledger."""
    desk = Desk(tmp_path)
    desk.orders._intend(desk.request(), NO_LIMIT)
    with pytest.raises(vitrine.QuotaExhaustedError):
        desk.orders.place(desk.request(), Budget(per_day=vitrine.MicroUsd(79_999)))


def test_an_order_whose_process_died_is_not_sent_again(tmp_path: Path) -> None:
    """Nobody knows whether it arrived; from now on the ledger has it."""
    desk = Desk(tmp_path)
    order = desk.orders._intend(desk.request(), NO_LIMIT)
    with pytest.raises(vitrine.SubmitUnknownError, match=order.reference):
        desk.orders.resume(order.reference)
    assert (desk.generator.orders_charged, desk.booked()) == (0, (0, PRICE.value))


@pytest.mark.parametrize("limit", [40_000, 40_001])
def test_a_budget_that_is_just_reached_is_kept(limit: int, tmp_path: Path) -> None:
    """By picture and by day."""
    desk = Desk(tmp_path)
    amount = vitrine.MicroUsd(limit)
    desk.orders.place(desk.request(), Budget(amount, amount))
    assert desk.generator.orders_charged == 1


def test_a_budget_below_the_price_is_refused(tmp_path: Path) -> None:
    """Before anything is written down."""
    desk = Desk(tmp_path)
    with pytest.raises(vitrine.QuotaExhaustedError):
        desk.orders.place(desk.request(), Budget(per_picture=vitrine.MicroUsd(39_999)))
    assert (desk.generator.orders_charged, desk.orders.waiting()) == (0, [])


def test_a_refused_order_is_forgotten(tmp_path: Path) -> None:
    """The service has not taken it."""
    desk = Desk(tmp_path, vitrine.MockOrder(submit_error="rate_limited"))
    with pytest.raises(vitrine.RateLimitedError):
        desk.orders.place(desk.request(), NO_LIMIT)
    assert (desk.orders.waiting(), desk.booked()) == ([], (0, 0))


def test_a_failed_picture_is_over(tmp_path: Path) -> None:
    """It would fail again and again."""
    desk = Desk(tmp_path, vitrine.MockOrder(ends="failed", detail="no luck"))
    with pytest.raises(vitrine.UnavailableError):
        desk.orders.place(desk.request(), NO_LIMIT)
    assert desk.orders.waiting() == []


def test_a_task_that_cannot_be_written_down_is_not_taken_for_refused(tmp_path: Path) -> None:
    """It is paid for, so its cost is in the ledger and the order still waits."""
    desk = Desk(tmp_path)
    write, writes = desk.orders._write, []

    def broken(order: object) -> None:
        writes.append(order)
        if len(writes) > 1:
            raise vitrine.DiskFullError("no room")
        write(order)  # type: ignore[arg-type]

    desk.orders._write = broken  # type: ignore[method-assign]
    with pytest.raises(vitrine.Error):
        desk.orders.place(desk.request(), NO_LIMIT)
    assert (len(desk.orders.waiting()), desk.booked()) == (1, (0, PRICE.value))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"reference": "../x"}', "\xff"])
def test_a_file_that_is_none_of_ours_is_no_order(text: str, tmp_path: Path) -> None:
    """Damaged, or put there by somebody."""
    desk = Desk(tmp_path)
    (tmp_path / "orders" / "order-1.json").write_text(text, encoding="latin-1")
    assert desk.orders.waiting() == []


def test_secrets_and_pictures_are_not_written_down(tmp_path: Path) -> None:
    """They are in the service's hands."""
    desk = Desk(tmp_path)
    parameters = {"webhook_secret": '"s3cret"', "input_image": '"' + "A" * 1000 + '"', "steps": "28"}
    desk.orders._intend(vitrine.GenerationRequest("x", parameters=parameters), NO_LIMIT)
    (order,) = desk.orders.waiting()
    assert order.request["parameters"] == {"steps": "28"}
