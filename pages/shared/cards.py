"""One generation on a page: its words, where it stands, what can be done, its video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import cancel, fetch_again, send_now, stop_saving, undo
from pages.shared.errors import explain_code, happened
from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.live_text import live_here, live_text
from pages.shared.place_words import waiting_line
from pages.shared.plain import plain, shortened
from pages.shared.rescued import still_told
from pages.shared.runtime import get_runtime, mine
from pages.shared.words import MEANINGS, SAVING, UNFINISHED, clock, endpoint_name, money, state_look, state_word

if TYPE_CHECKING:
    from services.generations import Generation, Video


def generation_card(generation: Generation) -> None:
    """Show one generation in a frame: live while it runs, its video or its reason afterwards."""
    with st.container(border=True, key=f"card-{generation.id}"):
        st.text(shortened(generation.prompt, 240))
        if generation.state in UNFINISHED:
            live_text(generation)
        _beneath(generation)


def just_sent(newest: list[Generation]) -> list[Generation]:
    """Show the newest one here while it runs and for as long as its visit lasts; return those for further below.

    What was just sent is to be seen beneath the button, without scrolling. The frame and the live text in it are always
    there: what comes into them and goes moves nothing below, and the words need not wait for the page.
    """
    watched = st.session_state.get("watched", ())
    above = next((one for one in newest[:1] if one.state in UNFINISHED or one.id in watched), None)
    with st.container(border=above is not None, key="card-now"):
        if above is None:
            st.empty()
        else:
            st.text(shortened(above.prompt, 240))
        live_here(above if above is not None and above.state in UNFINISHED else None)
        if above is not None:
            _beneath(above)
    return newest if above is None else newest[1:]


def _beneath(generation: Generation) -> None:
    """Show what stands beneath the live text, or in its place when there is none any more."""
    if generation.state in UNFINISHED:
        st.session_state.setdefault("watched", set()).add(generation.id)
        waiting_line(generation)
        waiting_actions(generation)
        return
    result(generation)
    st.page_link(
        "generation.py",
        label=_("Everything about it"),
        icon=":material/open_in_full:",
        query_params={"id": generation.id},
    )


def waiting_actions(generation: Generation) -> None:
    """Offer what can still be done: take back, send at once, stop."""
    with st.container(horizontal=True):
        if generation.state == "held" and generation.send_before is None:
            st.button(
                _("Take back"),
                key=f"undo-{generation.id}",
                icon=":material/undo:",
                on_click=undo,
                args=(generation.id,),
            )
            st.button(
                _("Send now"),
                key=f"now-{generation.id}",
                icon=":material/send:",
                on_click=send_now,
                args=(generation.id,),
            )
        else:
            label = _("Stopping…") if generation.cancel_requested else _("Cancel")
            st.button(
                label,
                key=f"cancel-{generation.id}",
                icon=":material/stop:",
                disabled=generation.cancel_requested,
                on_click=cancel,
                args=(generation.id,),
            )


def result(generation: Generation) -> None:
    """Show how it ended: the badge, the video, and the plain words when there is none."""
    badge(generation)
    for video in still_told(generation):
        show_video(video, generation)
    if generation.state != "done":
        st.markdown(ended_badly(generation))
    elif not generation.videos:
        st.markdown(without_video(generation))
    elif all(video.state == "failed" for video in generation.videos):
        st.markdown(played(generation) if generation.demo else money(generation))


def badge(generation: Generation) -> None:
    """Show state, model and time in one line; the state in words, never in colour alone."""
    colour, icon = state_look(generation)
    facts = [endpoint_name(generation.endpoint_name, demo=generation.demo), generation.model]
    if generation.duration_seconds is not None:
        facts.append(clock(generation.duration_seconds))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state_word(generation), icon=icon, color=colour)  # type: ignore[arg-type]  # ours, from a table
        st.caption(" · ".join(plain(fact, 60) for fact in facts), width="content")


def ended_badly(generation: Generation) -> str:
    """Return what happened, what to do next and what it may have cost."""
    code = generation.error_code
    if generation.state == "cancelled" and generation.sent_at is None:
        return _("You took it back before it was sent. Nothing was charged.")
    if generation.demo:  # no account, no bill, no settings: other advice than a real endpoint's
        return together(happened(code, upstream=True) if code else _(MEANINGS[generation.state]), played(generation))
    # The money sentence names the bill where there is one to look at: no second time.
    what = explain_code(code, upstream=True, free=True) if code else _(MEANINGS[generation.state])
    return together(what, money(generation))


def played(generation: Generation) -> str:
    """Return why the demo endpoint gave no video, and what to do."""
    if generation.state != "cancelled" and get_runtime().asks_for_trouble(generation.prompt):
        return _("The demo played it because the prompt asks for it by a mark in brackets. It cost nothing.")
    return _("This was the demo: it cost nothing, and you may send it again.")


def without_video(generation: Generation) -> str:
    """Return what a finished answer without a video means."""
    sentences = {
        "refused": (_("The model declined in words."), _("Its answer says why; change the prompt and try again.")),
        "link": (
            _("The answer holds a link to a page, but no video file."),
            _("Open the page, copy the video's own link there, and paste it on the Rescue page."),
        ),
        "text": (_("The answer is text only."), _("The model may not make videos; check which model is chosen.")),
        "none": (_("The answer was empty."), ""),
    }
    what, advice = sentences[generation.outcome if generation.outcome in sentences else "none"]
    if generation.demo:
        return together(what, played(generation))
    return together(what, advice, money(generation))


def show_video(video: Video, generation: Generation) -> None:
    """Play a kept video; say so while it is being saved; offer to try again when that failed."""
    if video.state == "kept":
        fresh = generation.id in st.session_state.get("watched", ())
        st.video(
            f"/app/static/media/{video.id}",
            format=video.media_type or "video/mp4",
            autoplay=fresh,
            muted=fresh,
            alt=shortened(generation.prompt, 120),
        )
    elif video.state in SAVING:
        _saving(generation.id, video.id)
    else:
        st.warning(explain_code(video.error_code or "video_failed"), icon=":material/cloud_off:")
        st.button(
            _("Save the video") if video.error_code == "video_cancelled" else _("Try to save it again"),
            key=f"fetch-{video.id}",
            icon=":material/refresh:",
            on_click=fetch_again,
            args=(video.id,),
        )


@st.fragment(run_every=0.7)
def _saving(generation_id: str, video_id: str) -> None:
    """Look again until the video is kept or has failed; the only thing here that looks by the clock."""
    now = next((video for video in mine().generations.get(generation_id).videos if video.id == video_id), None)
    if now is None or now.state not in SAVING:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(_("The video is being saved here."), icon=":material/downloading:", width="stretch")
        st.button(
            _("Stop saving"),
            key=f"stop-saving-{video_id}",
            icon=":material/stop:",
            on_click=stop_saving,
            args=(video_id,),
        )
