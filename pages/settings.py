"""Settings: where prompts go, and the copies of everything."""

import streamlit as st

from pages.shared.backup_view import backup_section
from pages.shared.bring_in import bring_in_section
from pages.shared.budget_form import budgets_section
from pages.shared.endpoint_form import endpoint_form, manage
from pages.shared.i18n import gettext as _
from pages.shared.people import administers
from pages.shared.plain import plain
from pages.shared.presets_form import presets_section
from pages.shared.prices_section import prices_section
from pages.shared.runtime import mine
from pages.shared.words import endpoint_title

st.title(_("Settings"))
st.header(_("Endpoints"))
st.markdown(
    _("An OpenAI-compatible address that turns prompts into videos. Its token is stored encrypted and never shown.")
)

endpoints = mine().endpoints
chosen = endpoints.chosen()
for endpoint in endpoints.list():
    mark = _("in use") if endpoint.id == chosen.id else _("ready") if endpoint.has_token or endpoint.demo else ""
    if endpoint.token_unreadable:
        mark = _("needs its token again")
    name = plain(endpoint_title(endpoint), 60) + (f" · {mark}" if mark else "")
    icon = ":material/radio_button_checked:" if endpoint.id == chosen.id else ":material/radio_button_unchecked:"
    wants_token = endpoint.token_unreadable or (endpoint.built_in and not endpoint.demo and not endpoint.has_token)
    with st.expander(name, icon=icon, expanded=wants_token or endpoint.id == st.session_state.get("edited")):
        st.code(endpoint.base_url, language=None)
        manage(endpoint, in_use=endpoint.id == chosen.id)

with st.expander(_("Add an endpoint"), icon=":material/add:"):
    endpoint_form(None)

budgets_section()
presets_section()
prices_section()
bring_in_section()
if administers():
    backup_section()
