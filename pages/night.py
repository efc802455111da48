"""Night shift: prompts that go one by one while you sleep, within hours and under a cap."""

import streamlit as st

from pages.shared.batch_view import preview, problems_table, unsaid_wishes
from pages.shared.destination import destination
from pages.shared.i18n import gettext as _
from pages.shared.night_choice import choose_prompts
from pages.shared.night_form import night_form
from pages.shared.night_view import open_nights, past_nights
from pages.shared.queue_watch import watch_queue
from pages.shared.runtime import mine
from pages.shared.sent_already import sent_already

me = mine()

st.title(_("Night shift"))
st.markdown(
    _("Your prompts go one after the other within the hours you choose. In the morning a reel plays the clips.")
)
unfinished = me.generations.unfinished()
open_nights([one for one in unfinished if one.send_before is not None])

st.header(_("Plan one"))
read = choose_prompts()
st.page_link("batch.py", label=_("Several at once"), icon=":material/dynamic_feed:")
destination(me.endpoints.chosen())
if read is not None and read.value is None:
    problems_table(read.problems)
elif read is not None and read.value is not None:
    batch = read.value
    preview(batch)
    unsaid_wishes(batch)
    sent_at = me.batches.sent_at(batch)
    if sent_at is None:
        night_form(batch)
    else:
        sent_already(batch, sent_at)

st.header(_("Earlier nights"))
past_nights()
watch_queue([(one.id, str(one.state)) for one in unfinished])
