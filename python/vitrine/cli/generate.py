"""vitrine generate: makes an artwork or a scene from a prompt."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Optional

import typer

import vitrine
from vitrine.cli.arguments import size_of
from vitrine.cli.outcome import WrongUsage, errors_reported
from vitrine.cli.output import print_json
from vitrine.cli.settings import load_settings

_GENERATORS = {"procedural": vitrine.make_procedural_generator}


def generate(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="What it shows.")],
    out: Annotated[Path, typer.Option(readable=False, help="The file to write.", metavar="PATH")],
    kind: Annotated[str, typer.Option(help="artwork or scene.")] = "artwork",
    generator: Annotated[Optional[str], typer.Option(help="Who makes it: procedural (offline, free).")] = None,
    size: Annotated[str, typer.Option(help="Width and height in pixels.", metavar="WxH")] = "1024x1024",
    seed: Annotated[Optional[int], typer.Option(help="Same prompt and seed, same picture.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Make an artwork or a scene from PROMPT, and say what it cost."""
    with errors_reported(as_json=json):
        name = load_settings(generator=generator).generator
        if name not in _GENERATORS:
            raise WrongUsage(f"There is no generator {name!r}. Use one of: {', '.join(_GENERATORS)}.")
        start = time.perf_counter()
        try:
            request = vitrine.GenerationRequest(prompt, kind=kind, size=size_of(size), seed=seed)
            made = _GENERATORS[name]().generate(request)
        except ValueError as error:  # a request that the generator refuses before it starts
            raise WrongUsage(str(error)) from None
        vitrine.decode_image(made.bytes).save(out)
        if json:
            print_json(
                {
                    "output": str(out),
                    "kind": kind,
                    "generator": made.task.generator,
                    "model": made.task.model,
                    "task": made.task.id,
                    "cost_micro_usd": made.cost.value,
                    "settled": made.settled,
                    "seconds": round(time.perf_counter() - start, 4),
                }
            )
        else:
            print(f"{out}  cost: {made.cost} USD{'' if made.settled else ' (estimated)'}")
