"""vitrine worker: a process that does jobs until it is told to stop."""

from __future__ import annotations

import logging
import os
import queue
import signal
import socket
import threading
import time
from types import FrameType
from typing import Annotated, Any, Optional

import typer

import vitrine
from vitrine.cli.outcome import WrongUsage, errors_reported
from vitrine.cli.output import print_json
from vitrine.cli.settings import load_settings
from vitrine.cli.times import seconds_of
from vitrine.deployment import Deployment
from vitrine.logs import log, log_to_stderr

_ENGINES = ("local",)
_LOOK_SECONDS = 0.05
_LOGGER = logging.getLogger("vitrine.worker")


def worker(
    engine: Annotated[str, typer.Option(help="Who hands out the jobs: local (the job store itself).")] = "local",
    workers: Annotated[Optional[int], typer.Option(help="Jobs at once.")] = None,
    memory_mb: Annotated[
        Optional[int], typer.Option(help="MiB of pixels in flight; work that needs more waits its turn.")
    ] = None,
    drain: Annotated[bool, typer.Option("--drain", help="End once no job is due.")] = False,
    grace: Annotated[
        Optional[float], typer.Option(help="Seconds to finish jobs when told to stop; then they are given back.")
    ] = None,
    health_every: Annotated[str, typer.Option(help="How often it logs how it is, as 30s.", metavar="SPAN")] = "30s",
    json: Annotated[bool, typer.Option("--json", help="At the end, one JSON document on standard output.")] = False,
) -> None:
    """Do jobs from the job store. Logs JSON lines to standard error; stops in good order on SIGTERM and Ctrl-C."""
    with errors_reported(as_json=json):
        if engine not in _ENGINES:
            raise WrongUsage(f"There is no engine {engine!r}. Use one of: {', '.join(_ENGINES)}.")
        pause = seconds_of(health_every, "--health-every")
        settings = load_settings(workers=workers, memory_mb=memory_mb, grace=grace)
        log_to_stderr(settings)
        deployment = Deployment(settings)
        for trouble in deployment.check():
            log(_LOGGER, logging.WARNING, f"Not to be reached yet, work waits for it: {trouble}")
        shift = Shift(deployment, health_every=max(pause, 0.1))
        shift.run(drain=drain)
        if json:
            print_json(shift.report())


class Shift:
    """One run of a worker: from its start until it is told to stop, or the work is done."""

    def __init__(self, deployment: Deployment, *, health_every: float) -> None:
        self._settings = deployment.settings
        self._pipeline = deployment.pipeline
        self._engine = deployment.engine(on_end=self._tell_end)
        self._health_every = health_every
        self._signals: list[int] = []
        # Not an event: a signal handler that sets one can wait for its own thread for ever.
        self._over: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._drained: Exception | None = None

    def run(self, *, drain: bool) -> None:
        """Works until the work is done (`drain`) or a signal comes."""
        # Before the work begins: a signal that comes early must not end the process the hard way.
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            log(_LOGGER, logging.INFO, "The worker starts.", **self._identity())
            if drain:
                self._drain()
            else:
                self._engine.start()
                self._wait()
                self._stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            log(_LOGGER, logging.INFO, "The worker has stopped.", **self.report())

    def report(self) -> dict[str, Any]:
        """What was done."""
        counts = self._engine.counts
        names = ("claimed", "completed", "failed", "cancelled", "released", "lost", "abandoned", "swept")
        return {name: getattr(counts, name) for name in names}

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals.append(number)
        self._over.put(None)

    def _drain(self) -> None:
        context = vitrine.Context()
        drainer = threading.Thread(target=self._drain_in_thread, args=(context,), daemon=True)
        drainer.start()
        self._wait()
        if self._signals:
            self._stop()
            context.cancel()
        drainer.join()
        if self._drained is not None and not self._signals:
            raise self._drained

    def _drain_in_thread(self, context: vitrine.Context) -> None:
        try:
            self._engine.drain(context=context)
        except Exception as error:
            self._drained = error
        finally:
            self._over.put(None)

    def _wait(self) -> None:
        while True:
            try:
                return self._over.get(timeout=self._health_every)
            except queue.Empty:
                self._tell_health()

    def _stop(self) -> None:
        """Lets jobs that run come to their end for a while, then gives them back; a second signal means at once."""
        log(
            _LOGGER,
            logging.INFO,
            f"The worker was told to stop; jobs that run have {self._settings.grace:g} s.",
            signal=signal.Signals(self._signals[0]).name,
            in_flight=self._engine.counts.in_flight,
        )
        stopper = threading.Thread(target=self._engine.stop, args=("finish",), daemon=True)
        stopper.start()
        until = time.monotonic() + self._settings.grace
        while stopper.is_alive() and time.monotonic() < until and len(self._signals) == 1:
            stopper.join(_LOOK_SECONDS)
        if stopper.is_alive():
            self._engine.stop("release")
            stopper.join()

    def _tell_end(self, job: vitrine.Job, report: vitrine.AttemptReport) -> None:
        fields: dict[str, object] = {"job": job.id, "kind": job.kind, "attempt": job.attempt, "end": report.end.name}
        if report.end is vitrine.AttemptEnd.completed:
            log(_LOGGER, logging.INFO, "A job is completed.", **fields)
            return
        failure = report.failure
        fields |= {"code": failure.code, "retryable": failure.retryable}
        log(_LOGGER, logging.WARNING, failure.message or f"An attempt was {report.end.name}.", **fields)

    def _tell_health(self) -> None:
        counts, usage = self._engine.counts, self._pipeline.usage
        log(
            _LOGGER,
            logging.WARNING if counts.last_error else logging.INFO,
            "The job store does not answer." if counts.last_error else "The worker is well.",
            **self.report(),
            in_flight=counts.in_flight,
            waiting_for_memory=usage.waiting,
            memory_in_use=usage.memory_in_use,
            cached=usage.cached,
            **({"error": counts.last_error} if counts.last_error else {}),
        )

    def _identity(self) -> dict[str, object]:
        settings = self._settings
        return {
            "version": vitrine.__version__,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "workers": settings.workers,
            "memory_mb": settings.memory_mb,
            "job_store": settings.job_store,
            "object_store": settings.object_store,
            "generator": settings.generator,
        }
