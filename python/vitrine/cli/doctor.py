"""vitrine doctor: checks everything it is configured to reach, and says how to mend each."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.table import Table

import vitrine
from vitrine.cli.checks.check import Ailment, Check
from vitrine.cli.checks.configuration import configuration, configuration_checks
from vitrine.cli.checks.google import google_checks
from vitrine.cli.checks.machine import machine_checks
from vitrine.cli.checks.orders import order_checks
from vitrine.cli.checks.stores import store_checks
from vitrine.cli.outcome import ExitCode, errors_reported
from vitrine.cli.output import print_json, tables
from vitrine.deployment import Deployment
from vitrine.settings import SettingsError, load_settings


def doctor(
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Check this machine and the configuration, and say how to mend what is wrong."""
    with errors_reported(as_json=json):
        checks = [_run(name, check) for name, check in _checks().items()]
        ok = all(check["ok"] for check in checks)
        if json:
            print_json({"ok": ok, "checks": checks})
        else:
            tables().print(_table(checks))
        raise typer.Exit(ExitCode.done if ok else ExitCode.unavailable)


def _checks() -> dict[str, Check]:
    """This machine, the settings, and, if those can be read, all that they name."""
    checks = {**machine_checks(), "configuration": configuration}
    try:
        deployment = Deployment(load_settings())
    except SettingsError:
        return checks
    return {
        **checks,
        **configuration_checks(deployment.settings),
        **google_checks(deployment),
        **store_checks(deployment),
        **order_checks(deployment),
    }


def _run(name: str, check: Check) -> dict[str, Any]:
    start = time.perf_counter()
    ok, mend = True, ""
    try:
        detail = check()
    except Ailment as ailment:
        ok, detail, mend = False, str(ailment), ailment.mend
    except Exception as error:
        # The other checks are wanted all the more then.
        ok, detail = False, f"This check ended in a defect of ours: {type(error).__name__}: {error}"
        mend = f"Please report this line, with vitrine {vitrine.__version__}."
    return {
        "name": name,
        "ok": ok,
        "seconds": round(time.perf_counter() - start, 4),
        "detail": detail,
        "mend": mend,
    }


def _table(checks: list[dict[str, Any]]) -> Table:
    table = Table("check", "", "detail", box=None)
    for check in checks:
        detail = check["detail"] if check["ok"] else f"{check['detail']} {check['mend']}"
        table.add_row(check["name"], "ok" if check["ok"] else "WRONG", detail)
    return table
