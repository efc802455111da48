"""The frame around every page: page config, sign-in gate, language, menu."""

import streamlit as st

from pages.shared.backup_view import backup_notice
from pages.shared.brand import brand
from pages.shared.close_menu import close_menu_on_phones
from pages.shared.errors import explain
from pages.shared.i18n import gettext as _
from pages.shared.language_switch import language_switch
from pages.shared.notice import show_notice, show_standby, show_trouble
from pages.shared.people import administers, may_change, team
from pages.shared.runtime import start_trouble
from pages.shared.sign_in_view import stands_outside, way_out
from pages.shared.unknown_path import page_for_nothing
from services.errors import StoreError

menu = {
    ":material/movie:": st.Page("create.py", title=_("Create"), default=True),
    ":material/schedule:": st.Page("in_progress.py", title=_("Queue"), url_path="queue"),
    ":material/video_library:": st.Page("library.py", title=_("Library"), url_path="library"),
    ":material/bar_chart:": st.Page("usage.py", title=_("Usage"), url_path="usage"),
    ":material/settings:": st.Page("settings.py", title=_("Settings"), url_path="settings"),
    ":material/help:": st.Page("help.py", title=_("Help"), url_path="help"),
}
unlisted = [
    st.Page("generation.py", title=_("Generation"), url_path="generation", visibility="hidden"),
    st.Page("compare.py", title=_("Compare"), url_path="compare", visibility="hidden"),
    st.Page("batch.py", title=_("Several at once"), url_path="batch", visibility="hidden"),
    st.Page("templates.py", title=_("Templates"), url_path="templates", visibility="hidden"),
    st.Page("enhance.py", title=_("Rewrite a prompt"), url_path="enhance", visibility="hidden"),
    st.Page("what_works.py", title=_("What works for me"), url_path="works", visibility="hidden"),
    st.Page("drafts.py", title=_("Drafts"), url_path="drafts", visibility="hidden"),
    st.Page("night.py", title=_("Night shift"), url_path="night", visibility="hidden"),
    st.Page("reel.py", title=_("Morning reel"), url_path="reel", visibility="hidden"),
    st.Page("rescue.py", title=_("Rescue"), url_path="rescue", visibility="hidden"),
]
instead = None  # the one page there is, whatever the address
if start_trouble() is not None:  # no database
    instead = (":material/database:", "start_trouble.py", _("Dailies cannot start"))
elif stands_outside():
    instead = (":material/login:", "sign_in.py", _("Sign in"))
elif team():
    looks_only = not may_change()
    shared = st.Page("from_others.py", title=_("Shared"), url_path="shared", default=looks_only)
    if looks_only:
        menu, unlisted = {":material/group:": shared, ":material/help:": menu[":material/help:"]}, []
    else:
        menu[":material/group:"] = shared
    if administers():
        menu[":material/manage_accounts:"] = st.Page("people.py", title=_("People"), url_path="people")
ours = [*menu.values(), *unlisted]
ours += page_for_nothing([one.url_path for one in ours])
if instead is not None:
    icon, script, title = instead
    menu = {icon: st.Page(script, title=title, default=True)}
    hidden = [st.Page(script, title=title, url_path=one.url_path, visibility="hidden") for one in ours if one.url_path]
    ours = [*menu.values(), *hidden]
# The menu is ours: the icon of a page in Streamlit's own becomes the tab's, and that is asked from fonts.gstatic.com.
page = st.navigation(ours, position="hidden")
brand("wide" if page.url_path in ("library", "compare") else "centered")
with st.sidebar:
    for icon, listed in menu.items():
        st.page_link(listed, icon=icon)
    st.space("small")
language_switch()
close_menu_on_phones()
if instead is None:
    way_out()
    show_standby()
    show_trouble()
    if administers():
        backup_notice()
show_notice()
try:
    page.run()
except StoreError as error:
    st.error(explain(error), icon=":material/database:")
