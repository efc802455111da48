"""The play-off: two at a time, keys 1 and 2, the winner goes on; one tap says what was wrong with the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages.judging.players import chosen, players, still
from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.library.differing import kept_video
from services.prompts.lessons import LOST_BY

if TYPE_CHECKING:
    from services.generations import Generation
    from services.library.playoff import Standing, Verdict

KEY = "play-off"


def play_off(entrants: Sequence[Generation]) -> None:
    """Show the pair to judge, or the winner; above it what was wrong with the one that just lost."""
    held = mine().play_off
    now = held.look(entrants)
    by_seq = {one.seq: one for one in entrants}
    if now.judged:
        _why(now.judged[-1], by_seq)
    if now.pair:
        st.caption(
            _("Round {number} of {count}. Press 1 or 2 for the better one; it goes on.").format(
                number=len(now.judged) + 1, count=now.rounds
            )
        )
        players([by_seq[seq] for seq in now.pair], key=KEY, choose=True, on_chosen=_judge)
    elif now.winner is not None:
        _won(by_seq[now.winner])
    _back(now, entrants)


def _won(winner: Generation) -> None:
    st.header(_("The winner"), anchor=False)
    if video := kept_video(winner):
        st.video(
            f"/app/static/media/{video.id}",
            format=video.media_type or "video/mp4",
            loop=True,
            autoplay=True,
            muted=True,
        )
    st.text(winner.prompt[:400])
    with st.container(horizontal=True, vertical_alignment="center"):
        if winner.favourite:
            st.badge(_("Favourite"), icon=":material/favorite:")
        else:
            st.button(
                _("Make it a favourite"),
                key="crown",
                icon=":material/favorite_border:",
                type="primary",
                on_click=_crown,
                args=(winner.id,),
            )
        st.page_link(
            "generation.py",
            label=_("Everything about it"),
            icon=":material/open_in_full:",
            query_params={"id": winner.id},
        )


def _why(verdict: Verdict, by_seq: Mapping[int, Generation]) -> None:
    """Ask what was wrong with the one that lost last. Each tap is kept at once."""
    names = {reason.id: _(reason.label) for reason in LOST_BY}
    loser = by_seq[verdict.loser]
    key = f"why-{verdict.winner}-{verdict.loser}"
    if key not in st.session_state:
        st.session_state[key] = list(verdict.reasons)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="why"):
        still(loser, key="loser")
        with st.container(gap="xsmall"):
            st.caption(_("What was wrong with the one that lost? {prompt}").format(prompt=plain(loser.prompt, 60)))
            st.pills(
                _("What was wrong"),
                list(names),
                key=key,
                selection_mode="multi",
                format_func=names.__getitem__,
                label_visibility="collapsed",
                on_change=_give,
                args=(verdict, key),
            )


def _back(now: Standing, entrants: Sequence[Generation]) -> None:
    if not now.judged:
        return
    with st.container(horizontal=True):
        st.button(
            _("One round back"), key="round-back", icon=":material/undo:", on_click=_take_back, args=(now.judged[-1],)
        )
        st.button(
            _("Begin anew"), key="play-anew", icon=":material/restart_alt:", on_click=_anew, args=(list(entrants),)
        )


@whole
def _judge() -> None:
    winner, loser = chosen(KEY)
    if winner and loser:
        tried(lambda: mine().play_off.judge(winner, loser))


@whole
def _give(verdict: Verdict, key: str) -> None:
    tried(lambda: mine().play_off.why(verdict, st.session_state[key] or []))


@whole
def _take_back(verdict: Verdict) -> None:
    tried(lambda: mine().play_off.take_back(verdict))
    st.session_state.pop(f"why-{verdict.winner}-{verdict.loser}", None)


@whole
def _anew(entrants: list[Generation]) -> None:
    tried(lambda: mine().play_off.begin_anew(entrants))
    for key in [name for name in st.session_state if str(name).startswith("why-")]:
        del st.session_state[key]


@whole
def _crown(generation_id: str) -> None:
    tried(lambda: mine().marks.set_favourite(generation_id, True))
