"""Runs a command with the fake Cloud Storage that users get: python with_fake_gcs.py COMMAND…

The command finds VITRINE_TEST_GCS_ENDPOINT in its environment. Its exit status is ours.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """The exit status."""
    # By its path: the tests of the C++ library need no Python package of ours.
    path = Path(__file__).resolve().parents[2] / "python/vitrine/testing/fake_gcs.py"
    spec = importlib.util.spec_from_file_location("fake_gcs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fake_gcs"] = module
    spec.loader.exec_module(module)
    with module.FakeGcs("shop", check_crc32c=False) as service:
        return subprocess.run(sys.argv[1:], env=os.environ | {"VITRINE_TEST_GCS_ENDPOINT": service.url}).returncode


if __name__ == "__main__":
    sys.exit(main())
