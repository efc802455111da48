"""Parts of the Help page that tell of one room each."""

from __future__ import annotations

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.people import team


def several_at_once() -> None:
    """Tell of batches and of templates."""
    st.header(_("Several at once, and templates"))
    sentences = [
        _("Several at once takes many prompts, variations in braces, a matrix, a shot list, or a CSV file."),
        _("Every row is checked first and every problem told at once; nothing is sent while there is one."),
        _("A batch is kept whole and each prompt sent once, even if you click twice or the server stops meanwhile."),
        _("The Queue shows a batch as one group; Cancel the rest stops what has not been sent."),
        _("Templates keep your own words in every version, and people and places in the very same words."),
        _("Create says so when you have made the same, or nearly the same, with this model before."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def usage_page() -> None:
    """Tell what the figures of the Usage page stand for."""
    sentences = [
        _("Usage tells apart what was charged, what may have been, and what nobody knows a price of; none is guessed."),
        _("What failed, broke off or was cancelled may have been charged: say on its page what the bill says."),
        _("Two currencies are never added. Tokens that an endpoint did not tell are counted as missing, not as 0."),
        _("What is in the trash or deleted stays in every figure, on a line of its own. Days are yours, not UTC's."),
        _("One kept video, or one keeper, costs all that was surely charged shared by them: failures are in it."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def judging() -> None:
    """Tell of stacks, Compare, the play-off, frames and what ratings tell."""
    st.header(_("Judging"))
    sentences = [
        _("In the Library takes lie on stacks. The key p plays a card where it lies, s lays a stack out."),
        _("Compare plays two to four videos as one: space plays, comma and full stop step, a number gives sound."),
        _("A play-off shows two at a time: press 1 or 2 for the better one. One tap says what was wrong in the other."),
        _("What is wrong twice becomes a line for Keep or Avoid, offered under “Words and rules” on Create."),
        _("A prompt's page draws its family, shows twelve frames, saves any frame, and tells what was asked and got."),
        _("What works for me, on Usage, tells which looks, moves and models you rate best, and what one keeper takes."),
        _("A collection chosen on Create takes in what you send. Choose it in the Library to rename or dissolve it."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def at_night() -> None:
    """Tell of night shifts, of the reel, and of drafts."""
    st.header(_("Night shift and morning reel"))
    sentences = [
        _("A night shift sends drafts or a batch one after the other, only within its hours, even if you are away."),
        _("It stops at your limit of prompts or tokens, or when three in a row fail in the same way."),
        _("What was not sent by the end of the hours is never sent later. The Queue shows a shift and can stop it."),
        _("The morning reel plays the clips: K keeps, B bins, A marks it to be taken again, Z takes that back."),
        _("“Put aside” on Create keeps a draft with its fields; Drafts lists them, and finds what you sent before."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def many_and_away() -> None:
    """Tell of what can be done to many, of taking away and of bringing in."""
    st.header(_("Many at once, and taking them away"))
    sentences = [
        _("In the Library, click the box on a card (or press x) to choose it; with Shift, all up to the last one."),
        _("With all of them… takes everything that the search finds, on every page. You are told how many first."),
        _("A zip to take away holds videos, posters, all data, and index.html: open that, no server is needed."),
        _("Title, model and date are written into the copies of the videos; what is kept here never changes."),
        _("Settings brings such a zip in again, or videos with texts, or a CSV of prompts; twice does no harm."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    with_others()


def with_others() -> None:
    """Tell of spaces and of sharing, where people sign in."""
    if not team():
        return
    st.header(_("With others"))
    sentences = [
        _("Everybody who signs in has a space of their own: nobody else sees your prompts, videos or endpoints."),
        _("To show some, put them into a collection and open the pencil beside it in the Library."),
        _("Shared lists what others show. Sign out ends the sign-in in every tab of this browser."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def read_wrongly() -> None:
    """Tell what to do about an answer that was misread."""
    st.subheader(_("An answer was read wrongly?"))
    st.markdown(
        _(
            "Every answer is kept byte for byte. Its page offers a report that helps to teach Dailies a new dialect;"
            " after an update, python3 run.py replay --all shows what would now be read better."
        )
    )


def prices() -> None:
    """Tell of prices: whose they are, what a button says, what a receipt holds."""
    sentences = [
        _("Dailies knows no price by itself: write yours in Settings, Prices. Without one a cost is unknown, never 0."),
        _(
            "Then every button that sends says what it may cost: at most, about, or unknown. Tokens are never taken"
            " for a price, and currencies are never added."
        ),
        _(
            "The cost is computed once, when an answer ends, and kept with its rule: the Receipt on its page shows"
            " both. A new price changes nothing that is past, unless you have old costs computed anew."
        ),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def budgets() -> None:
    """Tell of budgets: what they count, when they warn and stop, how one is passed."""
    sentences = [
        _(
            "A budget (Settings) says how much may be used in a day or a month: generations, money or tokens; of all"
            " you send, of one endpoint, or of one collection."
        ),
        _(
            "What is on its way or waits counts too, in money by its estimate. At 80 % Create warns you; what would"
            " pass 100 % is not sent, a batch or a night as a whole. What waits already goes on."
        ),
        _(
            "Everything counts on the day you sent it, or planned it for the night; what was surely not charged does"
            " not count, nor do rewrites by chat models."
        ),
        _(
            "What nobody knows is never 0: what has no price of yours, or named no tokens, is in no sum, and the"
            " budget says how many those are."
        ),
        _("An administrator can allow more until the budget begins anew; the reason is kept."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
