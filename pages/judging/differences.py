"""What differs between the videos that are compared: words, fields, model, figures, cost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.compose_desk import reader
from pages.shared.compose_widgets import HELP
from pages.shared.i18n import gettext as _
from pages.shared.money_words import cost_said
from pages.shared.plain import plain
from pages.shared.words import clock, endpoint_name, size, tokens
from services.library.differing import fields_that_differ, figures_that_differ
from services.prompts.differences import segments

if TYPE_CHECKING:
    from services.generations import Generation
    from services.library.differing import Row

_FOLDER = Path(__file__).parent.parent / "shared" / "components"
_COMPONENT = st.components.v2.component(
    "prompt_difference",
    js=(_FOLDER / "difference.js").read_text("utf-8"),
    css=(_FOLDER / "difference.css").read_text("utf-8"),
)


def differences(generations: Sequence[Generation]) -> None:
    """Tell what is not the same in all of them; what is, is not repeated."""
    st.header(_("What differs"), anchor=False)
    rows = [(_(HELP[row.name].label), row.values) for row in fields_that_differ(generations, reader())]
    rows += [_figure(row) for row in figures_that_differ(generations)]
    rows.append((_("Cost"), tuple(cost_said(one) for one in generations)))
    heads = " | ".join(str(number) for number in range(1, len(generations) + 1))
    lines = [f"| | {heads} |", "|:--|" + ":--|" * len(generations)]
    lines += [
        f"| {name} | " + " | ".join(plain(str(value), 160) or "–" for value in values) + " |" for name, values in rows
    ]
    st.markdown("\n".join(lines))
    _words(generations)


def _words(generations: Sequence[Generation]) -> None:
    first = generations[0]
    if all(one.prompt == first.prompt for one in generations):
        st.caption(_("The words of the prompt are the same in all."))
        return
    st.subheader(_("The words"), anchor=False)
    for number, other in enumerate(generations[1:], start=2):
        if other.prompt == first.prompt:
            st.caption(_("{number}: the same words as 1.").format(number=number))
            continue
        st.caption(_("{number} against 1: what went, what came").format(number=number))
        parts = tuple((one.kind, one.text) for one in segments(first.prompt, other.prompt))
        _COMPONENT(key=f"words-{number}", data={"segments": parts})


def _figure(row: Row) -> tuple[str, tuple[str, ...]]:
    names = {
        "model": (_("Model"), str),
        "endpoint": (_("Endpoint"), lambda pair: endpoint_name(pair[0], demo=pair[1])),
        "took": (_("Took"), clock),
        "tokens": (_("Tokens in total"), tokens),
        "length": (_("Length"), clock),
        "shape": (_("Shape"), str),
        "bytes": (_("File"), size),
        "rating": (_("Rating"), lambda stars: "★" * stars),
    }
    name, say = names[row.name]
    unknown = _("none") if row.name == "rating" else _("unknown")
    return name, tuple(unknown if value is None else _said(say, value) for value in row.values)


def _said(say: Any, value: Any) -> str:
    return str(say(value))
