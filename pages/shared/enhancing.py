"""The parts of the Rewrite page: what to ask, the words as they come, and the two texts side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.compose_desk import turned
from pages.shared.errors import explain_code
from pages.shared.i18n import N_, language, together
from pages.shared.i18n import gettext as _
from pages.shared.money_words import expected_said, nano_said
from pages.shared.nonce import new_nonce
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import endpoint_title, tokens
from services.generations.enhancer import Wish
from services.prompts.desk import with_text
from services.prompts.differences import segments
from services.prompts.rewriting import INSTRUCTIONS, LENGTHS, MAX_INSTRUCTIONS_CHARS, Length
from services.prompts.vocabulary import language_of

if TYPE_CHECKING:
    from services.generations.enhancer import Rewrite

NAMES: Final = {"short": N_("Short"), "medium": N_("Medium"), "detailed": N_("Detailed")}
_FOLDER = Path(__file__).parent / "components"
_DIFFERENCE = st.components.v2.component(
    "difference",
    js=(_FOLDER / "difference.js").read_text("utf-8"),
    css=(_FOLDER / "difference.css").read_text("utf-8"),
)


def on_create() -> str:
    """Return the words that stand on Create."""
    return str(st.session_state.get("prompt") or mine().drafts.load())


def ask_form(prompt: str) -> None:
    """Ask which model shall write, how long, and told what."""
    known = {one.id: one for one in mine().endpoints.list() if not one.demo and (one.has_token or not one.built_in)}
    if not known:
        st.info(_("The demo endpoint cannot write. Set up an endpoint with a chat model."), icon=":material/settings:")
        st.page_link("settings.py", label=_("Use your endpoint"), icon=":material/settings:")
        return
    names = {id: endpoint_title(one) for id, one in known.items()}
    left, right = st.columns(2)
    chosen = left.selectbox(_("Endpoint"), list(names), key="rewrite-endpoint", format_func=names.__getitem__)
    models = list(dict.fromkeys([*known[chosen].models, known[chosen].model]))
    model = right.selectbox(_("Chat model"), models, key="rewrite-model", accept_new_options=True)
    said = {length: _(NAMES[length]) for length in LENGTHS}
    st.radio(_("Length"), list(said), 1, key="rewrite-length", format_func=said.__getitem__, horizontal=True)
    with st.expander(_("What the model is told")):
        st.text_area(
            _("Instructions"),
            INSTRUCTIONS[language_of(language())],
            key="rewrite-instructions",
            max_chars=MAX_INSTRUCTIONS_CHARS,
            height=160,
        )
    cost = expected_said(mine().prices.expect_rewrite(known[chosen], model or "", prompt))
    st.caption(_("This asks your endpoint once; its tokens are counted apart from videos.") + f" · {cost}")
    st.button(
        _("Rewrite it"),
        key="rewrite-ask",
        type="primary",
        icon=":material/auto_fix_high:",
        on_click=_ask,
        args=(prompt, chosen, model or ""),
    )


@st.fragment(run_every=0.4)
def watch(rewrite_id: str) -> None:
    """Show the words as they come; at the end the page runs again."""
    rewrite = mine().enhancer.look(rewrite_id)
    if rewrite.state != "sending":
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("It is being written…"), width="stretch")
        st.button(_("Stop"), key="rewrite-stop", icon=":material/stop:", on_click=_stop, args=(rewrite_id,))
    st.code(rewrite.after or " ", language=None, wrap_lines=True)


def result(rewrite: Rewrite) -> None:
    """Show what came: before and after with the differences marked, and what to do with it."""
    if rewrite.state != "done" or not rewrite.after:
        st.warning(
            together(
                explain_code(rewrite.error_code or "empty_answer", upstream=True), _("Your words are as they were.")
            ),
            icon=":material/error:",
        )
        if rewrite.after:
            st.code(rewrite.after, language=None, wrap_lines=True)
        return
    st.subheader(_("What changed"))
    parts = tuple((one.kind, one.text) for one in segments(rewrite.before, rewrite.after))
    names = (_("Your words"), _("The new words"))
    _DIFFERENCE(key="difference", data={"segments": parts, "names": names})  # tuples: see gallery
    with st.expander(_("The new words, to copy")):
        st.code(rewrite.after, language=None, wrap_lines=True)
    cost = _("Cost: {cost}").format(cost=nano_said(rewrite.cost_nano, rewrite.cost_currency))
    st.caption(_("It took {count} tokens.").format(count=tokens(rewrite.total_tokens)) + f" · {cost}")
    with st.container(horizontal=True):
        for key, label, icon, text in (
            ("keep", _("Use the new words"), ":material/check:", rewrite.after),
            ("insert", _("Put them below mine"), ":material/add:", f"{rewrite.before}\n\n{rewrite.after}"),
            ("mine", _("Back to my words"), ":material/undo:", rewrite.before),
        ):
            st.button(label, key=f"rewrite-{key}", icon=icon, on_click=_lay, args=(text,))
        st.button(_("Discard"), key="rewrite-discard", icon=":material/close:", on_click=_discard)


@whole
def _ask(prompt: str, endpoint_id: str, model: str) -> None:
    length: Length = st.session_state["rewrite-length"]
    told = st.session_state.get("rewrite-instructions", "")
    wish = Wish(endpoint_id, model, length, told, language_of(language()))
    nonce = st.session_state.setdefault("rewrite_nonce", new_nonce())

    def ask() -> None:
        st.session_state.rewrite = mine().enhancer.ask(prompt, wish, nonce=nonce)

    running = st.session_state.get("rewrite")
    if running and mine().enhancer.look(running).state == "sending":
        return  # the second click of a double click
    if tried(ask):
        st.session_state.rewrite_nonce = new_nonce()


@whole
def _stop(rewrite_id: str) -> None:
    tried(lambda: mine().enhancer.stop(rewrite_id))


@whole
def _lay(text: str) -> None:
    """Put words on Create, fields left beside them; what stood there can be put back."""
    turned(lambda on_it: with_text(on_it, text), step=True)
    st.session_state.pop("rewrite", None)
    st.session_state.rewrite_laid = True


@whole
def _discard() -> None:
    st.session_state.pop("rewrite", None)
