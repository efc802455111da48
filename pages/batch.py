"""Several at once: many prompts, variations, a matrix, shots or a CSV file, checked whole and sent with one yes."""

import streamlit as st

from pages.shared.batch_actions import ask
from pages.shared.batch_form import keep_form, load_form
from pages.shared.batch_view import preview, problems_table, question, send_label, unsaid_wishes
from pages.shared.batch_ways import WAYS, read_items
from pages.shared.destination import destination
from pages.shared.i18n import gettext as _
from pages.shared.i18n import language
from pages.shared.night_form import night_form
from pages.shared.runtime import mine
from pages.shared.sent_already import sent_already
from services.prompts.many import MAX_TAKES
from services.prompts.vocabulary import language_of

me = mine()
load_form()

st.title(_("Several at once"))
st.markdown(_("Every row is checked before any is sent. One yes sends them all."))
names = {way: _(name) for way, name in WAYS.items()}
st.radio(_("How"), list(names), key="batch-way", format_func=names.__getitem__, horizontal=True, on_change=keep_form)
read = read_items(st.session_state["batch-way"], st.session_state["batch-takes"])
st.number_input(
    _("Takes of each"),
    min_value=1,
    max_value=MAX_TAKES,
    key="batch-takes",
    on_change=keep_form,
    width=160,
    help=_("The same prompt gives a different video each time."),
)
destination(me.endpoints.chosen())

if read is None:
    st.info(_("Nothing here yet. What you type is kept."), icon=":material/edit_note:")
    st.stop()
again_word, spoken = st.session_state.get("again", ""), language_of(language())
ready = None if read.value is None else me.batches.check(read.value, again=again_word, language=spoken)
problems = read.problems if ready is None else ready.problems
if ready is None or ready.value is None:
    problems_table(problems)
    st.stop()

batch = ready.value
preview(batch)
unsaid_wishes(batch)
sent_at = me.batches.sent_at(batch)
if sent_at is None:
    cost = me.prices.expect_batch(batch)
    st.button(send_label(batch, me.batches.expected(batch), cost), key="batch-send", type="primary", on_click=ask)
    if st.session_state.get("asking_batch"):
        question(batch, me.batches.expected(batch), cost)
    if st.toggle(_("Or leave them for the night"), key="for-night"):
        night_form(batch)
else:
    sent_already(batch, sent_at)
