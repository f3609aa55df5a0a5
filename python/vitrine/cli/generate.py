"""vitrine generate: makes an artwork or a scene from a prompt."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

import vitrine
from vitrine.cli.arguments import micro_usd_of, parameters_of, size_of
from vitrine.cli.outcome import WrongUsage, errors_reported
from vitrine.cli.output import print_json, say
from vitrine.cli.settings import load_settings
from vitrine.deployment import Deployment, micro_usd
from vitrine.orders import Budget, Order, Orders

_SUFFIXES = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".webp": "webp"}
_DEFAULT_SIZE = (1024, 1024)
_AS_GIVEN = (0, 0)
_PICTURE_FIELDS = {
    r"flux-pro-1\.1.*|flux-dev": "image_prompt",
    r"flux-pro-1\.0-(fill|expand).*|flux-tools/(erase|deblur).*": "image",
    r"flux-tools/vto.*": "person",
}
"""Where each model takes its first picture; all others have input_image, input_image_2 and so on."""


@dataclass(frozen=True)
class Made:
    """A picture that is on the disk."""

    out: Path
    picture: vitrine.GeneratedImage
    kind: str
    seconds: float


def generate(
    prompt: Annotated[Optional[str], typer.Argument(metavar="PROMPT", help="What it shows.")] = None,
    out: Annotated[
        Optional[Path], typer.Option(readable=False, help="The file to write: JPEG, PNG or WebP.", metavar="PATH")
    ] = None,
    kind: Annotated[str, typer.Option(help="artwork or scene.")] = "artwork",
    generator: Annotated[
        Optional[str], typer.Option(help="procedural (offline, free) or bfl; bfl if there is a key for it.")
    ] = None,
    model: Annotated[Optional[str], typer.Option(help="Of bfl: flux-2-pro and others.")] = None,
    size: Annotated[
        Optional[str],
        typer.Option(help="Width and height: 1024x1024, or an edited --image's.", metavar="WxH"),
    ] = None,
    seed: Annotated[Optional[int], typer.Option(help="Same prompt and seed, same picture, if the model can.")] = None,
    parameter: Annotated[
        Optional[list[str]], typer.Option(help="A field of the model; may be repeated.", metavar="NAME=VALUE")
    ] = None,
    image: Annotated[
        Optional[list[str]],
        typer.Option(help="A picture to edit or to go by; may be repeated.", metavar="[FIELD=]FILE"),
    ] = None,
    budget: Annotated[
        Optional[str], typer.Option(help="Refused, before it is ordered, if it would cost more.", metavar="USD")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would cost.")] = False,
    resume: Annotated[
        Optional[str], typer.Option(help="Collect what an interrupted run ordered, by the id it told.", metavar="TASK")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Make an artwork or a scene from PROMPT, and say what it cost."""
    with errors_reported(as_json=json):
        limit = micro_usd_of(budget, "--budget")
        deployment = Deployment(load_settings(generator=generator, bfl_model=model))
        if resume is not None:
            if prompt is not None or dry_run:
                raise WrongUsage("--resume collects what is ordered already. Leave out PROMPT and --dry-run.")
            _report(_resume(resume, _checked(out), deployment), as_json=json)
            return
        if prompt is None:
            raise WrongUsage("Say what the picture shows: vitrine generate PROMPT --out PATH")
        try:
            request = _request(prompt, kind, size, seed, parameter or [], image or [], deployment)
            if dry_run:
                _report_estimate(request, _budget(limit, deployment), deployment, as_json=json)
            else:
                made = _make(request, _checked(out), _budget(limit, deployment), deployment)
                _report(made, as_json=json)
        except ValueError as error:  # a request that the generator refuses before it starts
            raise WrongUsage(str(error)) from None


def _request(
    prompt: str,
    kind: str,
    size: str | None,
    seed: int | None,
    parameters: Sequence[str],
    images: Sequence[str],
    deployment: Deployment,
) -> vitrine.GenerationRequest:
    settings = deployment.settings
    is_bfl = settings.generator == "bfl"
    if images and not is_bfl:
        raise WrongUsage("--image needs --generator bfl: the procedural generator edits no pictures.")
    model = settings.bfl_model if is_bfl else ""
    fields = parameters_of(parameters)
    fields.update(_pictures(images, model))
    wanted = size_of(size) if size is not None else _AS_GIVEN if images else _DEFAULT_SIZE
    return vitrine.GenerationRequest(prompt, kind=kind, model=model, size=wanted, seed=seed, parameters=fields)


