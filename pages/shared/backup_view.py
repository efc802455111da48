"""Backups on the pages: when the last one was made, making one now, checking them, and how to put one back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.errors import explain_code
from pages.shared.i18n import N_, ngettext, together
from pages.shared.i18n import gettext as _
from pages.shared.runtime import get_runtime
from pages.shared.whole import whole
from pages.shared.words import moment
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.backup.daily import Look, Progress, State
    from services.backup.store import Backup

KINDS: Final = {"daily": N_("by itself"), "manual": N_("by hand"), "migration": N_("before an update")}
STAGES: Final = {
    "database": N_("Reading the database"),
    "check": N_("Checking the copy"),
    "media": N_("Videos and posters of the backups"),
    "videos": N_("Videos and posters"),
}
FAULTS: Final = {
    "backup_unreadable": N_("A backup cannot be read:"),
    "backup_changed": N_("The database in a backup is not what it was:"),
    "backup_broken": N_("The database in a backup is damaged:"),
    "copy_missing": N_("A file is missing from the backups:"),
    "copy_changed": N_("A file in the backups is not what it was:"),
    "database_unusable": N_("The database cannot be used:"),
    "database_damaged": N_("The database is damaged:"),
    "video_missing": N_("A video's file is missing:"),
    "video_changed": N_("A video's file is not what it was:"),
    "picture_missing": N_("A picture's file is missing:"),
    "media_away": N_("The object store does not answer for a file:"),
    "picture_changed": N_("A picture's file is not what it was:"),
}


def backup_notice() -> None:
    """Say on every page, in small print, that the last backup failed, until one works."""
    code = get_runtime().backups.trouble()
    if code is not None:
        st.caption(":orange[:material/warning:] " + together(_("The last backup failed."), explain_code(code)))


def backup_section() -> None:
    """Show all about backups; on Postgres only what can be checked."""
    state = get_runtime().backups.state()
    st.header(_("Backup"), anchor=False)
    if state.offered:
        _summary(state)
    else:
        st.info(explain_code("backup_postgres"), icon=":material/database:")
    _buttons(state)
    _looks(state)
    if state.offered:
        with st.expander(_("How to put a backup back"), icon=":material/settings_backup_restore:"):
            _how_to(state)
    if state.backups:
        with st.expander(_("All backups"), icon=":material/list:"):
            _list(state.backups)


def size_words(size_bytes: int) -> str:
    """Return a size as people say it.

    >>> size_words(1_234), size_words(4_200_000), size_words(5_300_000_000)
    ('1 kB', '4.2 MB', '5.3 GB')
    """
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if size_bytes >= size:
            return f"{size_bytes / size:,.1f} {unit}"
    return f"{max(1, round(size_bytes / 1e3))} kB"


def _summary(state: State) -> None:
    st.markdown(
        _("The database, videos and posters are copied once a day. The key to your tokens is left out on purpose.")
    )
    if state.trouble is not None:
        st.warning(together(_("The last backup failed."), explain_code(state.trouble)), icon=":material/warning:")
    if state.backups:
        last = state.backups[0]
        made = _("Newest backup: {when}, {size}").format(
            when=moment(last.made_at, offset_minutes()), size=size_words(last.size_bytes)
        )
        st.success(made, icon=":material/check:")
    else:
        st.info(_("There is no backup yet. The first is made a minute after the start."), icon=":material/schedule:")
    st.caption(_("Where they lie (DAILIES_BACKUP_DIR changes it):"))
    st.code(str(state.folder), language=None, wrap_lines=True)
    if state.same_disk:
        st.caption(_("That is the disk the data is on. On another disk, backups outlive a broken one."))


def _buttons(state: State) -> None:
    busy = state.progress is not None
    with st.container(horizontal=True):
        if state.offered:
            st.button(_("Back up now"), key="backup-now", icon=":material/backup:", disabled=busy, on_click=_back_up)
        st.button(
            _("Check everything"),
            key="backup-verify",
            icon=":material/fact_check:",
            disabled=busy,
            on_click=_verify,
            help=_("Reads every backup, the database and every video, and compares them with their hashes."),
        )
    if busy:
        _progress()


@whole
def _back_up() -> None:
    tried(get_runtime().backups.back_up_now)


@whole
def _verify() -> None:
    tried(get_runtime().backups.verify_now)


@st.fragment(run_every=1.0)
def _progress() -> None:
    """Show how far it is, and run the page again when it is over."""
    progress = get_runtime().backups.progress
    if progress is None:
        st.rerun()
    else:
        st.progress(_share(progress), text=_(STAGES[progress.stage]) + " …")


def _share(progress: Progress) -> float:
    return min(1.0, progress.done / progress.total) if progress.total else 0.0


def _looks(state: State) -> None:
    if state.checked is not None:
        _look(_("Database checked: {when}."), state.checked)
    if state.verified is not None:
        _look(_("Everything checked: {when}."), state.verified)


def _look(sentence: str, look: Look) -> None:
    said = sentence.format(when=moment(look.at, offset_minutes()))
    if not look.faults:
        st.caption(":green[:material/check:] " + together(said, _("All is well.")))
        return
    count = len(look.faults)
    st.error(
        together(said, ngettext("{count} fault was found.", "{count} faults were found.", count).format(count=count)),
        icon=":material/error:",
    )
    st.code("\n".join(f"{_(FAULTS[fault.kind])} {fault.name}" for fault in look.faults), language=None, wrap_lines=True)
    st.caption(_("Keep the backups: what is damaged here may be whole there, and putting one back mends it."))


def _how_to(state: State) -> None:
    st.markdown(_("Stop Dailies, then run this where run.py lies. It takes the newest backup, or the one you name."))
    newest = state.backups[0].name if state.backups else ""
    st.code(f"python3 run.py restore {newest}".strip(), language=None)
    st.markdown(
        _("The present database is moved aside, nothing is deleted. What was waiting or running is not sent again.")
    )
    if state.former:
        st.markdown(_("What earlier restores moved aside. Delete it when you are sure that you do not need it:"))
        st.code("\n".join(str(path) for path in state.former), language=None, wrap_lines=True)
    st.markdown(_("In another data folder, tokens must be entered again: the key is not in the backup."))


def _list(backups: tuple[Backup, ...]) -> None:
    head = (_("Made"), _("How"), _("Prompts"), _("Size"))
    lines = ["| " + " | ".join(head) + " |", "|:--|:--|--:|--:|"]
    for one in backups:
        cells = (
            moment(one.made_at, offset_minutes()),
            _(KINDS.get(one.kind, N_("by hand"))),
            f"{one.generations:,}",
            size_words(one.size_bytes),
        )
        lines.append("| " + " | ".join(cells) + " |")
    st.markdown("\n".join(lines))
    st.caption(_("Seven days and four weeks are kept. Videos are shared between backups, so sizes do not add up."))
