"""What does not fit, each with its one click; nothing here keeps anybody from sending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.compose_desk import chosen, reader, turned
from pages.shared.i18n import gettext as _
from pages.shared.plain import plain
from pages.shared.whole import whole
from services.prompts.beat_clock import beat_clock
from services.prompts.checks import check_composition
from services.prompts.controls import wanted
from services.prompts.desk import Desk, with_text
from services.prompts.fields import Fields
from services.prompts.findings import Context, Finding

if TYPE_CHECKING:
    from services.prompts.controls import Options

_FOLDER = Path(__file__).parent / "components"
_CLOCK = st.components.v2.component(
    "beat_clock",
    js=(_FOLDER / "beat_clock.js").read_text("utf-8"),
    css=(_FOLDER / "beat_clock.css").read_text("utf-8"),
)


def context_of(on_it: Desk, offered: Options) -> Context:
    """Return what is known besides the words: only what the model's family tells, or was asked for."""
    wished, now = wanted(on_it.fields.controls), offered.current
    seconds = wished.get("seconds", "") if wished.get("seconds") in offered.seconds else now.get("seconds", "")
    shape = wished.get("orientation", "") if wished.get("orientation") in offered.orientation else ""
    return Context(
        seconds=float(seconds) if seconds else None,
        allowed_seconds=tuple(float(each) for each in offered.seconds),
        orientation=shape or now.get("orientation", ""),
        max_chars=offered.max_chars,
        picture=on_it.picture.size if on_it.picture else None,
        takes_picture=None if offered.pictures is None else offered.pictures > 0,
        language=reader(),
    )


def findings(on_it: Desk, context: Context) -> None:
    """Show what does not fit, the sure conflicts first."""
    found = sorted(check_composition(on_it.composition, context), key=lambda one: one.weight != "conflict")
    if not found:
        return
    with st.container(border=True, key="findings", gap="xsmall"):
        for one in found:
            _finding(one)


def clock(on_it: Desk, context: Context) -> None:
    """Draw the seconds of the film and what fills them, where beats or lines say something."""
    told = beat_clock(on_it.composition.fields, context.seconds, context.rates)
    if not told.bars:
        return
    _CLOCK(
        key="beat-clock",
        data={
            "seconds": told.seconds,
            "bars": tuple(  # a list would bring pandas: see gallery
                {"label": bar.label, "start": bar.start, "end": bar.end, "kind": bar.kind, "fits": bar.fits}
                for bar in told.bars
            ),
            "beat": _("What happens"),
            "speech": _("Spoken lines"),
            "film": _("The film"),
            "late": _("too long"),
            "unit": _("{seconds} s"),
        },
    )


def _finding(one: Finding) -> None:
    conflict = one.weight == "conflict"
    icon = ":orange[:material/warning:]" if conflict else ":material/lightbulb:"
    st.markdown(f"{icon} {_sentence(one.sentence, one.params)}")
    if not (one.fixes or one.text_fixes):
        return
    with st.container(horizontal=True, gap="small"):
        for place, fix in enumerate(one.fixes):
            _fix(f"fix-{one.code}-{place}", _sentence(fix.label, fix.params), _mend, fix.apply)
        for place, text_fix in enumerate(one.text_fixes):
            _fix(f"textfix-{one.code}-{place}", _sentence(text_fix.label, text_fix.params), _mend_text, text_fix.apply)


def _fix(key: str, label: str, mend: Callable[..., None], apply: Callable[[Any], Any]) -> None:
    st.button(label, key=key, on_click=mend, args=(apply,), width="content")


def _sentence(sentence: str, params: Any) -> str:
    return _(sentence).format(**{name: plain(str(value), 120) for name, value in params.items()})


@whole
def _mend(apply: Callable[[Fields], Fields]) -> None:
    chosen(apply)


@whole
def _mend_text(apply: Callable[[str], str]) -> None:
    turned(lambda on_it: with_text(on_it, apply(on_it.text)), step=True)
