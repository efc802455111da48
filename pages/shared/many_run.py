"""How far something done to many is, and what came of it: how many changed, how many could not and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.errors import explain_code
from pages.shared.i18n import N_, ngettext, together
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.library.bulk import Act

if TYPE_CHECKING:
    from services.library.bulk import Run

KINDS: Final[dict[str, str]] = {
    Act.RATE: N_("Rated"),
    Act.TAG: N_("Tag put on"),
    Act.UNTAG: N_("Tag taken off"),
    Act.COLLECT: N_("Added to the collection"),
    Act.RELEASE: N_("Taken out of the collection"),
    Act.FAVOURITE: N_("Made favourites"),
    Act.NO_FAVOURITE: N_("No favourites any more"),
    Act.FETCH: N_("Their videos are tried again"),
    Act.TRASH: N_("Put into the trash"),
    Act.RESTORE: N_("Taken out of the trash"),
    "bring": N_("Brought in"),
}


def many_run(only: str = "") -> None:
    """Show the run of this person, if there is one (of this kind, if one is named)."""
    run = mine().bulk.run()
    if run is None or only not in ("", run.kind):
        return
    with st.container(border=True, key="many-run"):
        if run.ended:
            _came_of(run)
        else:
            _under_way()


@st.fragment(run_every=0.5)
def _under_way() -> None:
    """Show how far it is, and run the page again when it is over."""
    run = mine().bulk.run()
    if run is None or run.ended:
        st.rerun()
    share = min(1.0, run.done / run.total) if run.total else 0.0
    st.progress(share, text=_("{what}: {count} …").format(what=_(KINDS[run.kind]), count=f"{run.changed:,}"))
    st.button(_("Stop"), key="many-stop", icon=":material/stop:", on_click=_stop, disabled=run.stopping)


def _came_of(run: Run) -> None:
    done = _("{what}: {count}.").format(what=_(KINDS[run.kind]), count=f"{run.changed:,}")
    sentences = [done, *_refusals(run)]
    if run.error:
        sentences.append(explain_code(run.error))
    elif run.stopping:
        sentences.append(_("It was stopped; what was done stays done."))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(together(*sentences), width="stretch")
        if run.undo is not None:
            st.button(_("Undo"), key="many-undo", icon=":material/undo:", on_click=_undo)
        st.button(_("All right"), key="many-seen", icon=":material/check:", on_click=_seen)


def _refusals(run: Run) -> list[str]:
    """Return a sentence for each reason why some did not change."""
    said = [_reason(why, count) for why, count in sorted(run.refused.items()) if count]
    return [sentence.format(count=f"{run.refused[why]:,}") for why, sentence in said]


def _reason(why: str, n: int) -> tuple[str, str]:
    sentences = {
        "same": ngettext("{count} was so already.", "{count} were so already.", n),
        "unended": ngettext("{count} has not ended and stays.", "{count} have not ended and stay.", n),
        "no_failed": ngettext("{count} has no video that failed.", "{count} have no video that failed.", n),
        "here": ngettext("{count} was here already.", "{count} were here already.", n),
        "record": ngettext("{count} had not ended, or cannot be read.", "{count} had not ended, or cannot be read.", n),
        "hash": ngettext("{count} is not the video its record names.", "{count} are not the videos named.", n),
        "video": ngettext("{count} is no video.", "{count} are no videos.", n),
        "file": ngettext("{count} cannot be read.", "{count} cannot be read.", n),
        "large": ngettext("{count} is larger than allowed.", "{count} are larger than allowed.", n),
    }
    return why, sentences[why]


@whole
def _stop() -> None:
    mine().bulk.stop()


@whole
def _undo() -> None:
    bulk = mine().bulk
    run = bulk.run()
    if run is not None and run.undo is not None:
        undo = run.undo
        bulk.seen()
        tried(lambda: bulk.begin(undo, Act.RESTORE))


@whole
def _seen() -> None:
    mine().bulk.seen()
