"""The family of a generation as a picture: what it began from, its takes, what was changed. Ours, with real links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.compose_widgets import HELP
from pages.shared.i18n import gettext as _
from pages.shared.i18n import listed
from pages.shared.plain import shortened
from pages.shared.runtime import mine
from pages.shared.words import moment, state_word
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.generations import Generation
    from services.library.lineage import Change, Node, Tree

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "lineage",
    js=(_FOLDER / "lineage.js").read_text("utf-8"),
    css=(_FOLDER / "lineage.css").read_text("utf-8"),
)


def family(generation: Generation) -> None:
    """Draw where it came from and what came of it; nothing for one that stands alone."""
    tree = mine().lineage.of(generation.id)
    if len(tree.nodes) < 2:
        return
    st.header(_("Family"))
    nodes = tuple(_node(node, generation.id) for node in tree.nodes)  # tuples: see gallery
    _COMPONENT(key="family", data={"nodes": nodes, "label": _("Where it came from, and what came of it")})
    if tree.more:
        st.caption(_("There are more; the nearest are drawn."))
    if tree.orphan:
        st.caption(_("The first one drawn began from a generation that is gone."))
    _compare(tree)


def _compare(tree: Tree) -> None:
    """Lead to Compare where two or more have a video."""
    filmed = [node.card.id for node in tree.nodes if any(video.state == "kept" for video in node.card.videos)]
    if len(filmed) < 2:
        return
    way = {"way": "playoff"} if len(filmed) > 4 else {}
    with st.container(horizontal=True):
        st.page_link(
            "compare.py",
            label=_("Compare them"),
            icon=":material/compare:",
            query_params={"ids": ",".join(filmed[:24]), **way},
        )


def _node(node: Node, here: str) -> dict[str, Any]:
    card = node.card
    change = _changed(node.change)
    return {
        "id": card.id,
        "parent": node.place.parent_id or "",
        "column": node.place.column,
        "row": node.place.row,
        "kind": node.change.kind,
        "here": card.id == here,
        "trashed": card.trashed_at is not None,
        "poster": next((video.id for video in card.videos if video.poster), ""),
        "state": state_word(card),
        "stars": "★" * (card.rating or 0) + (" ♥" if card.favourite else ""),
        "change": change,
        "when": moment(card.created_at, offset_minutes()),
        "title": f"{change} · {state_word(card)} · {shortened(card.prompt, 200)}",
    }


def _changed(change: Change) -> str:
    if change.kind == "fields":
        return listed(_(HELP[field].label) for field in change.fields)
    return {
        "first": _("The first"),
        "take": _("Another take"),
        "remix": _("Remix"),
        "words": _("Other words"),
        "model": _("Another model"),
    }[change.kind]
