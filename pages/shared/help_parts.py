"""Parts of the Help page that tell of one room each."""

from __future__ import annotations

import streamlit as st

from pages.shared.i18n import gettext as _


def several_at_once() -> None:
    """Tell of batches and of templates."""
    st.header(_("Several at once, and templates"))
    sentences = [
        _("Several at once takes many prompts, variations in braces, a matrix of two lists, or a CSV file."),
        _("Every row is checked first and every problem told at once; nothing is sent while there is one."),
        _("A batch is kept whole and each prompt sent once, even if you click twice or the server stops meanwhile."),
        _("The Queue shows a batch as one group; Cancel the rest stops what has not been sent."),
        _("Templates keep your own words in every version, and people and places in the very same words."),
        _("Create says so when you have made the same, or nearly the same, with this model before."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def read_wrongly() -> None:
    """Tell what to do about an answer that was misread."""
    st.subheader(_("An answer was read wrongly?"))
    st.markdown(
        _(
            "Every answer is kept byte for byte. Its page offers a report that helps to teach Dailies a new dialect;"
            " after an update, python3 run.py replay --all shows what would now be read better."
        )
    )
