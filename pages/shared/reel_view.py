"""The parts of the morning reel: the player with its keys, what is to be taken again, the bill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.money_words import expected_said
from pages.shared.night_words import costs, tokens_said, why_failed
from pages.shared.notice import notice
from pages.shared.plain import plain, shortened
from pages.shared.runtime import mine
from pages.shared.whole import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.nights.reel import Clip, Reel

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "reel",
    js=(_FOLDER / "reel.js").read_text("utf-8"),
    css=(_FOLDER / "reel.css").read_text("utf-8"),
)
_PROMPT_CHARS: Final = 400


def watch_reel(reel: Reel) -> None:
    """While videos are being saved, or prompts still wait, look again and show what has come."""
    if reel.saving or reel.standing.waiting:
        _watch(reel.standing.night.id, _seen(reel))


@st.fragment(run_every=2.0)
def _watch(night_id: str, shown: tuple[int, int, int]) -> None:
    if _seen(mine().reels.look(night_id)) != shown:
        st.rerun()


def _seen(reel: Reel) -> tuple[int, int, int]:
    return len(reel.clips), reel.saving, reel.standing.waiting


def clips(reel: Reel) -> None:
    """Play the clips in turn; what is said of each goes to the server at once."""
    if not reel.clips and reel.saving:
        st.info(_("The video is being saved here."), icon=":material/downloading:")
        return
    if not reel.clips:
        st.info(_("No clip was made. The bill below says why."), icon=":material/theaters:")
        return
    data = {"clips": tuple(_clip(one) for one in reel.clips), "labels": tuple(_labels().items())}  # tuples: see gallery
    _COMPONENT(key="reel", data=data, on_said_change=lambda: None)


def _clip(clip: Clip) -> dict[str, object]:
    return {
        "id": clip.generation.id,
        "video": clip.video_id,
        "poster": clip.poster,
        "prompt": shortened(clip.generation.prompt, _PROMPT_CHARS),
        "verdict": clip.verdict,
    }


def _labels() -> dict[str, str]:
    return {
        "keep": _("Keep it"),
        "bin": _("Bin"),
        "again": _("Take again"),
        "undo": _("Undo"),
        "before": _("The clip before"),
        "after": _("The next clip"),
        "place": _("Clip {number} of {count}"),
        "kept": _("Kept"),
        "binned": _("In the trash"),
        "to_again": _("To be taken again"),
        "sent": _("Taken again"),
        "open": _("Not judged yet"),
        "over": _("You have seen them all."),
        "failed": _("This could not be kept. Try again in a moment."),
        "keys": _("Keys: K keep, B bin, A again, Z undo, arrows for the next one, space to pause."),
        "more": _("Everything about it"),
    }


def take_again(reel: Reel) -> None:
    """Offer to send again what was marked so: at once, after one question, or in the next night."""
    marked = reel.to_take_again
    if not marked:
        return
    st.header(_("To be taken again"))
    for clip in marked:
        st.text(shortened(clip.generation.prompt, 160))
    count = len(marked)
    with st.container(horizontal=True):
        label = ngettext("Send {count} prompt", "Send {count} prompts", count).format(count=count)
        st.button(f"{label} · {_cost(marked)}", key="reel-again", icon=":material/replay:", on_click=_ask)
        if st.button(_("Leave them for the night"), key="reel-night", icon=":material/bedtime:"):
            st.session_state["reel_again"] = [clip.generation.id for clip in marked]
            st.switch_page("night.py")
    if st.session_state.get("asking_reel"):
        _question(marked)


def bill(reel: Reel) -> None:
    """Say what the night came to: tokens, money as far as it is known, and what failed."""
    standing = reel.standing
    st.header(_("The bill"))
    rows = [
        (_("Sent"), f"{standing.bill.sent} / {standing.night.prompts}"),
        (_("Clips"), str(len(reel.clips))),
        (_("Tokens"), tokens_said(standing)),
        (_("Money"), costs(standing.parts)),
    ]
    lines = ["| | |", "|:--|:--|", *(f"| {name} | {said} |" for name, said in rows)]
    with st.container(key="reel-bill"):
        st.markdown("\n".join(lines))
    if reel.failures:
        st.subheader(_("What went wrong"))
        st.markdown("\n".join(f"- {count} × {plain(why_failed(why))}" for why, count in reel.failures))
        st.page_link("rescue.py", label=_("To the Rescue page"), icon=":material/healing:")


def _cost(marked: Sequence[Clip]) -> str:
    return expected_said(mine().prices.expect_again([clip.generation for clip in marked]))


@whole
def _ask() -> None:
    st.session_state.asking_reel = True


@whole
def _forget() -> None:
    st.session_state.pop("asking_reel", None)


@whole
def _send(marked: Sequence[Clip]) -> None:
    _forget()
    counted: list[int] = []
    if tried(lambda: counted.append(mine().reels.send_again(marked))):
        said = ngettext("{count} prompt is on its way.", "{count} prompts are on their way.", counted[0])
        notice(said.format(count=counted[0]))


def _question(marked: Sequence[Clip]) -> None:
    count = len(marked)

    @st.dialog(
        ngettext("Send {count} prompt again?", "Send {count} prompts again?", count).format(count=count),
        on_dismiss=_forget,
        icon=":material/replay:",
    )
    def ask() -> None:
        st.markdown(_("Each is a new take of the same words, and is charged like any other.") + f" {_cost(marked)}.")
        with st.container(horizontal=True):
            label = _("Yes, send {count}").format(count=count)
            yes = st.button(label, key="reel-yes", type="primary", on_click=_send, args=(marked,))
            no = st.button(_("No"), key="reel-no", on_click=_forget)
        if yes or no:
            st.rerun()  # a dialog runs by itself: the page below learns of the click only so

    ask()
