"""The server: Streamlit with our routes, our gate and headers, and the runtime's life tied to its own.

`streamlit run app.py` starts it. The page script lies inside pages/ so that Streamlit's own page discovery finds
nothing beside it: no deep link can run a page without the frame (DESIGN, "Folders").
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import get_option

from pages.shared.runtime import close_runtime, start_trouble
from pages.shared.web.assets import Assets
from pages.shared.web.doorman import Doorman
from pages.shared.web.doors import refusal
from pages.shared.web.gate import Gate
from pages.shared.web.greeting import say_ready
from pages.shared.web.headers import SecurityHeaders
from pages.shared.web.nodelay import answer_at_once
from pages.shared.web.routes import ROUTES
from services.settings import Settings


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, object]]:
    """Start the workers with the server, not with the first visitor, and stop them with it."""
    if why_not := refusal(str(get_option("server.address") or ""), Settings.from_environment()):
        raise RuntimeError(why_not)  # `streamlit run`; our own start said so before (pages/shared/web/serve.py)
    trouble = start_trouble()  # without a database the server comes up all the same, and its start page says why
    gc.freeze()  # what is here by now stays for ever: no collection need look at it again
    gc.enable()
    greeting = asyncio.create_task(say_ready())
    try:
        yield {"started": trouble is None, "nodelay_sockets": answer_at_once()}
    finally:
        greeting.cancel()
        close_runtime()


# The command finds the app by parsing this file: it must be assigned from st.App(...) directly.
app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    lifespan=lifespan,
    routes=ROUTES,
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(Gate, os.environ.get("DAILIES_PUBLIC_URL")),
        Middleware(Assets),
        Middleware(Doorman),
    ],
)
