"""Serve app.py: what `streamlit run app.py` does, less its command line (`python -m pages.shared.web.serve HOST PORT`).

Streamlit's command line builds an option for each of its settings and parses app.py to find the app: about 60 ms of
processor time at every start, and it ends Ctrl+C with "Aborted!". The two calls below are what it comes down to
(1.67.0).
"""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.dont_write_bytecode = False  # compiling our own modules anew would be a seventh of each start
gc.disable()  # until app.py has been imported: looking through what stays for ever is a tenth of a start

from streamlit import config  # noqa: E402
from streamlit.components.v2 import manifest_scanner  # noqa: E402
from streamlit.web import bootstrap  # noqa: E402

from pages.shared.web.doors import refusal  # noqa: E402
from services.settings import Settings  # noqa: E402

APP = Path(__file__).resolve().parents[3] / "app.py"

# Streamlit reads the metadata of every installed package at each start, to find components that packages bring. Ours
# bring none, and that reading is a tenth of a start. There is no option for it (1.67.0).
manifest_scanner.scan_component_manifests = lambda max_workers=None: []


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl+C."""
    try:
        settings = Settings.from_environment()
    except ValueError as error:  # said in one sentence, before anything is opened
        raise SystemExit(str(error)) from None
    options: dict[str, object] = {
        "server_address": host,
        "server_port": port,
        "server_headless": True,
        "server_allowedHosts": names_of(host, os.environ.get("DAILIES_PUBLIC_URL", "")),
    }
    if secrets := os.environ.get("DAILIES_SECRETS"):
        options["secrets_files"] = [secrets]
    config._main_script_path = str(APP)  # so that .streamlit/ beside app.py counts, whatever the working folder
    bootstrap.load_config_options(options)
    if why_not := refusal(host, settings):
        raise SystemExit(why_not)
    with contextlib.suppress(KeyboardInterrupt):
        bootstrap.run_asgi_app(str(APP), "app:app", [], options)


def names_of(host: str, public_url: str) -> list[str]:
    """Return the names a browser may call us by: this machine's, what we were told to listen on, the public one.

    Any other name is refused (DNS rebinding). Listening on every interface adds this machine's own names, no more.
    """
    names = {"localhost", "127.0.0.1", "::1", host, urlsplit(public_url).hostname or "localhost"}
    if host in {"0.0.0.0", "::"}:  # noqa: S104  # nosec B104 - compared, not bound
        own = socket.gethostname()
        with contextlib.suppress(OSError):
            names |= {own, *(str(info[4][0]) for info in socket.getaddrinfo(own, None))}
    return sorted(names)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
