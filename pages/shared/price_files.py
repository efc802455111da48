"""Prices out as CSV and in again; and old rows priced anew, only when asked for and written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.errors import explain_code
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.notice import notice
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.usage.price_file import FILE_NAME, bring_in, to_csv

if TYPE_CHECKING:
    from services.usage.price_file import BroughtIn


def price_files() -> None:
    """Offer the rules as a file, and take one in."""
    with st.expander(_("Prices as a file"), icon=":material/table:"):
        prices = mine().prices
        st.download_button(
            _("Download the prices"),
            lambda: to_csv(prices),
            file_name=FILE_NAME,
            mime="text/csv",
            key="price-csv",
            icon=":material/download:",
            on_click="ignore",
        )
        sheet = st.file_uploader(_("Bring prices in from a CSV file"), type="csv", key="price-file")
        if sheet is not None:
            st.button(_("Bring them in"), key="price-bring", on_click=_bring_in, args=(sheet.getvalue(),))
        for one in st.session_state.get("price-wrong", ())[:20]:
            where = _("Row {row}: ").format(row=one.row) if one.row else ""
            st.error(where + explain_code(one.code), icon=":material/error:")


@whole
def _bring_in(data: bytes) -> None:
    found: list[BroughtIn] = []
    if not tried(lambda: found.append(bring_in(mine().prices, data))):
        return
    came = found[0]
    st.session_state["price-wrong"] = came.wrong
    if not came.wrong:
        said = ngettext("{count} price brought in.", "{count} prices brought in.", came.new).format(count=came.new)
        known = _("{count} were there already.").format(count=came.known) if came.known else ""
        notice(f"{said} {known}".strip())
