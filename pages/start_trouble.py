"""Dailies cannot start: what is wrong with the database, the newest backup, another try. Nothing is sent."""

import streamlit as st

from pages.shared.errors import explain_code, happened
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.people import team
from pages.shared.runtime import start_trouble
from pages.shared.start_over import again, empty, restore
from pages.shared.words import moment
from pages.shared.zone import offset_minutes
from services import start_over

trouble = start_trouble()
if trouble is None:  # mended meanwhile: the frame shows the menu from its next run on
    st.rerun()

st.title(_("Dailies cannot start"), anchor=False)
# Where this page itself offers the way out, the advice to use the command line would only be in the way.
here = start_over.can_begin_empty(trouble.code)
st.error(happened(trouble.code) if here else explain_code(trouble.code), icon=":material/database:")
if trouble.detail:
    st.code(trouble.detail, language=None, wrap_lines=True)
st.markdown(_("Nothing is sent and nothing is deleted while this page is shown."))
if team():  # without a database nobody can be told to be an administrator
    st.info(_("Whoever looks after this server mends it by the command line."), icon=":material/terminal:")
    st.stop()

backup = start_over.newest_backup(trouble.settings, trouble.code)
if backup is not None:
    made_at = moment(backup.made_at, offset_minutes())
    with st.container(border=True, key="backup"):
        st.subheader(_("Newest backup"), anchor=False)
        st.markdown(
            ngettext(
                "{time}, with {count} generation.", "{time}, with {count} generations.", backup.generations
            ).format(time=made_at, count=backup.generations)
        )
        if not here:  # nothing is broken: the newer Dailies can still use what is there
            st.markdown(_("It is of a version that this Dailies understands, so you can go on with it here."))
        st.caption(_("What was made after it is not in it. The database that is there now is kept beside it."))
        st.button(
            _("Use the backup of {time}").format(time=made_at),
            key="use-backup",
            type="primary" if here else "secondary",
            icon=":material/settings_backup_restore:",
            on_click=restore,
        )
elif here:
    st.info(
        _("There is no backup in the data folder. If you have a copy of the file, put it back and try again."),
        icon=":material/inventory_2:",
    )

with st.container(horizontal=True, vertical_alignment="center"):
    st.button(
        _("Try again"),
        key="try-again",
        type="secondary" if backup and here else "primary",
        icon=":material/refresh:",
        on_click=again,
    )
if here:
    with st.expander(_("Begin with an empty database"), icon=":material/note_add:"):
        st.markdown(
            _("The broken file is kept beside the new one, but nothing in it is shown. Videos stay in the data folder.")
        )
        st.button(_("Begin empty"), key="begin-empty", on_click=empty)
