"""Something done to many: the chosen cards or all that is found. One question, which says how many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import streamlit as st

from pages.shared.actions import tried
from pages.shared.gallery import chosen
from pages.shared.i18n import N_, ngettext
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import size
from services.library.browsing import Shelf, View
from services.library.bulk import Act

if TYPE_CHECKING:
    from services.library.selection import Selection

ZIP: Final = "zip"
ACTS: Final[dict[str, str]] = {
    ZIP: N_("Take away as a zip"),
    Act.RATE: N_("Rate"),
    Act.FAVOURITE: N_("Make favourites"),
    Act.NO_FAVOURITE: N_("No favourites any more"),
    Act.TAG: N_("Put a tag on"),
    Act.UNTAG: N_("Take a tag off"),
    Act.COLLECT: N_("Add to a collection"),
    Act.RELEASE: N_("Take out of a collection"),
    Act.FETCH: N_("Try to save failed videos"),
    Act.TRASH: N_("Put into the trash"),
}
IN_TRASH: Final[dict[str, str]] = {Act.RESTORE: N_("Take out of the trash"), ZIP: ACTS[ZIP]}
STARS: Final = ("5", "4", "3", "2", "1", "")


@whole
def ask_about_chosen(key: str) -> None:
    """Ask what shall be done with the chosen cards of a gallery."""
    ids = chosen(key)
    if ids:
        _ask(mine().selections.of_ids(ids), f"api/takeaway?{urlencode({'ids': ','.join(ids)})}")


@whole
def _ask_about_all(view: View) -> None:
    """Ask what shall be done with all that a view shows."""
    told = {"q": view.text, "shelf": view.shelf, "collection": view.collection, "offset": view.offset_minutes}
    _ask(mine().selections.of_view(view), f"api/takeaway?{urlencode(told)}")


def with_all(view: View) -> None:
    """Offer to do something with all that a view shows."""
    st.button(
        _("With all of them…"), key="many-all", icon=":material/checklist:", on_click=_ask_about_all, args=(view,)
    )


def many_question() -> None:
    """Ask, when it was asked for."""
    asked = st.session_state.get("many")
    if asked is None:
        return
    selection, count, address = asked

    @st.dialog(
        ngettext("What shall be done with {count}?", "What shall be done with {count}?", count).format(
            count=f"{count:,}"
        ),
        on_dismiss=forget,
        icon=":material/checklist:",
    )
    def question() -> None:
        acts = IN_TRASH if _in_trash() else ACTS
        act = st.selectbox(_("Action"), list(acts), key="many-act", format_func=lambda one: _(acts[one]))
        if act == ZIP:
            _take_away(selection, address)
        else:
            value = _value(Act(act))
            says = f"{_(acts[act])}: {count:,}"
            begun = st.button(says, key="many-yes", type="primary", on_click=_begin, args=(selection, act, value))
            if begun:
                st.rerun()  # a dialog runs by itself: the page below learns of the click only so

    question()


@whole
def forget() -> None:
    """Ask no more."""
    st.session_state.pop("many", None)


def _in_trash() -> bool:
    """Tell whether it is the trash that is looked at."""
    return st.query_params.get("shelf") == Shelf.TRASH or "in:trash" in st.query_params.get("q", "").lower()


def _ask(selection: Selection, address: str) -> None:
    count = mine().selections.count(selection)
    if count:
        st.session_state.many = (selection, count, address)


def _value(act: Act) -> str:
    """Show what else must be said; return it."""
    if act is Act.RATE:
        return st.selectbox(_("Rating"), STARS, key="many-stars", format_func=_stars)
    if act in (Act.TAG, Act.UNTAG):
        return _name(_("Tag"), mine().marks.tags(), new=act is Act.TAG)
    if act in (Act.COLLECT, Act.RELEASE):
        return _name(_("Collection"), [one.name for one in mine().marks.collections()], new=act is Act.COLLECT)
    if act is Act.TRASH:
        st.caption(_("What has not ended stays. It can be undone at once, or taken out of the trash for 30 days."))
    elif act is Act.FETCH:
        st.caption(_("Saving a video again is free. Nothing is sent."))
    return ""


def _name(label: str, known: list[str], *, new: bool) -> str:
    chosen_name = st.selectbox(
        label,
        known,
        key=f"many-{'new' if new else 'known'}-name",
        index=None,
        accept_new_options=new,
        placeholder=_("Choose, or type a new one") if new else _("Choose"),
    )
    return chosen_name or ""


def _stars(value: str) -> str:
    count = int(value or 0)
    return ngettext("{count} star", "{count} stars", count).format(count=count) if count else _("No rating")


def _take_away(selection: Selection, address: str) -> None:
    """Say what the zip will hold and offer it."""
    amount = mine().selections.amount(selection)
    prompts = ngettext("{count} prompt with its answer", "{count} prompts with their answers", amount.generations)
    films = ngettext("{count} video ({size})", "{count} videos ({size})", amount.videos)
    st.markdown(
        _("In the zip: {prompts}, {videos}.").format(
            prompts=prompts.format(count=f"{amount.generations:,}"),
            videos=films.format(count=f"{amount.videos:,}", size=size(amount.size_bytes)),
        )
    )
    st.caption(
        _(
            "Beside each video its data as JSON and text; all of it as CSV and JSONL; and a page, index.html, that"
            " plays and searches without a server. Unpack the zip, then open that page."
        )
    )
    st.link_button(_("Download"), address, icon=":material/download:", type="primary")


@whole
def _begin(selection: Selection, act: str, value: str) -> None:
    if tried(lambda: mine().bulk.begin(selection, Act(act), value)):
        forget()
