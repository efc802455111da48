"""The frame around every page: page config, language, menu."""

from pathlib import Path

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.language_switch import language_switch
from pages.shared.notice import show_notice

ASSETS = Path(__file__).parent / "shared" / "assets"

page = st.navigation(
    [
        st.Page("create.py", title=_("Create"), icon=":material/movie:", default=True),
        st.Page("in_progress.py", title=_("Queue"), icon=":material/schedule:", url_path="queue"),
        st.Page("library.py", title=_("Library"), icon=":material/video_library:", url_path="library"),
        st.Page("usage.py", title=_("Usage"), icon=":material/bar_chart:", url_path="usage"),
        st.Page("settings.py", title=_("Settings"), icon=":material/settings:", url_path="settings"),
        st.Page("help.py", title=_("Help"), icon=":material/help:", url_path="help"),
        st.Page("generation.py", title=_("Generation"), url_path="generation", visibility="hidden"),
    ],
    expanded=True,
)
st.set_page_config("Dailies", ASSETS / "icon.svg", layout="wide" if page.url_path == "library" else "centered")
st.logo(ASSETS / "logo.svg", icon_image=ASSETS / "icon.svg", size="large")
language_switch()
show_notice()
page.run()