def _pictures(images: Sequence[str], model: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for text in images:
        named = re.fullmatch(r"([a-z][a-z0-9_]{0,63})=(.+)", text, re.ASCII)
        name, file = (named[1], named[2]) if named else (_field_of(model, len(fields)), text)
        fields[name] = vitrine.bfl_picture(_read(Path(file)))
    return fields


def _field_of(model: str, number: int) -> str:
    if model == "flux-3-image":
        raise WrongUsage("flux-3-image takes pictures as a field: --image images=FILE")
    for pattern, name in _PICTURE_FIELDS.items():
        if re.fullmatch(pattern, model):
            if number:
                raise WrongUsage(f"{model} takes one picture as {name}. Name the others' fields: --image mask=FILE")
            return name
    return "input_image" if number == 0 else f"input_image_{number + 1}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise vitrine.NotFoundError(f"There is no file '{path}'.") from None
    except OSError as error:
        raise vitrine.PermissionDeniedError(f"'{path}' cannot be read: {error.strerror}.") from None


def _checked(out: Path | None) -> Path:
    """Where the picture goes, looked at before anything is paid for."""
    if out is None:
        raise WrongUsage("Say where the picture goes: --out PATH")
    if out.suffix.lower() not in _SUFFIXES:
        raise WrongUsage(f"--out '{out}' does not say which format. End it with one of: {', '.join(_SUFFIXES)}.")
    if out.is_dir():
        raise WrongUsage(f"--out '{out}' is a folder. Name a file.")
    if not out.parent.is_dir():
        raise vitrine.NotFoundError(f"There is no folder '{out.parent}'. Make it first.")
    if not os.access(out.parent, os.W_OK):
        raise vitrine.PermissionDeniedError(f"The folder '{out.parent}' cannot be written to. Choose another.")
    return out


def _budget(limit: int | None, deployment: Deployment) -> Budget:
    per_picture = micro_usd(deployment.settings.budget_per_job)
    if limit is not None:
        per_picture = vitrine.MicroUsd(limit)
    return Budget(per_picture, micro_usd(deployment.settings.budget_per_day))


def _orders(deployment: Deployment, generator: vitrine.ImageGenerator) -> Orders:
    return Orders(deployment.data_folder / "orders", generator, deployment.jobs, on_ordered=_tell_order)


def _tell_order(order: Order) -> None:
    say(f"Ordered as {order.name}. If this is interrupted: vitrine generate --resume {order.name} --out PATH")


def _make(request: vitrine.GenerationRequest, out: Path, budget: Budget, deployment: Deployment) -> Made:
    start = time.perf_counter()
    if deployment.settings.generator == "procedural":
        picture = deployment.generator.generate(request)
        _save(picture, out)
    else:
        orders = _orders(deployment, deployment.generator)
        # The generator waits long for a service that is away, as a worker should, but nobody at a screen.
        deployment.check_key()
        order, picture = orders.place(request, budget)
        _save(picture, out)
        orders.done(order, picture)
    return Made(out, picture, request.kind.name, time.perf_counter() - start)


def _resume(name: str, out: Path, deployment: Deployment) -> Made:
    start = time.perf_counter()
    orders = _orders(deployment, deployment.generator)
    order, picture = orders.resume(name)
    _save(picture, out)
    orders.done(order, picture)
    return Made(out, picture, order.request["kind"], time.perf_counter() - start)


def _save(picture: vitrine.GeneratedImage, out: Path) -> None:
    """As the service sent it if that is the format of the suffix: what is paid for is not compressed again."""
    format = vitrine.sniff_format(picture.bytes)
    image = vitrine.decode_image(picture.bytes)
    if format is None or format.name != _SUFFIXES[out.suffix.lower()]:
        image.save(out)
        return
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(picture.bytes)
        os.replace(partial, out)
    except OSError as error:
        raise vitrine.PermissionDeniedError(f"'{out}' cannot be written: {error.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)


def _report_estimate(
    request: vitrine.GenerationRequest, budget: Budget, deployment: Deployment, *, as_json: bool
) -> None:
    estimator = deployment.estimator()
    estimate = estimator.estimate(request)
    if deployment.settings.generator == "bfl" and (budget.per_picture is not None or budget.per_day is not None):
        _orders(deployment, estimator).require_within(budget, estimate)
    settings = deployment.settings
    if as_json:
        print_json(
            {
                "dry_run": True,
                "kind": request.kind.name,
                "generator": settings.generator,
                "model": request.model,
                "estimated_cost_micro_usd": estimate.value,
                "budget_micro_usd": None if budget.per_picture is None else budget.per_picture.value,
                "prices_as_of": vitrine.bfl_price_date() if settings.generator == "bfl" else None,
            }
        )
    else:
        print(f"It would cost {estimate} USD (estimated). Nothing was ordered.")


def _report(made: Made, *, as_json: bool) -> None:
    picture = made.picture
    if as_json:
        document: dict[str, Any] = {
            "output": str(made.out),
            "kind": made.kind,
            "generator": picture.task.generator,
            "model": picture.task.model,
            "task": picture.task.id,
            "cost_micro_usd": picture.cost.value,
            "settled": picture.settled,
            "seconds": round(made.seconds, 4),
        }
        print_json(document)
    else:
        print(f"{made.out}  cost: {picture.cost} USD{'' if picture.settled else ' (estimated)'}")
