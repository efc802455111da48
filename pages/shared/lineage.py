"""Where a generation came from and what was changed since: the parent, and the fields or words that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.compose_box import use_again
from pages.shared.compose_sections import section_of
from pages.shared.compose_widgets import HELP
from pages.shared.i18n import gettext as _
from pages.shared.i18n import listed, together
from pages.shared.plain import shortened
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.errors import NotFoundError
from services.prompts.desk import fields_of
from services.prompts.differences import segments
from services.prompts.field_help import FIELDS, changed_fields, filled

if TYPE_CHECKING:
    from services.generations import Generation


def begin_from(generation: Generation) -> None:
    """Offer to use it again, whole or with one thing changed; either way it becomes the parent of what comes of it."""
    if st.button(_("Use again"), key="use-again", icon=":material/edit:", on_click=use_again, args=(generation.id,)):
        # With the same query Streamlit adds one step to the browser's history, not a second one that has lost the id.
        st.switch_page("create.py", query_params=st.query_params.to_dict())
    fields = fields_of(generation.fields)
    named = [each.id for each in FIELDS if filled(fields, each.id) and each.id not in ("purpose", "controls")]
    if not named:
        return
    with st.popover(_("Change one thing"), icon=":material/tune:"):
        st.pills(
            _("All stays as it was but this:"),
            named,
            key="change-one",
            format_func=lambda field: _(HELP[field].label),
            on_change=_change_one,
            args=(generation.id,),
        )
    if st.session_state.pop("changing", None):
        st.switch_page("create.py", query_params=st.query_params.to_dict())


@whole
def _change_one(generation_id: str) -> None:
    if field := st.session_state["change-one"]:
        use_again(generation_id, section=section_of(field))
        st.session_state.changing = True


def came_from(generation: Generation) -> None:
    """Name the parent and what differs from it; nothing where there is no parent."""
    if not generation.parent_id:
        return
    try:
        parent = mine().generations.get(generation.parent_id)
    except NotFoundError:
        st.caption(_("It began from a generation that is gone."))
        return
    with st.container(border=True, key="came-from", gap="xsmall"):
        st.page_link(
            "generation.py",
            label=_("Began from an earlier one"),
            icon=":material/account_tree:",
            query_params={"id": parent.id},
        )
        st.text(shortened(parent.prompt, 160))
        _differences(parent, generation)


def _differences(parent: Generation, generation: Generation) -> None:
    if parent.prompt == generation.prompt and parent.model == generation.model:
        st.caption(_("The very same words: another take."))
        return
    changed = changed_fields(fields_of(parent.fields), fields_of(generation.fields)) if parent.fields else ()
    if changed:
        names = listed(_(HELP[field].label) for field in changed)
        st.caption(f":material/change_history: {together(_('Changed:'), names)}")
    words = st.expander(_("Word by word"), icon=":material/difference:", key="word-by-word", on_change="rerun")
    if words.open:
        marks = {"removed": "- ", "added": "+ "}
        changes = [each for each in segments(parent.prompt, generation.prompt) if each.kind in marks]
        lines = [marks[each.kind] + line for each in changes for line in each.text.strip().splitlines()]
        words.code("\n".join(lines), language="diff", wrap_lines=True)
