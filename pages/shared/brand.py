"""Name, icon and logo of the app, without what Streamlit imports to look at them.

`st.logo` and the `page_icon` of `st.set_page_config` import numpy and PIL before they see that an SVG needs neither:
0.15 s of processor time before the first page and 35 MB for ever. The messages below are theirs (1.67.0).
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Logo_pb2 import Logo
from streamlit.proto.PageConfig_pb2 import PageConfig
from streamlit.runtime.scriptrunner import get_script_run_ctx

_ASSETS = Path(__file__).parent / "assets"


def brand(layout: Literal["centered", "wide"]) -> None:
    """Set the tab's title and icon, the page's width and the logo above the menu."""
    st.set_page_config("Dailies", layout=layout)
    context = get_script_run_ctx()
    if context is None:  # a script without a browser: a test of a piece of a page
        return
    icon = ForwardMsg()
    icon.page_config_changed.favicon = _data_url("icon.svg")
    icon.page_config_changed.layout = PageConfig.Layout.LAYOUT_UNSET  # else it says "centered" after all
    icon.page_config_changed.initial_sidebar_state = PageConfig.SidebarState.SIDEBAR_UNSET
    context.enqueue(icon)
    logo = ForwardMsg()
    logo.logo.image, logo.logo.image_type = _data_url("logo.svg"), Logo.ImageType.IMAGE
    logo.logo.icon_image, logo.logo.icon_image_type = _data_url("icon.svg"), Logo.ImageType.IMAGE
    logo.logo.size = "large"
    context.enqueue(logo)


@cache
def _data_url(name: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode((_ASSETS / name).read_bytes()).decode()}"
