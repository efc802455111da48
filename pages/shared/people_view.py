"""Lines of the People page: a person with their role and what they used, and the audit."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import N_, ngettext
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.people import person_here
from pages.shared.plain import plain, shortened
from pages.shared.runtime import get_runtime
from pages.shared.whole import whole
from pages.shared.words import moment
from pages.shared.zone import offset_minutes
from services.people.people import Member, Person, Role

ROLES: Final = {
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.MEMBER: N_("Member"),
    Role.VIEWER: N_("Viewer: sees what others share"),
    Role.WAITING: N_("Not let in"),
}
DONE: Final = {
    "came": N_("came for the first time"),
    "signed_in": N_("signed in"),
    "signed_out": N_("signed out"),
    "role_administrator": N_("made an administrator"),
    "role_member": N_("made a member"),
    "role_viewer": N_("made a viewer"),
    "role_waiting": N_("shut out"),
    "sent": N_("sent a prompt"),
    "sent_batch": N_("sent a batch"),
    "stopped": N_("stopped a prompt"),
    "endpoint_saved": N_("saved an endpoint"),
    "endpoint_removed": N_("removed an endpoint"),
    "thrown_away": N_("put into the trash"),
    "taken_back": N_("took out of the trash"),
    "deleted": N_("deleted for ever"),
    "shared": N_("shared a collection"),
    "unshared": N_("stopped sharing a collection"),
    "taken_away": N_("took away a zip"),
    "audit_read": N_("took away the audit"),
}
_PAGE: Final = 50


def person_line(member: Member, me: Person) -> None:
    """Show one person: who they are, what they used, and their role to be changed."""
    person = member.person
    with st.container(border=True, key=f"person-{person.id}"):
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            st.text(person.name or person.email or person.id)
            if person.name and person.email:
                st.text(shortened(person.email, 120))
            st.caption(_used(member))
        with right:
            st.session_state[f"role-{person.id}"] = person.role
            st.selectbox(
                _("Role"),
                list(ROLES),
                format_func=lambda role: _(ROLES[role]),
                key=f"role-{person.id}",
                on_change=_set_role,
                args=(person.id,),
                label_visibility="collapsed",
            )
            if person.id == me.id:
                st.caption(_("This is you."))


def audit_list(me: Person) -> None:
    """Show the newest lines, older ones by a button, and all of them as CSV."""
    before = st.session_state.get("audit-before")
    lines = get_runtime().people.audit(me, before_seq=before, limit=_PAGE)
    heads = [_("When"), _("Who"), _("What"), _("Id")]
    table = ["| " + " | ".join(heads) + " |", "|:--|:--|:--|:--|"]
    for line in lines:
        done = _(DONE[line.action]) if line.action in DONE else plain(line.action, 40)
        table.append(
            f"| {moment(line.at, offset_minutes())} | {_code(line.email or line.who)} | {done} | {_code(line.what)} |"
        )
    st.markdown("\n".join(table))
    with st.container(horizontal=True):
        if len(lines) == _PAGE:
            st.button(_("Earlier"), key="audit-earlier", on_click=_earlier, args=(lines[-1].seq,))
        if before is not None:
            st.button(_("Newest"), key="audit-newest", on_click=_earlier, args=(None,))
        st.link_button(_("All of it as CSV"), "/api/audit.csv", icon=":material/download:")


def _code(text: str) -> str:
    """Return a word as it is: an email in plain markdown becomes a link."""
    word = shortened(text, 64).replace("`", "'").replace("|", "/")
    return f"`{word}`" if word else ""


def _used(member: Member) -> str:
    made = ngettext("{count} generation in 30 days", "{count} generations in 30 days", member.generations)
    said = made.format(count=f"{member.generations:,}") + " · " + _("{count} tokens").format(count=f"{member.tokens:,}")
    if member.signed_in_at is None:
        return said
    return said + " · " + _("signed in {time}").format(time=moment(member.signed_in_at, offset_minutes()))


@whole
def _set_role(id: str) -> None:
    me, role = person_here(), Role(st.session_state[f"role-{id}"])
    if me is not None and tried(lambda: get_runtime().people.set_role(me, id, role)):
        notice(_("The role is changed. It counts from now on, in every open tab."))


@whole
def _earlier(before_seq: int | None) -> None:
    st.session_state["audit-before"] = before_seq
