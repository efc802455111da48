"""Shape, length and quality, offered only where the model's family is known to read them; and what will be sent."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from pages.shared.compose_desk import chosen, presets, write_in
from pages.shared.compose_widgets import HELP, tell
from pages.shared.i18n import N_, together
from pages.shared.i18n import gettext as _
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.prompts.controls import Options
from services.prompts.desk import Desk
from services.prompts.fields import Fields
from services.prompts.findings import with_part
from services.prompts.remix import asked
from services.prompts.sending import plan_of

LANGUAGES: Final = {"en": "English", "zh": "中文"}
NAMES: Final = {"remix": N_("Remix")}
LABELS: Final = {"orientation": N_("Shape"), "seconds": N_("Length"), "quality": N_("Quality")}
SHAPES: Final = {"landscape": N_("Landscape"), "portrait": N_("Portrait"), "square": N_("Square")}


def controls(on_it: Desk, offered: Options, model: str, *, demo: bool) -> None:
    """Offer what this model can be asked for; where nothing is known, say so."""
    offers = {name: getattr(offered, name) for name in LABELS}
    choices = {name: values for name, values in offers.items() if set(values) - {offered.current.get(name)}}
    with st.container(horizontal=True):
        language(on_it)
        for name, values in choices.items():
            _choice(on_it.fields, name, values)
    if demo:
        st.caption(_("The demo endpoint reads nothing but the text; your own may read a shape and a length too."))
    elif not choices:
        st.caption(
            _("Nothing is known about how {model} is asked for a shape or a length, so only the text is sent.").format(
                model=plain(model, 60)
            )
        )


def language(on_it: Desk) -> None:
    """Offer the language the prompt is written in, apart from the page's."""
    tell("desk-language", on_it.language, lambda one: one == on_it.language)
    st.selectbox(
        _("The prompt is written in"),
        list(LANGUAGES),
        key="desk-language",
        format_func=LANGUAGES.__getitem__,
        help=_("Words you pick are translated; your own words stay as you typed them."),
        on_change=_speak,
        width=200,
    )


def going_out(on_it: Desk, model: str, offered: Options) -> None:
    """Show what is sent besides the text of the box: the model's name, words added, extra fields."""
    shown = plan_of(on_it, model, presets()).shown if offered.family else ()
    if on_it.remix and (told := asked(on_it.remix, model, mine().endpoints.chosen().id, presets()).shown):
        shown = (*shown, told)
    if not shown:
        return
    with st.container(key="going-out", gap="xsmall"):
        for each in shown:
            named = each.control in LABELS
            what = f"{_(LABELS[each.control])} {said(each.control, each.value)}" if named else _(NAMES[each.control])
            how = _(each.sentence).format(**{name: plain(text, 120) for name, text in each.params.items()})
            doubt = "" if each.sure else _("(Nobody has seen this model obey yet.)")
            icon = ":material/block:" if each.how == "cannot" else ":material/output:"
            st.caption(f"{icon} {together(f'{plain(what, 60)}: {how}', doubt)}")


def said(control: str, value: str) -> str:
    """Return a wish as people say it: Portrait, 10 s, pro."""
    if control == "orientation":
        return _(SHAPES[value]) if value in SHAPES else value
    return _("{seconds} s").format(seconds=value) if control == "seconds" else value


def _choice(fields: Fields, name: str, values: tuple[str, ...]) -> None:
    key, kept = f"f-controls-{name}", getattr(fields.controls, name)
    now = (f"{kept:g}" if isinstance(kept, float) else kept) or None
    now = now if now in values else None
    tell(key, now, lambda one: one == now)
    st.selectbox(
        _(LABELS[name]),
        list(values),
        key=key,
        index=None,
        format_func=lambda value: said(name, value),
        placeholder=_("As it likes"),
        help=_(HELP["controls"].help),
        on_change=_take,
        args=(name, key),
        width=130,
    )


@whole
def _speak() -> None:
    if chosen_language := st.session_state["desk-language"]:
        write_in(chosen_language)


@whole
def _take(name: str, key: str) -> None:
    value: Any = st.session_state[key]
    value = float(value) if value and name == "seconds" else value or (None if name == "seconds" else "")
    chosen(lambda fields: with_part(fields, f"controls.{name}", value))
