"""Put Chromium and Postgres on a Debian machine, if they are missing and we may: `python -m tests.machine`.

Anywhere else it does nothing: the tests that want them say themselves what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing_packages() -> list[str]:
    """Return the Debian packages the tests want and this machine lacks."""
    missing = []
    if not any(shutil.which(name) for name in BROWSERS):
        missing.append("chromium")
    if not shutil.which("postgres") and not any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        missing.append("postgresql")
    return missing


def may_install() -> bool:
    """Tell whether this is Debian's kind of system and we are its administrator."""
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def install(packages: list[str]) -> None:
    """Install Debian packages quietly; a failure is told, and left to the tests that need them."""
    print(f"Installing {', '.join(packages)} for the tests ...", flush=True)  # noqa: T201
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    refuse_cluster()
    keep_ours = ["-o", "Dpkg::Options::=--force-confold"]  # or dpkg would ask about the file written just above
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *keep_ours, *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", *words],  # noqa: S607 - Debian's own, wherever it lies
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            print(f"apt-get {words[0]} failed: {done.stderr.strip()[-500:]}", flush=True)  # noqa: T201


def refuse_cluster() -> None:
    """Keep Debian from starting a database server of its own: the tests start theirs in a folder of their own."""
    folder = Path("/etc/postgresql-common")
    settings = folder / "createcluster.conf"
    if not settings.exists():
        folder.mkdir(exist_ok=True)
        settings.write_text("create_main_cluster = false\n")


def prepare() -> None:
    """Install what is missing, where we may."""
    wanted = missing_packages()
    if wanted and may_install():
        install(wanted)


if __name__ == "__main__":
    prepare()
