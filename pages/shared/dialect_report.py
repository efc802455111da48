"""Offer a file that helps to teach Dailies a dialect of answers it does not know yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine

if TYPE_CHECKING:
    from services.generations import Generation


def dialect_report(generation: Generation) -> None:
    """Say what the file holds and what it does not, then offer it; nothing is sent anywhere by itself."""
    with st.expander(_("Report an unknown dialect"), icon=":material/bug_report:"):
        st.markdown(
            _(
                "Was this answer read wrongly: a link missed, a refusal taken for an answer? This file shows how the"
                " endpoint speaks. It is only saved on your computer; you decide who gets it."
            )
        )
        st.markdown(
            _(
                "It holds the answer as it came (video links included: whoever has them can open the video), times,"
                " the model's name and what was understood. It holds no token, and the endpoint's address only where"
                " the answer's own links show it."
            )
        )
        with_prompt = st.checkbox(_("Include my prompt"), key="report-with-prompt")
        record = mine().raw_record
        st.download_button(
            _("Download the report"),
            lambda: record.report(generation.id, with_prompt=with_prompt),
            file_name=f"dailies-dialect-{generation.id}.json",
            mime="application/json",
            key="dialect-report",
            icon=":material/download:",
            on_click="ignore",
        )
