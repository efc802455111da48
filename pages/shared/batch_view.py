"""A batch on a page: what is wrong with it, what it would send, and the one question before it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.batch_actions import forget, send
from pages.shared.budget_line import budget_line
from pages.shared.collections_view import send_to
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.money_words import expected_said
from pages.shared.plain import plain
from pages.shared.words import around, endpoint_title

if TYPE_CHECKING:
    from services.generations.batch import Ready, Row
    from services.generations.expected import Expected
    from services.prompts.checked import Problem
    from services.usage.estimates import Expectation

_SHOWN: Final = 10
_PROBLEMS_SHOWN: Final = 100


def problems_table(problems: Sequence[Problem]) -> None:
    """Show every problem with its row and column; nothing is sent while there is one."""
    count = len(problems)
    st.error(
        ngettext(
            "{count} thing is wrong, so nothing is sent. Mend it and look again.",
            "{count} things are wrong, so nothing is sent. Mend them and look again.",
            count,
        ).format(count=count),
        icon=":material/error:",
    )
    lines = [f"| {_('Row')} | {_('Column')} | {_('What is wrong')} |", "|--:|:--|:--|"]
    for problem in problems[:_PROBLEMS_SHOWN]:
        said = plain(_(problem.sentence).format(**problem.params))
        lines.append(f"| {problem.row or ''} | {plain(problem.column, 40)} | {said} |")
    with st.container(key="batch-problems"):
        st.markdown("\n".join(lines))
        _more(count - _PROBLEMS_SHOWN)


def preview(batch: Ready) -> None:
    """Show the first rows as they would be sent; what was asked for besides words only where something was."""
    asked = any(_wishes(row) for row in batch.rows)
    heads = [_("No."), _("Prompt"), _("Model"), *([_("Asked for")] if asked else [])]
    lines = ["| " + " | ".join(heads) + " |", "|--:|:--|:--|" + (":--|" if asked else "")]
    for number, row in enumerate(batch.rows[:_SHOWN], start=1):
        cells = [str(number), plain(row.prompt, 140), plain(row.model, 40)]
        lines.append("| " + " | ".join([*cells, *([plain(_wishes(row), 60)] if asked else [])]) + " |")
    with st.container(key="batch-preview"):
        st.markdown("\n".join(lines))
        _more(len(batch.rows) - _SHOWN)
    budget_line(batch.endpoint.id, send_to(), demo=batch.endpoint.demo)


def unsaid_wishes(batch: Ready) -> None:
    """Say which wishes are not sent, because nobody knows how this model is asked."""
    unsaid = {_(one.sentence).format(**one.params) for row in batch.rows for one in row.asked if one.how == "cannot"}
    for sentence in sorted(unsaid)[:5]:
        st.caption(f":material/info: {plain(sentence)}")


def send_label(batch: Ready, expected: Expected, cost: Expectation) -> str:
    """Return what the button says: how many, how long, what it costs; unknown is called unknown."""
    count = len(batch.rows)
    how_many = ngettext("Send {count} prompt", "Send {count} prompts", count).format(count=count)
    return f"{how_many} · {_how_long(expected)} · {expected_said(cost)}"


def question(batch: Ready, expected: Expected, cost: Expectation) -> None:
    """Ask once, with the figures, before all of it goes."""
    count = len(batch.rows)

    @st.dialog(
        ngettext("Send {count} prompt?", "Send {count} prompts?", count).format(count=count),
        on_dismiss=forget,
        icon=":material/movie:",
    )
    def ask() -> None:
        where = plain(endpoint_title(batch.endpoint), 60)
        models = ", ".join(f"{plain(model, 60)} ×{times}" for model, times in batch.models.items())
        st.markdown(_("To {endpoint}: {models}").format(endpoint=where, models=models))
        st.markdown(f"{_how_long(expected)} · {expected_said(cost)}")
        if cost.unknown:
            st.markdown(_("No price is set for these. Your provider tells it; Settings keeps it."))
        with st.container(horizontal=True):
            yes = st.button(
                _("Yes, send {count}").format(count=count),
                key="batch-yes",
                type="primary",
                on_click=send,
                args=(batch,),
            )
            no = st.button(_("No"), key="batch-no", on_click=forget)
        if yes or no:
            st.rerun()  # a dialog runs by itself: the page below learns of the click only so

    ask()


def _wishes(row: Row) -> str:
    wanted = row.item.controls
    seconds = _("{seconds} s").format(seconds=f"{wanted.seconds:g}") if wanted.seconds else ""
    return " · ".join(filter(None, [wanted.orientation, seconds, wanted.quality]))


def _how_long(expected: Expected) -> str:
    if expected.seconds is None:
        return _("time unknown")
    return _("about {time}").format(time=around(expected.seconds))


def _more(count: int) -> None:
    if count > 0:
        st.caption(ngettext("and {count} more", "and {count} more", count).format(count=f"{count:,}"))
