"""Runs a command with an S3 server, moto's: python with_moto.py COMMAND…

The command finds VITRINE_TEST_S3_ENDPOINT and the AWS_… keys in its environment. Its exit status is ours. Without moto
the status is 77, which CTest counts as skipped, and 1 where CI is set: there nothing may be skipped.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

SKIPPED = 77


def use_environment_of_the_project() -> None:
    """Goes on in .venv, where the requirements of the tests are, if this Python lacks moto."""
    python = Path(__file__).resolve().parents[2] / ".venv/bin/python"
    if python.exists() and Path(sys.prefix) != python.parents[1]:
        os.execv(python, [str(python), *sys.argv])


def make_keys(endpoint: str) -> dict[str, str]:
    """A user that may do everything with S3. The keys count once a test tells moto to check them."""
    import boto3

    iam = boto3.client(
        "iam", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    iam.create_user(UserName="tester")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="tester", PolicyName="all", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="tester")["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def one_at_a_time(app: Any) -> Any:
    """The same application for one request at a time: moto checks a condition and stores in two steps."""
    lock = threading.Lock()

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        with lock:
            return app(environ, start_response)

    return serve


def run(command: list[str]) -> int:
    """Starts the server, runs the command, stops the server."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = one_at_a_time(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        endpoint = f"http://127.0.0.1:{server.server_port}"
        keys = make_keys(endpoint)
        return subprocess.run(command, env=os.environ | keys | {"VITRINE_TEST_S3_ENDPOINT": endpoint}).returncode
    finally:
        server.shutdown()
        thread.join()


def main() -> int:
    """The exit status."""
    try:
        import moto.server  # noqa: F401
    except ImportError:
        use_environment_of_the_project()
        print("The tests of the S3 store need a server: pip install 'moto[server]'.", file=sys.stderr)
        return 1 if os.environ.get("CI") else SKIPPED
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
