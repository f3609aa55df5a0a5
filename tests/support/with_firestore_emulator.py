#!/usr/bin/env python3
"""Runs a command beside Google's Firestore emulator, whose address it finds in FIRESTORE_EMULATOR_HOST.

    with_firestore_emulator.py COMMAND…

Exits with 77, the word for "skipped", where the emulator is not installed; in CI that is a failure.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PACKAGE = "google-cloud-cli-firestore-emulator"
JAR = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
RULES = Path(__file__).parents[2] / "deploy" / "firestore.rules"
SKIPPED = 77


def find_jar() -> Path | None:
    """The emulator's jar: where the environment says, or where Google's Debian package puts it."""
    named = os.environ.get("VITRINE_FIRESTORE_EMULATOR_JAR")
    roots = [os.environ.get("CLOUDSDK_ROOT_DIR"), "/usr/lib/google-cloud-sdk"]
    places = [Path(named)] if named else [Path(root) / JAR for root in roots if root]
    return next((place for place in places if place.is_file()), None)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_ready(host: str, emulator: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once the emulator answers; ends the program with its log if it does not."""
    for _ in range(600):
        if emulator.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://{host}/", timeout=1) as answer:
                if answer.read().strip() == b"Ok":
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    emulator.kill()
    sys.exit("The Firestore emulator did not start:\n" + log.read_text(errors="replace"))


def main(command: list[str]) -> int:
    """Starts the emulator, runs the command, stops the emulator; returns the command's exit status."""
    if os.environ.get("FIRESTORE_EMULATOR_HOST"):
        return subprocess.call(command)
    jar, java = find_jar(), shutil.which("java")
    if jar is None or java is None:
        missing = f"Google's Firestore emulator (the package {PACKAGE})" if jar is None else "java"
        print(f"Skipped: {missing} is not installed.")
        return 1 if os.environ.get("CI") else SKIPPED
    host = f"127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "emulator.log"
        with log.open("wb") as output:
            emulator = subprocess.Popen(
                [java, "-Xmx512m", "-Duser.language=en", "-cp", str(jar), MAIN, "start",
                 "--host=127.0.0.1", f"--port={host.split(':')[1]}", f"--rules={RULES}"],
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )
        try:
            wait_until_ready(host, emulator, log)
            return subprocess.call(command, env={**os.environ, "FIRESTORE_EMULATOR_HOST": host})
        finally:
            os.killpg(emulator.pid, signal.SIGKILL)
            emulator.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
