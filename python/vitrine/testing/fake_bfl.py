"""Runs the fake BFL service as a process: python -m vitrine.testing.fake_bfl --port 0 --state FILE.

Its first line on standard output is one JSON document, `{"url", "key", "pid"}`, once it listens. It ends by SIGTERM or
Ctrl-C; killed and started again on the same port with the same state, it goes on with its orders.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from vitrine.testing.bfl_faults import Fault
from vitrine.testing.bfl_server import FakeBfl


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m vitrine.testing.fake_bfl",
        description="Plays Black Forest Labs' API on this machine and keeps the bill.",
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one.")
    parser.add_argument("--state", type=Path, help="File that keeps orders and charges.")
    parser.add_argument("--key", default="test-key", help="The only key that is accepted.")
    parser.add_argument("--credits", type=float, default=3.0, help="What an order costs; a credit is a US cent.")
    parser.add_argument("--pending-polls", type=int, default=1, help="Polls that answer Pending first.")
    parser.add_argument("--most-active", type=int, default=24, help="Orders that may run at once.")
    parser.add_argument("--fault-rate", type=float, default=0.0, help="Share of requests that meet a random fault.")
    parser.add_argument("--seed", type=int, default=0, help="Of the random faults.")
    parser.add_argument("--faults", default="[]", help='JSON list of faults: [{"on": "submit", "kind": "lost"}].')
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until it is told to end; 2 for arguments that cannot be."""
    given = _parser().parse_args(arguments)
    end = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: end.set())
    try:
        faults = [Fault.of(each) for each in json.loads(given.faults)]
        service = FakeBfl(
            port=given.port,
            state=given.state,
            key=given.key,
            credits_each=given.credits,
            pending_polls=given.pending_polls,
            most_active=given.most_active,
            fault_rate=given.fault_rate,
            seed=given.seed,
        )
    except (ValueError, TypeError, OSError) as error:
        print(f"The service cannot start: {error}", file=sys.stderr)
        return 2
    with service:
        service.add(*faults)
        print(json.dumps({"url": service.url, "key": service.key, "pid": os.getpid()}), flush=True)
        end.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
