"""Pictures ordered by hand: checked against a budget, written down before and after they are ordered, never paid twice.

Jobs have this built in, in their journal; here it is for `vitrine generate` and for scripts.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import os
import re
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import vitrine

try:
    import fcntl
except ImportError:  # not on Windows: there two runs at once may both pass the budget of a day
    fcntl = None  # type: ignore[assignment]

_LOGGER = logging.getLogger("vitrine.orders")
_REFERENCE = re.compile(r"[0-9a-z-]{1,64}")
_LONGEST_FILE = 1 << 20
_LONGEST_PARAMETER = 256
_LONGEST_ID = 256  # of an entry in the ledger

Stage = Literal["intended", "unknown", "ordered"]


@dataclass(frozen=True)
class Order:
    """One order that is not collected yet, as it is written down.

    `intended` is about to be sent, or was when its process died; `unknown` may have arrived; `ordered` is paid for and
    waits to be collected.
    """

    reference: str
    stage: Stage
    at: str
    estimate_micro_usd: int
    request: dict[str, Any]
    task: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What to resume it by: the service's id once there is one."""
        return str(self.task.get("id") or self.reference)


@dataclass(frozen=True)
class Budget:
    """What may be spent; None: no limit."""

    per_picture: vitrine.MicroUsd | None = None
    per_day: vitrine.MicroUsd | None = None


