"""Create: write a prompt, send it, watch the video arrive."""

import streamlit as st

from pages.shared.actions import into_the_box, keep_draft
from pages.shared.beneath_box import beneath_the_box
from pages.shared.cards import generation_card
from pages.shared.destination import destination
from pages.shared.examples import EXAMPLES
from pages.shared.i18n import gettext as _
from pages.shared.nonce import accepted, nonce_for
from pages.shared.notice import clear_notice, notice_error
from pages.shared.prompt_box import keep_typing
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.errors import DailiesError

me = mine()


@whole
def send() -> None:
    """Send what is in the box; on refusal everything typed stays where it is."""
    prompt = st.session_state.prompt
    nonce = nonce_for(prompt)
    clear_notice()
    try:
        me.generations.submit(prompt, nonce=nonce)
    except DailiesError as error:
        notice_error(error)
    else:
        accepted(prompt, nonce)


@whole
def try_example() -> None:
    """Put the chosen example into the box; the words that were there stay one undo away in the browser."""
    if chosen := st.session_state.example:
        into_the_box(EXAMPLES[chosen])
        st.session_state.example = None


@whole
def clear() -> None:
    """Empty the box."""
    into_the_box("")


if "prompt" not in st.session_state:
    st.session_state.prompt = me.drafts.load()

st.title(_("What shall we shoot?"))
chosen = me.endpoints.chosen()
if chosen.demo:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="demo-notice"):
        st.markdown(
            _("**The demo endpoint answers.** No endpoint is set up yet, so you get real files and nothing is paid."),
            width="stretch",
        )
        st.page_link("settings.py", label=_("Use your endpoint"), icon=":material/settings:")

st.text_area(
    _("Prompt"),
    key="prompt",
    height=170,
    placeholder=_("A paper boat crosses a puddle, macro, soft window light"),
    on_change=keep_draft,
)
with st.container(horizontal=True, vertical_alignment="center"):
    st.button(_("Generate"), key="generate", type="primary", icon=":material/movie:", on_click=send)
    st.button(_("Clear"), key="clear", type="tertiary", on_click=clear)
    keep_typing()
beneath_the_box(st.session_state.prompt, chosen.model, another=send)
names = {name: _(name) for name in EXAMPLES}
st.pills(_("Try an example"), list(names), key="example", format_func=names.__getitem__, on_change=try_example)
destination(chosen)

for generation in me.generations.newest(limit=3):
    generation_card(generation)
