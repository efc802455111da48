"""The filter words of the search box, each with what it does; Help shows the same."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _

WORDS: Final = (
    ("paper boat", N_("both words, found by their beginnings, in prompt, answer, notes or tags")),
    ('"slow push-in"', N_("these words one after the other")),
    ("model:sora-2", N_("a model, or all whose name begins so")),
    ("state:failed", N_("how it ended: done, failed, rejected, cancelled, unknown … or what came: video, text, link")),
    ("tag:rain", N_("one of your tags")),
    ('collection:"Client A"', N_("one of your collections")),
    ("rating:>=4", N_("your rating; rating:none for what has none")),
    ("is:favourite", N_("your favourites; also is:unrated, is:demo, is:imported")),
    ("has:video", N_("with a kept video; also has:link, has:note, has:tag")),
    ("after:2026-03-01", N_("from this day on; also after:2026-03, after:7d, after:yesterday")),
    ("before:2026-04-01", N_("up to this day, without it; on:2026-03-15 is one day")),
    ("tokens:>500", N_("figures of the answer; also took:>60 (seconds)")),
    ("cost:>1", N_("what it cost, as far as a price is set; cost:>1USD in one currency")),
    ("cost:unknown", N_("what cost or may have cost something, and no price is known")),
    ("in:trash", N_("what lies in the trash")),
)


def finding_help() -> None:
    """Show the section of the Help page."""
    st.header(_("Finding things again"))
    st.markdown(
        _("In the Library, type words or filters, or both. What you see is in the address: keep it, send it, go back.")
    )
    filter_help()
    st.markdown(
        _("In the Library: arrows move between cards, Enter opens, f is favourite, 1 to 5 rate, 0 takes it back.")
    )
    st.markdown(
        _("What you put into the trash can be taken back for 30 days. Deleting never changes a total of usage.")
    )


def filter_help() -> None:
    """List them."""
    lines = [f"| {_('Type')} | {_('to find')} |", "|:--|:--|"]
    lines += [f"| `{word}` | {_(meaning)} |" for word, meaning in WORDS]
    st.markdown("\n".join(lines))
    st.caption(_("Of Chinese and Japanese any part is found, from one character on."))
    st.caption(_("Filters and words may be mixed; all of them must be true. What is no filter is searched as words."))
