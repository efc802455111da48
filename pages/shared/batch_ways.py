"""The ways to say many prompts at once: a line each, variations, a matrix, a CSV file (a shot list: batch_shots)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.batch_form import keep_form
from pages.shared.batch_shots import shots
from pages.shared.i18n import N_, language
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from services.prompts import templates
from services.prompts.csv_batch import Base, example, read_batch
from services.prompts.fields import Controls
from services.prompts.many import Axis, matrix, one_a_line, spread
from services.prompts.vocabulary import language_of

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from services.prompts.checked import Checked
    from services.prompts.many import Item

    Read = Checked[tuple[Item, ...]] | None

WAYS: Final = {
    "lines": N_("Many prompts"),
    "variations": N_("Variations"),
    "matrix": N_("Matrix"),
    "shots": N_("Shot list"),
    "csv": N_("CSV file"),
}
_NO_TEMPLATE: Final = ""


def read_items(way: str, takes: int) -> Read:
    """Show the boxes of a way; return what they say, or every problem with it; None while they are empty."""
    controls = Controls(takes=takes)
    if way == "csv":
        return _csv(controls)
    if way == "shots":
        return shots(takes)
    return {"lines": _lines, "variations": _variations, "matrix": _matrix}[way](controls)


def _lines(controls: Controls) -> Read:
    text = st.text_area(
        _("Prompts, one a line"),
        key="batch-lines",
        height=200,
        on_change=keep_form,
        placeholder=_("A paper boat crosses a puddle") + "\n" + _("A lighthouse at dusk, waves below"),
    )
    return one_a_line(text, controls) if text.strip() else None


def _variations(controls: Controls) -> Read:
    st.caption(_("Braces with bars stand for each of their words: {red|blue} makes two prompts."))
    text = st.text_area(
        _("One prompt"),
        key="batch-variations",
        height=140,
        on_change=keep_form,
        placeholder=_("A {red|blue} kite {at dawn|in a storm}"),
    )
    return spread(text, controls) if text.strip() else None


def _matrix(controls: Controls) -> Read:
    st.caption(_("Put two names in braces, then list what each may be. Every pair is made."))
    text = st.text_area(
        _("One prompt with two names in braces"),
        key="batch-matrix",
        height=110,
        on_change=keep_form,
        placeholder=_("A {first} kite {second}").format(first=f"{{{_('colour')}}}", second=f"{{{_('time')}}}"),
    )
    sides = [side.container() for side in st.columns(2)]
    axes = tuple(_axis(side, place) for place, side in enumerate(sides))
    if not text.strip() or not all(axis.name and axis.values for axis in axes):
        return None
    return matrix(text, (axes[0], axes[1]), controls, language_of(language()))


def _axis(side: DeltaGenerator, place: int) -> Axis:
    example_name = (_("colour"), _("time"))[place]
    with side:
        name = st.text_input(
            (_("First name"), _("Second name"))[place],
            key=f"batch-axis-{place}",
            on_change=keep_form,
            placeholder=example_name,
        )
        values = st.text_area(
            _("Its values, one a line"),
            key=f"batch-values-{place}",
            height=120,
            on_change=keep_form,
            placeholder=(_("red\nblue"), _("at dawn\nin a storm"))[place],
        )
    return Axis(name.strip(), tuple(line.strip() for line in values.splitlines() if line.strip()))


def _csv(controls: Controls) -> Read:
    spoken = language_of(language())
    kept = [*mine().templates.all(), *templates.built_in()]
    names = {_NO_TEMPLATE: _("No template: the file has a column prompt"), **{one.id: one.said(spoken) for one in kept}}
    chosen = st.selectbox(
        _("Template"),
        list(names),
        key="batch-template",
        format_func=names.__getitem__,
        help=_("With a template, each name in its braces is a column of the file."),
    )
    template = next((one for one in kept if one.id == chosen), None)
    base = Base(controls=controls) if template is None else Base(template.composition(spoken), controls)
    st.download_button(
        _("Download a file to fill in"),
        lambda: example(base, spoken),
        file_name="dailies-prompts.csv",
        mime="text/csv",
        key="batch-example",
        icon=":material/download:",
        on_click="ignore",
    )
    given = st.file_uploader(_("Your CSV file"), type=["csv", "txt", "tsv"], key="batch-file", max_upload_size=5)
    return None if given is None else read_batch(given.getvalue(), base, also=mine().batches.also())
