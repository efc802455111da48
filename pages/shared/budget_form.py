"""Budgets in Settings: where each stands, one more allowed for a reason, one ended, a new one set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.budget_view import budget_bar
from pages.shared.budget_words import amount, named
from pages.shared.i18n import N_, together
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.people import LOCAL, acting, administers, person_here, team
from pages.shared.plain import plain
from pages.shared.runtime import get_runtime, mine
from pages.shared.whole import whole
from pages.shared.words import endpoint_name, moment
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.budgets.kept import Budget, Budgets, Draft, Standing

MEASURES: Final = {"generations": N_("Generations"), "money": N_("Money"), "tokens": N_("Tokens")}
PERIODS: Final = {"day": N_("Each day"), "month": N_("Each month")}
ALL: Final = ""


def budgets_section() -> None:
    """Show all about budgets."""
    st.header(_("Budgets"), anchor=False)
    st.markdown(_("How much may be used in a day or a month. At 80 % you are warned, at 100 % nothing new is sent."))
    may = administers()
    if may:
        _whose()
    for standing in _budgets().standings():
        with st.container(border=True, key=f"budget-{standing.budget.id}"):
            budget_bar(standing)
            if may:
                _actions(standing)
    if not may:
        st.caption(_("Administrators set budgets, and allow more."))
        return
    section = st.expander(_("Set a budget"), icon=":material/add:", key="budget-new", on_change="rerun")
    if section.open:
        with section:
            _new()
    _past()


def _whose() -> None:
    """Let an administrator of a team choose whose budgets these are. Nothing of theirs is shown but the budgets."""
    me = person_here()
    if me is None:
        return
    people = [one.person for one in get_runtime().people.all(me) if one.person.let_in and one.person.space != me.space]
    names = {"": _("Mine")} | {one.space: plain(one.name or one.email or one.id, 60) for one in people}
    st.selectbox(_("Whose"), list(names), key="budget-whose", format_func=lambda one: names.get(one, ""), width=320)


def _budgets() -> Budgets:
    """Return the budgets that are looked at: one's own, or those of whom an administrator has chosen."""
    whose = _other()
    return get_runtime().for_person(whose, person_here()).budgets if whose else mine().budgets


def _other() -> str:
    """Return the space of somebody else whose budgets are looked at; "" for one's own."""
    return str(st.session_state.get("budget-whose") or "") if team() and administers() else ""


def _actions(standing: Standing) -> None:
    budget = standing.budget
    allowed = _budgets().allowed(budget.id)
    with st.container(horizontal=True):
        with st.popover(_("Allow more"), icon=":material/add_circle:", key=f"budget-allow-{budget.id}"):
            _override(standing)
        st.button(
            _("End this budget"),
            key=f"budget-end-{budget.id}",
            icon=":material/delete:",
            on_click=_end,
            args=(budget.id,),
            help=_("It stops nothing any more; what it was stays in the list below."),
        )
    if allowed:
        with st.expander(_("More was allowed"), icon=":material/history:"):
            for one in allowed:
                more = _("as much as wanted") if one.extra is None else amount(budget, one.extra)
                st.markdown(f"{moment(one.created_at, offset_minutes())} · {_who(one.by)} · +{more}")
                st.text(one.reason)


def _override(standing: Standing) -> None:
    id = standing.budget.id
    st.markdown(_("Until {when} only; then it holds as before.").format(when=_when(standing)))
    freely = st.checkbox(_("As much as is wanted until then"), key=f"budget-freely-{id}")
    st.text_input(_("How much more"), key=f"budget-more-{id}", disabled=freely, placeholder="10")
    st.text_input(_("Why"), key=f"budget-why-{id}", max_chars=500, help=_("It is kept with the day and your name."))
    st.button(_("Allow it"), key=f"budget-yes-{id}", type="primary", on_click=_allow, args=(id,))


def _when(standing: Standing) -> str:
    return moment(standing.until_at, offset_minutes())


