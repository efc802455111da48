"""Help: how it works, what each state means, what it costs, what the demo endpoint can play."""

import streamlit as st

from pages.shared.filter_help import finding_help
from pages.shared.help_create import composing, how_it_works
from pages.shared.help_parts import (
    at_night,
    budgets,
    judging,
    many_and_away,
    prices,
    read_wrongly,
    several_at_once,
    usage_page,
)
from pages.shared.help_waiting import waiting
from pages.shared.i18n import gettext as _
from pages.shared.runtime import get_runtime
from pages.shared.words import LABELS, MEANINGS, SURELY_FREE

st.title(_("Help"))
how_it_works()
composing()

st.header(_("Money"))
st.markdown(_("A prompt is sent at most once; nothing is ever sent again by itself."))
st.markdown(
    _("Where a charge is unclear, the page says so and asks before sending again. Saving a video again is free.")
)
prices()
usage_page()
budgets()
waiting()
several_at_once()
at_night()

st.header(_("When a video is missing"))
st.markdown(
    "\n".join(
        f"- {sentence}"
        for sentence in [
            _("The Rescue page lists every prompt that ended without its video. The Queue and the Library lead there."),
            _("Open the provider's page from there, copy the video's link or the page's text, and paste it."),
            _("The video is saved to the prompt it belongs to. What the endpoint sent stays as it was."),
            _("Note whether it was charged, once you have seen the bill: every page then says so."),
            _("Links die. How long they live at a host is learnt from earlier ones, and shown while one is not saved."),
        ]
    )
)

finding_help()
judging()
many_and_away()

st.header(_("Backup"))
st.markdown(_("Once a day everything is copied by itself; Settings shows where, and makes a copy whenever you like."))
st.markdown(_("To put one back, stop Dailies and run `python3 run.py restore`. Nothing is sent again by that."))
st.markdown(_("A full disk or a locked database stops new prompts, not a running answer: it is saved when it can be."))

st.header(_("What each state means"))
lines = [f"| {_('State')} | {_('Meaning')} | {_('Charged?')} |", "|:--|:--|:--|"]
for state, label in LABELS.items():
    charged = _("no") if state in SURELY_FREE else _("yes") if state == "done" else _("maybe")
    lines.append(f"| {_(label)} | {_(MEANINGS[state])} | {charged} |")
st.markdown("\n".join(lines))

st.header(_("Demo endpoint"))
st.markdown(_("Put a mark into a prompt and the demo endpoint plays that case, so that you can see it without paying."))
marks = [
    f"| {_('Mark')} | {_('What it plays')} |",
    "|:--|:--|",
    *(f"| `[{mark}]` | {_(meaning)} |" for mark, meaning in get_runtime().demo_marks),
]
st.markdown("\n".join(marks))

st.header(_("Keys"))
st.markdown(_("Ctrl+Enter in the prompt box sends it (⌘+Enter on a Mac)."))

read_wrongly()
