"""The figures of the Usage page to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine

if TYPE_CHECKING:
    from services.usage.reading import Span


def downloads(span: Span) -> None:
    """Offer every line as CSV, and the same by collection; each file is made when it is asked for."""
    name = f"dailies-usage-{span.days[0]}-{span.last}"

    def all_of_it() -> bytes:
        from services.usage.sheet import sheet  # nothing the page needs

        return sheet(span, mine().usage.sums(span), {})

    def by_collection() -> bytes:
        from services.usage.sheet import sheet

        collected, names = mine().usage.by_collection(span)
        return sheet(span, collected, names)

    with st.container(horizontal=True, key="usage-downloads"):
        for label, made, file_name in (
            (_("Download as CSV"), all_of_it, f"{name}.csv"),
            (_("By collection as CSV"), by_collection, f"{name}-collections.csv"),
        ):
            st.download_button(
                label,
                made,
                file_name=file_name,
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=file_name,
            )
