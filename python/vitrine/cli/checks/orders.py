"""Checks of whoever pictures are ordered from, and of the clock that orders and leases go by."""

from __future__ import annotations

import datetime
import email.utils

import vitrine
from vitrine.cli.checks.check import Ailment, Check, errors_as_ailments
from vitrine.deployment import Deployment

OLDEST_PRICES = datetime.timedelta(days=365)
PATIENCE_SECONDS = 10.0
LARGEST_SKEW = datetime.timedelta(seconds=60)
_BFL = "https://api.bfl.ai"


def order_checks(deployment: Deployment) -> dict[str, Check]:
    """By name; only what concerns the generator and the services that are set."""
    checks: dict[str, Check] = {}
    if deployment.settings.generator == "bfl":
        checks["key for Black Forest Labs"] = lambda: key_form(deployment)
        checks["account at Black Forest Labs"] = lambda: account(deployment)
        checks["prices"] = lambda: prices(deployment)
    if servers_of(deployment):
        checks["clock"] = lambda: clock(deployment)
    return checks


def key_form(deployment: Deployment) -> str:
    """There is one, and it can be one. It is never shown."""
    key = deployment.settings.bfl_api_key.get_secret_value()
    if not key:
        raise Ailment("There is no key for Black Forest Labs.", "Set BFL_API_KEY in the environment or in .env.")
    if not key.isascii() or not key.isprintable() or any(character.isspace() for character in key):
        raise Ailment(
            f"BFL_API_KEY has {len(key)} characters, among them blanks or others that no key has.",
            "Copy the key again, without quotes, blanks and line ends.",
        )
    return f"{len(key)} characters"


def account(deployment: Deployment) -> str:
    """The key is accepted and there is credit; asking costs nothing."""
    key_form(deployment)
    settings = deployment.settings
    with errors_as_ailments():
        balance = vitrine.bfl_balance(
            settings.bfl_api_key.get_secret_value(),
            transport=deployment.transport,
            base_url=settings.bfl_base_url,
            # A worker outlasts a service that is away; here somebody waits.
            context=vitrine.Context(timeout=PATIENCE_SECONDS),
        )
    detail = f"{balance.value / 1e6:.2f} USD of credit"
    if balance.value <= 0:
        raise Ailment(f"The key is accepted, but there is {detail}.", "Add credits to the account.")
    return detail


def prices(deployment: Deployment) -> str:
    """The table is not old, and can be read."""
    settings = deployment.settings
    with errors_as_ailments(mend="Mend the file that VITRINE_BFL_PRICES names; docs/generate.md has its form."):
        deployment.estimator().estimate(vitrine.GenerationRequest("x"))
    if settings.bfl_prices:
        return f"from {settings.bfl_prices}"
    date = vitrine.bfl_price_date()
    if datetime.date.today() - datetime.date.fromisoformat(date) > OLDEST_PRICES:
        raise Ailment(
            f"The prices by which budgets are kept are as of {date}.",
            "Use a newer vitrine, or name a table of your own: VITRINE_BFL_PRICES (docs/generate.md).",
        )
    return f"as of {date}"


def servers_of(deployment: Deployment) -> list[str]:
    """Servers that are used anyway, and whose answers tell the time."""
    settings = deployment.settings
    servers = []
    if settings.generator == "bfl":
        servers.append(settings.bfl_base_url or _BFL)
    if settings.job_store == "firestore":
        emulator = settings.firestore_emulator
        servers.append(f"http://{emulator}/" if emulator else "https://firestore.googleapis.com/")
    if settings.object_store == "gcs":
        servers.append(settings.storage_emulator or "https://storage.googleapis.com/")
    if settings.object_store == "s3":
        servers.append(settings.s3_endpoint or f"https://s3.{settings.s3_region}.amazonaws.com/")
    return servers


def clock(deployment: Deployment) -> str:
    """This machine's agrees with that of a server."""
    for server in servers_of(deployment):
        try:
            answer = deployment.transport.send(vitrine.HttpRequest("get", server, timeout=10))
        except (vitrine.Error, ValueError):
            continue
        told = answer.header("date")
        try:
            there = email.utils.parsedate_to_datetime(told) if told else None
        except ValueError:
            there = None
        if there is not None:
            return _compared(there, vitrine.redacted(server))
    return "not compared: no server told its time"


def _compared(there: datetime.datetime, server: str) -> str:
    skew = datetime.datetime.now(datetime.timezone.utc) - there.astimezone(datetime.timezone.utc)
    seconds = round(skew.total_seconds())
    if abs(skew) > LARGEST_SKEW:
        raise Ailment(
            f"This machine's clock is {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} that of {server}: "
            "signatures are refused, and leases end early or late.",
            "Set the clock, as with: timedatectl set-ntp true",
        )
    return f"within {abs(seconds)} s of {server}"