def _new() -> None:
    left, right = st.columns(2)
    counted = left.radio(
        _("What is counted"),
        list(MEASURES),
        key="budget-measure",
        format_func={one: _(name) for one, name in MEASURES.items()}.__getitem__,
        horizontal=True,
    )
    right.radio(
        _("It begins anew"),
        list(PERIODS),
        key="budget-period",
        format_func={one: _(name) for one, name in PERIODS.items()}.__getitem__,
        horizontal=True,
    )
    left, right = st.columns(2)
    left.text_input(_("At most"), key="budget-amount", placeholder="20")
    if counted == "money":
        right.text_input(_("Currency"), key="budget-currency", max_chars=8, placeholder="USD")
        if _other():
            st.caption(_("Only what has a price of theirs is counted: they set it in their Settings."))
        else:
            st.caption(_("Only what has a price of yours is counted: set prices first. What has none passes unseen."))
    scopes = _scopes()
    st.selectbox(_("For"), list(scopes), key="budget-scope", format_func=lambda one: scopes.get(one, ("", ""))[0])
    st.button(_("Set this budget"), key="budget-set", type="primary", on_click=_set)


def _scopes() -> dict[str, tuple[str, str]]:
    """Return what a budget may be for: its key, how it is shown, the name it is kept with."""
    if _other():
        return {ALL: (_("All they send"), "")}  # their endpoints and collections are nobody else's business
    found = {ALL: (_("All I send"), "")}
    for one in mine().endpoints.list():
        if not one.demo:
            name = endpoint_name(one.name, demo=False)
            found[f"e:{one.id}"] = (_("Endpoint: {name}").format(name=name), name)
    for held in mine().marks.collections():
        found[f"c:{held.id}"] = (_("Collection: {name}").format(name=held.name), held.name)
    return found


def _draft() -> Draft:
    from services.budgets.kept import Draft

    state = st.session_state
    kind, _colon, id = (state.get("budget-scope") or ALL).partition(":")
    name = _scopes().get(state.get("budget-scope") or ALL, ("", ""))[1]
    return Draft(
        measure=state["budget-measure"],
        amount=state.get("budget-amount") or "",
        currency=state.get("budget-currency") or "",
        period=state["budget-period"],
        zone=st.context.timezone or f"{offset_minutes():+d}",
        endpoint_id=id if kind == "e" else "",
        collection_id=id if kind == "c" else "",
        scope_name=name,
    )


def _past() -> None:
    ended = _budgets().ended()
    if not ended:
        return
    with st.expander(_("Earlier budgets"), icon=":material/history:"):
        st.markdown("\n".join(f"- {_told(one)}" for one in ended))


def _told(budget: Budget) -> str:
    ahead = offset_minutes()
    return together(
        f"{named(budget)}: {amount(budget, budget.amount)}.",
        _("Set {begun}, ended {over} ({by}).").format(
            begun=moment(budget.created_at, ahead),
            over=moment(budget.ended_at, ahead),
            by=_who(budget.ended_by or ""),
        ),
    )


def _who(id: str) -> str:
    """Return who did something, as people know them; what was done without a sign-in was done by whoever is here."""
    me = person_here()
    if id == (LOCAL if me is None else me.id):
        return _("You")
    names = (
        {}
        if me is None
        else {one.person.id: one.person.name or one.person.email for one in get_runtime().people.all(me)}
    )
    return plain(names.get(id) or id, 60)


@whole
def _set() -> None:
    """Keep what was typed; on refusal it stays in the boxes."""
    if tried(lambda: _budgets().set(_draft(), by=acting())):
        st.session_state["budget-amount"] = ""
        notice(_("The budget holds from now on. What was sent today or this month already counts."))


@whole
def _end(budget_id: str) -> None:
    if tried(lambda: _budgets().end(budget_id, by=acting())):
        notice(_("This budget has ended."))


@whole
def _allow(budget_id: str) -> None:
    state = st.session_state
    more = None if state.get(f"budget-freely-{budget_id}") else state.get(f"budget-more-{budget_id}") or ""
    why = state.get(f"budget-why-{budget_id}") or ""
    if tried(lambda: _budgets().allow(budget_id, more=more, reason=why, by=acting())):
        state[f"budget-more-{budget_id}"], state[f"budget-why-{budget_id}"] = "", ""
        notice(_("More is allowed until the budget begins anew."))