class Orders:
    """The orders of one data folder.

    Parameters
    ----------
    folder
        Where they are written down, a file each; made if it is missing. Holds signed addresses: for its owner alone.
    generator
        Who takes them.
    jobs
        Whose ledger gets their costs.
    on_ordered
        Told of an order as soon as it is written down.
    """

    def __init__(
        self,
        folder: Path,
        generator: vitrine.ImageGenerator,
        jobs: vitrine.JobStore,
        *,
        on_ordered: Callable[[Order], object] = lambda order: None,
    ) -> None:
        self._folder = folder
        self._generator = generator
        self._jobs = jobs
        self._on_ordered = on_ordered
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise vitrine.PermissionDeniedError(f"The folder '{folder}' cannot be made: {error.strerror}.") from None

    def place(self, request: vitrine.GenerationRequest, budget: Budget) -> tuple[Order, vitrine.GeneratedImage]:
        """Orders a picture and waits for it. Call done() once it is safe.

        Raises
        ------
        ValueError
            A request that the service would refuse.
        QuotaExhaustedError
            It would pass a budget. Nothing was ordered.
        SubmitUnknownError
            It is not known whether it arrived. It counts against the budgets until somebody knows better.
        Error
            What the generator raises; an order that is on its way can be resumed.
        """
        order = self._intend(request, budget)
        tasks: list[vitrine.GenerationTask] = []
        noted: list[Order] = []

        def note(task: vitrine.GenerationTask) -> None:
            tasks.append(task)
            noted.append(self._note_task(order, task))

        try:
            made = _to_its_end(lambda context: self._generator.generate(request, note, context=context))
        except BaseException as error:
            if noted:
                self._note_end(noted[0], error)
            elif tasks or not _was_refused(error):
                self._note_unknown(order)
            else:
                self._forget(order)
            raise
        return noted[0], made

    def resume(self, name: str) -> tuple[Order, vitrine.GeneratedImage]:
        """Waits for a picture that is ordered already. Call done() once it is safe.

        Raises
        ------
        NotFoundError
            No order of that name is waiting.
        SubmitUnknownError
            It is not known whether it was ordered.
        """
        order = self.find(name)
        if order.stage != "ordered":
            self._note_unknown(order)
            raise vitrine.SubmitUnknownError(_unknown(order))
        # The last run may have died between file and ledger; the same id is written once.
        self._note_cost(order.name, order, vitrine.MicroUsd(order.estimate_micro_usd), settled=False)
        try:
            return order, _to_its_end(lambda context: self._generator.resume(_task_of(order), context=context))
        except BaseException as error:
            self._note_end(order, error)
            raise

    def done(self, order: Order, made: vitrine.GeneratedImage) -> None:
        """The picture is where it belongs: settles its cost and forgets the order."""
        if self._note_cost(order.name, order, made.cost, settled=made.settled):
            self._forget(order)

    def find(self, name: str) -> Order:
        """The order of that task id or reference."""
        waiting = self.waiting()
        for order in waiting:
            if name in (order.name, order.reference):
                return order
        there = ", ".join(order.name for order in waiting) or "none"
        raise vitrine.NotFoundError(f"No order {name!r} is waiting in '{self._folder}'. Waiting: {there}.")

    def waiting(self) -> list[Order]:
        """All orders that are not collected, oldest first."""
        return sorted(filter(None, map(_read, self._folder.glob("*.json"))), key=lambda order: order.at)

    def require_within(self, budget: Budget, estimate: vitrine.MicroUsd) -> None:
        """Raises QuotaExhaustedError if a picture of that price would pass a budget."""
        if budget.per_picture is not None and estimate > budget.per_picture:
            raise vitrine.QuotaExhaustedError(
                f"The picture would cost {estimate} USD; the budget is {budget.per_picture} USD. Nothing was ordered. "
                "Raise the budget, or choose a cheaper model or a smaller size."
            )
        if budget.per_day is None:
            return
        spent = self._spent_today()
        if spent + estimate > budget.per_day:
            raise vitrine.QuotaExhaustedError(
                f"The picture would cost {estimate} USD. The budget of the day is {budget.per_day} USD, and {spent} "
                "are spent. Nothing was ordered. Raise it, or order after midnight UTC."
            )

    def _spent_today(self) -> vitrine.MicroUsd:
        midnight = _now().replace(hour=0, minute=0, second=0, microsecond=0)
        (ledger,) = self._jobs.sum_costs(vitrine.CostFilter(from_time=midnight))
        spent = ledger.settled + ledger.estimated
        for order in self.waiting():
            # The others are in the ledger already.
            if order.stage == "intended" and order.at >= midnight.isoformat():
                spent = spent + vitrine.MicroUsd(order.estimate_micro_usd)
        return spent

    def _intend(self, request: vitrine.GenerationRequest, budget: Budget) -> Order:
        estimate = self._generator.estimate(request)
        # Held over the look at the ledger: who comes next must see this order there or in the folder.
        with self._locked():
            self.require_within(budget, estimate)
            order = Order(
                reference=f"order-{secrets.token_hex(8)}",
                stage="intended",
                at=_now().isoformat(),
                estimate_micro_usd=estimate.value,
                request=_request_json(request),
            )
            self._write(order)
        return order

    def _note_task(self, order: Order, task: vitrine.GenerationTask) -> Order:
        noted = replace(
            order,
            stage="ordered",
            estimate_micro_usd=task.estimated_cost.value,
            # Without pictures, which the service has now.
            request=_request_json(task.request),
            task={
                "id": task.id,
                "generator": task.generator,
                "model": task.model,
                "polling_url": task.polling_url,
                "submitted_at": task.submitted_at.isoformat(),
            },
        )
        self._write(noted)
        self._note_cost(task.id, noted, task.estimated_cost, settled=False)
        self._on_ordered(noted)
        return noted

    def _note_unknown(self, order: Order) -> None:
        # Should it fail, the order stays written down as intended, which is treated alike.
        with contextlib.suppress(vitrine.Error):
            self._write(replace(order, stage="unknown"))
        # Perhaps paid counts as paid, or a budget could be overrun by orders whose answers get lost.
        self._note_cost(order.reference, order, vitrine.MicroUsd(order.estimate_micro_usd), settled=False)

    def _note_end(self, order: Order, error: BaseException) -> None:
        """An order that ended without a picture is over; any other can be resumed."""
        if not isinstance(error, (vitrine.ModeratedError, vitrine.UnavailableError, vitrine.NotFoundError)):
            return
        with contextlib.suppress(vitrine.Error):
            status = self._generator.poll(_task_of(order))
            ended = (vitrine.GenerationState.moderated, vitrine.GenerationState.failed, vitrine.GenerationState.lost)
            if status.state not in ended:
                return
            if status.settled_cost is None or self._note_cost(order.name, order, status.settled_cost, settled=True):
                self._forget(order)

    def _note_cost(self, id: str, order: Order, amount: vitrine.MicroUsd, *, settled: bool) -> bool:
        entry = vitrine.CostEntry(
            id=id[:_LONGEST_ID],
            amount=amount,
            service=str(order.task.get("generator", "unknown")),
            operation="generate",
            model=str(order.task.get("model") or order.request["model"]),
            settled=settled,
            at=_now(),
        )
        try:
            self._jobs.record_cost(entry)
        except vitrine.Error as error:
            # The picture matters more; the order stays written down, and the next look at it books the cost.
            _LOGGER.warning("The cost of order %s is not in the ledger yet: %s", order.name, error)
            return False
        return True

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise vitrine.PermissionDeniedError(
                f"The folder '{self._folder}' cannot be written to: {error.strerror}."
            ) from None
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _path(self, order: Order) -> Path:
        return self._folder / f"{order.reference}.json"

    def _write(self, order: Order) -> None:
        """On the disk before the next step begins."""
        try:
            handle, name = tempfile.mkstemp(prefix=".", dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(order), file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self._path(order))
        except OSError as error:
            told = f"Order {order.name} is paid for: do not order it again. " if order.stage == "ordered" else ""
            raise vitrine.PermissionDeniedError(
                f"{told}'{self._path(order)}' cannot be written: {error.strerror}."
            ) from None
        _sync_folder(self._folder)

    def _forget(self, order: Order) -> None:
        self._path(order).unlink(missing_ok=True)


