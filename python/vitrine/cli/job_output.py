"""Jobs as every command writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.table import Table

import vitrine
from vitrine.cli.times import shown_time, time_json

_LONGEST_NOTE = 100


def job_json(job: vitrine.Job) -> dict[str, Any]:
    """A job without its journal, which is as secret as a key; of it only where an order stands."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state.name,
        "progress": round(job.progress, 4),
        "attempt": job.attempt,
        "max_attempts": job.max_attempts,
        "priority": job.priority,
        "client_key": job.client_key or None,
        "cancel_requested": job.cancel_requested,
        "created_at": time_json(job.created_at),
        "updated_at": time_json(job.updated_at),
        "not_before": time_json(job.not_before),
        "started_at": time_json(job.started_at),
        "finished_at": time_json(job.finished_at),
        "worker": job.lease.worker if job.lease else None,
        "lease_expires_at": time_json(job.lease.expires_at) if job.lease else None,
        "failure": failure_json(job.failure) if job.failure else None,
        "order": _order_json(job.journal),
        "request": _object(job.request),
        "result": _object(job.result) if job.result else None,
    }


def failure_json(failure: vitrine.Failure) -> dict[str, Any]:
    """Why an attempt failed."""
    return {"code": failure.code, "message": failure.message, "retryable": failure.retryable}


def jobs_table(jobs: Sequence[vitrine.Job]) -> Table:
    """A line a job."""
    table = Table("id", "kind", "state", "done", "attempt", "created (UTC)", "note", box=None)
    for job in jobs:
        table.add_row(
            job.id,
            job.kind,
            job.state.name,
            f"{job.progress:.0%}",
            f"{job.attempt}/{job.max_attempts}",
            shown_time(job.created_at),
            _note(job),
        )
    return table


def job_table(job: vitrine.Job, costs: Sequence[vitrine.CostEntry]) -> Table:
    """Everything about one job, a line each."""
    table = Table(show_header=False, box=None)
    for name, value in job_json(job).items():
        if value is not None:
            text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
            table.add_row(name, text)
    for entry in costs:
        table.add_row("cost", f"{entry.amount} USD{'' if entry.settled else ' (estimated)'}  {entry.id}")
    return table


def cost_json(entry: vitrine.CostEntry) -> dict[str, Any]:
    """A line of the ledger."""
    return {
        "id": entry.id,
        "job": entry.job_id or None,
        "service": entry.service,
        "operation": entry.operation,
        "model": entry.model,
        "amount_micro_usd": entry.amount.value,
        "settled": entry.settled,
        "at": time_json(entry.at),
    }


def _note(job: vitrine.Job) -> str:
    if job.failure is not None and job.state is not vitrine.JobState.completed:
        text = f"{job.failure.code}: {job.failure.message}"
        return text if len(text) <= _LONGEST_NOTE else text[: _LONGEST_NOTE - 1] + "…"
    if job.cancel_requested and job.state is vitrine.JobState.processing:
        return "is being cancelled"
    return f"held by {job.lease.worker}" if job.lease else ""


def _order_json(journal: str) -> dict[str, Any] | None:
    order = _object(journal).get("order")
    if not isinstance(order, dict):
        return None
    task = order.get("task")
    if not isinstance(task, dict):
        task = {}
    return {
        "stage": order.get("stage"),
        "reference": order.get("reference"),
        "task": task.get("id"),
        "model": task.get("model"),
    }


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text or "{}")
    return value if isinstance(value, dict) else {}
