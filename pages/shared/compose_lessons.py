"""What play-offs taught, as lines ready for "keep" and "avoid": one tap each."""

from __future__ import annotations

import streamlit as st

from pages.shared.compose_desk import chosen
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.prompts.desk import Desk
from services.prompts.lessons import Side, lessons, with_line
from services.prompts.vocabulary import Language


def taught(desk: Desk) -> None:
    """Offer what takes lost by most often, in the prompt's language; nothing before there is a lesson."""
    found = lessons(mine().play_off.told(), desk.fields, desk.language)
    if not found:
        return
    with st.container(border=True, gap="xsmall", key="lessons"):
        st.caption(
            _("From your play-offs, takes of this look lost by:")
            if found[0].of_looks
            else _("From your play-offs, takes lost by:")
        )
        for lesson in found:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{_(lesson.reason.label)} ({lesson.count}×)", width=190)
                _offer(lesson.reason.id, "keep", _("Keep: {line}").format(line=lesson.keep), lesson.keep, desk.language)
                _offer(
                    lesson.reason.id, "avoid", _("Avoid: {line}").format(line=lesson.avoid), lesson.avoid, desk.language
                )


def _offer(reason: str, side: Side, label: str, line: str, language: Language) -> None:
    st.button(label, key=f"lesson-{reason}-{side}", icon=":material/add:", on_click=_take, args=(side, line, language))


@whole
def _take(side: Side, line: str, language: Language) -> None:
    chosen(lambda fields: with_line(fields, side, line, language))