def _to_its_end(call: Callable[[vitrine.Context], vitrine.GeneratedImage]) -> vitrine.GeneratedImage:
    """Calls it so that an interrupt does not hide how it ended: an order that is on its way is answered first.

    The interrupt then has the true end as its cause. A second one does not wait for it.
    """
    context = vitrine.Context()
    end: Future[vitrine.GeneratedImage] = Future()

    def work() -> None:
        try:
            end.set_result(call(context))
        except BaseException as error:
            end.set_exception(error)

    # Interrupts reach the main thread only.
    threading.Thread(target=work, daemon=True).start()
    try:
        return end.result()
    except (KeyboardInterrupt, SystemExit) as interrupt:
        context.cancel()
        interrupt.__cause__ = end.exception()
        raise


def _was_refused(error: BaseException | None) -> bool:
    """True if the service has not taken the order for sure."""
    if isinstance(error, (KeyboardInterrupt, SystemExit)):
        return _was_refused(error.__cause__)
    if isinstance(error, vitrine.SubmitUnknownError):
        return False
    if isinstance(error, vitrine.UnavailableError):
        return error.retryable  # a generator of the host's own says "unknown" so
    return isinstance(error, (vitrine.Error, ValueError))


def _unknown(order: Order) -> str:
    return (
        f"It is not known whether order {order.reference} of {order.at} arrived, so it cannot be collected and may be "
        "paid for. Look at the service's bill before you order the picture again."
    )


def _read(path: Path) -> Order | None:
    """None for a file that is gone meanwhile or is not ours."""
    try:
        with path.open(encoding="utf-8") as file:
            order = Order(**json.loads(file.read(_LONGEST_FILE)))
        _task_of(order)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return order if _REFERENCE.fullmatch(order.reference) and path.stem == order.reference else None


def _request_json(request: vitrine.GenerationRequest) -> dict[str, Any]:
    return {
        "prompt": request.prompt,
        "kind": request.kind.name,
        "model": request.model,
        "size": list(request.size),
        "seed": request.seed,
        # Pictures and secrets of a request have no place in a file.
        "parameters": {
            name: value
            for name, value in request.parameters.items()
            if len(value) <= _LONGEST_PARAMETER and not name.startswith("webhook")
        },
    }


def _task_of(order: Order) -> vitrine.GenerationTask:
    given = order.request
    request = vitrine.GenerationRequest(
        given["prompt"],
        kind=given["kind"],
        model=given["model"],
        size=tuple(given["size"]),
        seed=given["seed"],
        parameters=given["parameters"],
    )
    if order.stage != "ordered":
        return vitrine.GenerationTask(id=order.reference, generator="", request=request)
    return vitrine.GenerationTask(
        id=order.task["id"],
        generator=order.task["generator"],
        request=request,
        model=order.task["model"],
        polling_url=order.task["polling_url"],
        estimated_cost=vitrine.MicroUsd(order.estimate_micro_usd),
        submitted_at=datetime.datetime.fromisoformat(order.task["submitted_at"]),
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every system can
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
