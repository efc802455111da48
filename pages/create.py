"""Create: write a prompt or compose one, send it, watch the video arrive."""

import streamlit as st

from pages.shared.actions import into_the_box, keep_draft
from pages.shared.beneath_box import beneath_the_box
from pages.shared.cards import generation_card, just_sent
from pages.shared.collections_view import send_to
from pages.shared.compose_box import back_and_forth, compose_switch, standing
from pages.shared.compose_desk import composing, desk, open_desk, presets
from pages.shared.composer import beside_generate, composer
from pages.shared.destination import demo_notice, destination
from pages.shared.drafts_view import put_aside
from pages.shared.examples import EXAMPLES
from pages.shared.i18n import gettext as _
from pages.shared.nonce import accepted, nonce_for
from pages.shared.notice import clear_notice, notice_error
from pages.shared.prompt_box import keep_typing
from pages.shared.runtime import mine
from pages.shared.send_price import send_label
from pages.shared.tabs import tell_tab, this_tab
from pages.shared.whole import whole
from services.errors import DailiesError
from services.prompts.sending import composed

me = mine()


@whole
def send() -> None:
    """Send what is in the box; on refusal everything typed stays where it is."""
    prompt, on_it = st.session_state.prompt, desk()
    beside, place = composed(on_it, presets()), send_to()
    nonce = nonce_for(prompt)
    clear_notice()
    try:
        sent = me.generations.submit(prompt, nonce=nonce, parent_id=on_it.parent_id, composed=beside, collection=place)
    except DailiesError as error:
        notice_error(error)
    else:
        tell_tab(me.owner, this_tab(), sent.id)
        accepted(prompt, nonce)


@whole
def try_example() -> None:
    """Put the chosen example into the box; what was there can be put back."""
    if chosen := st.session_state.example:
        into_the_box(EXAMPLES[chosen])
        st.session_state.example = None


open_desk()
st.title(_("What shall we shoot?"))
chosen = me.endpoints.chosen()
demo_notice(chosen)
st.text_area(
    _("Prompt"),
    key="prompt",
    height=240 if composing() else 170,
    placeholder=_("A paper boat crosses a puddle, macro, soft window light"),
    on_change=keep_draft,
)
standing(desk(), chosen.model)
with st.container(horizontal=True, vertical_alignment="center"):
    st.button(send_label(chosen), key="generate", type="primary", icon=":material/movie:", on_click=send)
    back_and_forth(aside=put_aside)
    keep_typing()
newest = me.generations.newest(limit=3)
earlier = just_sent(newest)
beneath_the_box(st.session_state.prompt, chosen, newest=newest, another=send)
beside_generate(chosen.model)
compose_switch()
if composing():
    composer(chosen)
st.pills(_("Try an example"), list(EXAMPLES), key="example", format_func=_, on_change=try_example)
destination(chosen)

for generation in earlier:
    generation_card(generation)
