"""The request of a job, from the options of vitrine jobs submit."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vitrine
from vitrine.cli.arguments import parameters_of, quad_of, size_of
from vitrine.cli.outcome import WrongUsage
from vitrine.deployment import Deployment

_LONGEST_REQUEST = 256 << 10
_ADDRESS = ("https://", "http://")


@dataclass(frozen=True)
class Wishes:
    """What the options say; None or empty: not given."""

    request: str | None = None
    artwork: str | None = None
    scenes: Sequence[str] = ()
    scenes_under: str | None = None
    prompt: str | None = None
    model: str | None = None
    size: str | None = None
    seed: int | None = None
    parameters: Sequence[str] = ()
    budget_micro_usd: int | None = None
    quad: str | None = None
    fit: str | None = None
    look: str | None = None
    format: str | None = None
    quality: int | None = None
    partial: str | None = None


def request_of(kind: str, wishes: Wishes, deployment: Deployment) -> str:
    """The request as JSON. Files of this machine are stored first, so that any worker can read them."""
    document = _given(wishes.request)
    order = _order(wishes)
    if kind == "artwork":
        document.update(order)
    elif order:
        if "prompt" not in order:
            raise WrongUsage(f"{', '.join(sorted(order))}: that is for an artwork to order. Give its --prompt too.")
        if wishes.artwork is not None:
            raise WrongUsage("--artwork and --prompt are two artworks. Give one of them.")
        document["artwork"] = {"order": order}
    document.update(_mockups(wishes, deployment))
    _require_whole(kind, document)
    return json.dumps(document, ensure_ascii=False)


def _require_whole(kind: str, document: dict[str, Any]) -> None:
    if kind == "artwork" and "prompt" not in document:
        raise WrongUsage("An artwork job needs a --prompt, or a --request that has one.")
    if kind in ("mockup", "listing") and "artwork" not in document:
        raise WrongUsage(f"A {kind} job needs an --artwork or a --prompt, or a --request that has an artwork.")
    if kind == "mockup" and "scenes" not in document:
        raise WrongUsage("A mockup job needs a --scene. For every template there is: vitrine jobs submit listing")


def _given(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    text = _text_of(text)
    try:
        document = json.loads(text)
    except ValueError as error:
        raise WrongUsage(f"--request is no JSON: {error}.") from None
    except RecursionError:
        raise WrongUsage("--request is nested too deeply.") from None
    if not isinstance(document, dict):
        raise WrongUsage(f"--request is a JSON {type(document).__name__}. Give an object: --request '{{…}}'")
    return document


def _text_of(text: str) -> str:
    if not text.startswith("@"):
        return text
    if text == "@-":
        return sys.stdin.read(_LONGEST_REQUEST + 1)
    try:
        with open(text[1:], encoding="utf-8") as file:
            return file.read(_LONGEST_REQUEST + 1)
    except FileNotFoundError:
        raise vitrine.NotFoundError(f"There is no file {text[1:]!r}.") from None
    except UnicodeDecodeError:
        raise WrongUsage(f"--request {text!r}: the file is no UTF-8 text.") from None
    except OSError as error:
        raise vitrine.PermissionDeniedError(f"{text[1:]!r} cannot be read: {error.strerror}.") from None


def _order(wishes: Wishes) -> dict[str, Any]:
    order: dict[str, Any] = {
        "prompt": wishes.prompt,
        "model": wishes.model,
        "size": list(size_of(wishes.size)) if wishes.size is not None else None,
        "seed": wishes.seed,
        "parameters": {name: json.loads(value) for name, value in parameters_of(wishes.parameters).items()} or None,
        "budget_micro_usd": wishes.budget_micro_usd,
    }
    return {name: value for name, value in order.items() if value is not None}


def _mockups(wishes: Wishes, deployment: Deployment) -> dict[str, Any]:
    quad = quad_of(wishes.quad)
    corners = None if quad is None else [list(corner) for corner in quad]
    scenes: list[dict[str, Any]] = []
    for given in wishes.scenes:
        scene = _source(given, "--scene", deployment) | {"name": Path(given).stem}
        scenes.append(scene if corners is None else scene | {"quad": corners})
    if corners is not None and not scenes:
        raise WrongUsage("--quad belongs to a --scene.")
    document: dict[str, Any] = {
        "artwork": None if wishes.artwork is None else _source(wishes.artwork, "--artwork", deployment),
        "scenes": scenes or None,
        "scenes_under": wishes.scenes_under,
        "fit": wishes.fit,
        "look": None if wishes.look is None else {"light": wishes.look},
        "format": wishes.format,
        "quality": wishes.quality,
        "partial": wishes.partial,
    }
    return {name: value for name, value in document.items() if value is not None}


def _source(given: str, option: str, deployment: Deployment) -> dict[str, Any]:
    if given.startswith(_ADDRESS):
        return {"url": given}
    if Path(given).is_file():
        ref = _stored(Path(given), deployment)
        return {"object": {"key": ref.key, "sha256": ref.sha256}}
    try:
        known = deployment.objects.head(given)
    except ValueError:  # no key can look like this
        known = None
    if known is None:
        raise vitrine.NotFoundError(
            f"{option} {given!r} is neither a file here, nor an address, nor an object in the store."
        )
    return {"object": known.ref.key}


def _stored(path: Path, deployment: Deployment) -> vitrine.ObjectRef:
    """The file in the object store, under a key made of its content: the same file is stored once."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise vitrine.PermissionDeniedError(f"'{path}' cannot be read: {error.strerror}.") from None
    if vitrine.is_template(content):
        suffix, media_type = ".vitrine", "application/octet-stream"
    else:
        format = vitrine.probe_image(content).format
        suffix, media_type = vitrine.suffix_of(format), vitrine.media_type_of(format)
    digest = hashlib.sha256(content).hexdigest()
    key = f"inputs/{digest[:2]}/{digest}{suffix}"
    try:
        return deployment.objects.put(key, content, media_type=media_type)
    except vitrine.ConflictError:
        known = deployment.objects.head(key)
        if known is None:
            raise
        return known.ref.replace(sha256=digest)
