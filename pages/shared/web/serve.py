"""Serve app.py: what `streamlit run app.py` does, less its command line (`python -m pages.shared.web.serve HOST PORT`).

Streamlit's command line builds an option for each of its settings and parses app.py to find the app: about 60 ms of
processor time at every start, and it ends Ctrl+C with "Aborted!". The two calls below are what it comes down to
(1.67.0).
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from streamlit import config
from streamlit.web import bootstrap

APP = Path(__file__).resolve().parents[3] / "app.py"


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl+C."""
    options = {"server_address": host, "server_port": port, "server_headless": True}
    config._main_script_path = str(APP)  # so that .streamlit/ beside app.py counts, whatever the working folder
    bootstrap.load_config_options(options)
    with contextlib.suppress(KeyboardInterrupt):
        bootstrap.run_asgi_app(str(APP), "app:app", [], options)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
