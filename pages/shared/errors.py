"""Every error code as a plain sentence and a next step. A test finds a code without either, in both languages."""

from __future__ import annotations

from typing import Final

from pages.shared.i18n import N_, together
from pages.shared.i18n import gettext as _
from services import trouble
from services.errors import BudgetError, DailiesError

_WAIT = N_("Wait a little, then send it again.")
_EDIT = N_("Change the prompt, then send it again.")
_SETTINGS = N_("Check this endpoint in Settings.")
_BILL = N_("Look at your provider's bill or task list before you send it again.")
_ASK = N_("Ask whoever runs the endpoint.")
_FETCH = N_("Try saving it again; that is free.")
_FRESH = N_("Links often live for minutes only: look for a new one at the provider and paste it on the Rescue page.")
_RAW = N_("The raw answer below shows what came.")
_MACHINE = N_("Look at the disk and the server's log.")
_OPEN = N_("Open the link yourself to see what it is.")
_STRANGER = N_("Ask whoever made it; do not open it elsewhere either.")
_NONE = ""

# code: (what happened, what to do next)
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "error": (N_("Something went wrong."), _MACHINE),
    "prompt_invalid": (N_("This prompt cannot be sent as it stands."), _EDIT),
    "prompt_blank": (N_("Write a prompt first."), _NONE),
    "prompt_too_long": (N_("This prompt is too long to send."), N_("Shorten it; nothing you typed is lost.")),
    "template_no_name": (N_("Give the template a name."), _NONE),
    "template_long_name": (N_("The template's name is too long."), N_("Shorten it to 200 characters.")),
    "template_empty": (N_("There is nothing to keep yet."), N_("Write something on Create first.")),
    "picture_unreadable": (N_("This is no picture that can be read here."), N_("Use a JPEG, PNG, WebP or GIF file.")),
    "picture_too_large": (N_("This picture is larger than 20 MB."), N_("Make it smaller, then add it again.")),
    "picture_too_many_pixels": (
        N_("This picture has more than 50 million pixels."),
        N_("Make it smaller, then add it again."),
    ),
    "picture_missing": (
        N_("The picture that goes with the prompt is no longer there."),
        N_("Add it again, or take it out."),
    ),
    "paste_blank": (N_("There is nothing in the box yet."), N_("Paste what the provider shows.")),
    "paste_too_long": (N_("This is too much to read at once."), N_("Paste only the part around the video.")),
    "mark_invalid": (N_("This cannot be kept as given."), N_("Check what you typed.")),
    "rating_invalid": (N_("A rating is a number from 1 to 5."), _NONE),
    "notes_too_long": (N_("These notes are too long."), N_("Shorten them; the ones before are kept.")),
    "mark_name_blank": (N_("Give it a name first."), _NONE),
    "mark_name_too_long": (N_("This name is too long."), N_("Use up to 60 characters.")),
    "name_taken": (N_("Something else has this name already."), N_("Choose another name.")),
    "price_invalid": (N_("This price cannot be kept."), N_("Check what it is for and how much it is.")),
    "price_model": (N_("A price needs the name of a model."), N_("Write its name; * stands for any letters.")),
    "price_amount": (N_("This is not a price."), N_("Write a number such as 0.30, without a sign for the currency.")),
    "price_missing": (N_("An amount is missing."), N_("Write it, or choose “unknown” for what it is charged by.")),
    "price_large": (N_("This price is too large."), N_("At most 10,000 a unit; write it in a larger unit of money.")),
    "price_currency": (N_("A currency is missing."), N_("Write one in up to 8 letters, such as USD, CNY or credits.")),
    "price_endpoint": (N_("No endpoint here has this name."), N_("Choose one of yours, or leave it empty for any.")),
    "price_date": (N_("This is not a day."), N_("Write it as 2026-11-30.")),
    "budget_reached": (N_("A budget is used up, so nothing was sent."), N_("Allow more in Settings, Budgets.")),
    "budget_invalid": (N_("This budget cannot be kept."), N_("Check what it counts and how much it is.")),
    "budget_amount": (N_("This is not an amount."), N_("Write a number such as 20; nothing was changed.")),
    "budget_currency": (N_("A currency is missing."), N_("Write one in up to 8 letters, such as USD, CNY or credits.")),
    "budget_reason": (N_("A reason is missing."), N_("Write in a few words why more is allowed.")),
    "budget_twice": (N_("There is a budget for just this already."), N_("End it first, or allow more of it.")),
    "budget_many": (N_("There are 20 budgets already."), N_("End one first.")),
    "not_allowed": (N_("Only an administrator may do this."), N_("Ask whoever runs this Dailies.")),
    "price_reason": (N_("A reason is missing."), N_("Write in a few words why they are computed anew.")),
    "price_file": (N_("This file holds no prices."), N_("Download yours to see the form it must have.")),
    "night_invalid": (N_("A night shift cannot be planned like this."), N_("Check its hours and its cap.")),
    "night_hours": (N_("These hours begin and end at the same time."), N_("Choose two different times.")),
    "night_cap": (N_("This cap would let nothing be sent."), N_("A cap is 1 or more.")),
    "not_found": (N_("There is nothing here, or it is not yours."), _NONE),
    "wrong_state": (N_("Things have moved on: that is no longer possible."), N_("Look at where it stands now.")),
    "confirm_again": (N_("Sending this again may be charged twice."), N_("Confirm it if you want to.")),
    "endpoint_invalid": (N_("This endpoint cannot be saved as typed."), N_("Check the fields.")),
    "base_url_invalid": (N_("This base URL is not an address."), N_("It looks like https://api.example.com.")),
    "token_invalid": (
        N_("This token holds signs that no token can hold."),
        N_("Copy it again, without spaces or line breaks."),
    ),
    "extra_invalid": (N_("The extra fields must be a JSON object."), N_('For example {"size": "1280x720"}.')),
    "name_blank": (N_("Give the endpoint a name."), _NONE),
    "model_blank": (N_("Choose or type a model."), _NONE),
    "field_too_long": (N_("One of the fields is too long."), N_("Shorten it; nothing was saved.")),
    "balance_refused": (N_("The endpoint does not tell what is left on this key."), _NONE),
    "limit_invalid": (N_("A limit must be a positive number."), N_("Check the fields.")),
    **trouble.SENTENCES,
    "signed_out": (N_("You are not signed in (any more)."), N_("Load the page again and sign in.")),
    "only_looks": (N_("You may look, not change."), N_("Ask an administrator for another role.")),
    "last_administrator": (
        N_("Somebody has to administer, and this is the only one who does."),
        N_("Make somebody else an administrator first."),
    ),
    "secret_unreadable": (
        N_("The stored token cannot be read with this installation's key."),
        N_("Enter the token again in Settings."),
    ),
    "import_unreadable": (N_("This cannot be read as a zip file."), N_("Choose a zip, or a CSV of prompts.")),
    "import_nothing": (N_("There is nothing in it that Dailies could take."), N_("It takes its own zips, and videos.")),
    "import_name": (N_("It holds a file whose name leads elsewhere, so nothing of it was taken."), _STRANGER),
    "import_link": (N_("It holds a link in the place of a file, so nothing of it was taken."), _STRANGER),
    "import_bomb": (N_("It would grow far beyond what it claims, so nothing more of it was taken."), _STRANGER),
    "import_locked": (N_("It is locked with a password."), N_("Unlock it, then bring it in again.")),
    "import_too_many": (N_("It holds more files than can be looked at."), N_("Bring it in as several.")),
    "import_no_room": (
        N_("There is too little room for what is in it."),
        N_("Free some space, then bring it in again."),
    ),
    "import_table": (N_("This table has no column called prompt, or cannot be read."), N_("Save it as CSV (UTF-8).")),
    "video_not_brought": (N_("The file of this video was not in what was brought in."), _FETCH),
    "many_busy": (N_("Something is being done to many of them already."), N_("Wait until that is done.")),
    "backup_failed": (N_("The backup could not be made or put back."), _MACHINE),
    "backup_busy": (N_("Another backup is being made right now."), N_("Try again in a minute.")),
    "backup_no_room": (
        N_("There is too little room for a backup."),
        N_("Free some space, or choose another disk with DAILIES_BACKUP_DIR."),
    ),
    "backup_folder": (
        N_("The backup folder cannot be used."),
        N_("Check that it exists and may be written to, or choose another with DAILIES_BACKUP_DIR."),
    ),
    "backup_missing": (N_("There is no such backup."), _NONE),
    "backup_damaged": (N_("This backup is damaged, so nothing was changed."), N_("Choose an older one.")),
    "backup_newer": (N_("A newer Dailies made this backup."), N_("Start the newer version.")),
    "backup_postgres": (
        N_("The data lies in Postgres, which Dailies does not back up itself."),
        N_("Use pg_dump; docs/backup.md says how."),
    ),
    "backup_nothing": (N_("There is nothing to back up yet."), _NONE),
    "backup_stopped": (N_("The backup was interrupted; it is made again later."), _NONE),
    "database_damaged": (
        N_("The database is damaged, so no backup was made of it; the older ones are kept."),
        N_("Stop Dailies and put the newest backup back: python3 run.py restore"),
    ),
    "home_in_use": (N_("Dailies is running on this data folder."), N_("Stop it, then put the backup back.")),
    "home_restoring": (N_("A backup is being put back right now."), N_("Try again in a minute.")),
    "copy_failed": (N_("The installation could not be moved; it is where it was."), _MACHINE),
    "copy_source": (N_("There is nothing here that could be moved as it is."), _MACHINE),
    "copy_target": (N_("It cannot be moved to that place."), N_("Name an empty one.")),
    "restored_waiting": (
        N_("It waited when this backup was made, and may have been sent since then."),
        _BILL,
    ),
    "video_not_in_backup": (N_("The file of this video was in neither the data folder nor the backup."), _FETCH),
    "media_away": (N_("The object store that keeps the videos does not answer."), N_("Try again in a minute.")),
    "media_changed": (N_("The file is not what it was when it was kept."), _FETCH),
    "video_failed": (N_("The video could not be saved."), _FETCH),
    "video_address_refused": (
        N_("The link points to an address that is not safe to open from here."),
        N_("Open the link yourself if you trust it."),
    ),
    "video_link_gone": (N_("The host says the video is no longer there."), _FRESH),
    "video_not_a_video": (N_("What the link led to is not a video."), N_("Open the link yourself to see what it is.")),
    "video_too_large": (N_("The video is larger than the limit."), N_("Raise DAILIES_FETCH_MAX_BYTES to keep it.")),
    "video_cut_short": (N_("The download broke off."), _FETCH),
    "video_timeout": (N_("The video's host took too long."), _FETCH),
    "video_no_room": (N_("There is no room on the disk for the video."), N_("Free some space, then save it again.")),
    "video_busy": (N_("This video is already being saved."), _NONE),
    "video_coded": (N_("The host sent the video in a packed form that is not accepted."), _OPEN),
    "video_host_error": (N_("The video's host reported an error."), _FETCH),
    "video_link_expired": (N_("The link is no longer valid, or never was for us."), _FRESH),
    "video_redirects": (N_("The link leads from one address to the next without an end."), _OPEN),
    "video_cancelled": (
        N_("You stopped the saving of this video."),
        N_("Its link is kept: save it again while it lives."),
    ),
    "video_stopped": (N_("Saving the video was interrupted."), _FETCH),
    "frame_failed": (N_("No picture could be made of this video."), N_("The browser may still play it.")),
    "video_unreachable": (N_("The video's host cannot be reached."), _FETCH),
    "video_wrong_range": (N_("The host sent another part of the video than was asked for."), _FETCH),
    "endpoint_error": (N_("The endpoint gave no answer."), _BILL),
    "not_sent": (
        N_("The endpoint could not be reached."),
        N_("Check the connection, then send it again; that is safe."),
    ),
    "rejected": (N_("The endpoint refused the request."), _SETTINGS),
    "unclear": (N_("The prompt was sent, but no usable answer came."), _BILL),
    "broken_off": (N_("The answer broke off."), _BILL),
    "failed_upstream": (N_("The endpoint reported a failure."), _BILL),
    "cancelled": (N_("You stopped it."), _NONE),
    "content_policy": (N_("The endpoint's content rules refused this prompt."), _EDIT),
    "rate_limited": (N_("The endpoint has too many requests at the moment."), _WAIT),
    "insufficient_quota": (
        N_("The account at the endpoint has run out of credit."),
        N_("Top it up, then send it again."),
    ),
    "model_unavailable": (N_("The endpoint does not have this model, or not now."), N_("Choose another model.")),
    "auth": (N_("The endpoint does not accept this token."), N_("Enter the token again in Settings.")),
    "timeout": (N_("The endpoint took too long."), _BILL),
    "idle": (N_("The endpoint fell silent for too long, so the connection was closed."), _BILL),
    "total": (N_("The answer took longer than the limit, so the connection was closed."), _BILL),
    "shutdown": (N_("The server was shut down while the answer was arriving."), _BILL),
    "gateway": (N_("A server in front of the endpoint failed."), _BILL),
    "upstream_error": (N_("The service behind the endpoint reported an error."), _BILL),
    "bad_request": (N_("The endpoint did not understand the request."), _SETTINGS),
    "too_large": (N_("The request was too large for the endpoint."), _EDIT),
    "redirect": (N_("The endpoint pointed to another address; following it could send twice."), _SETTINGS),
    "html_answer": (N_("A web page came back instead of an answer."), _SETTINGS),
    "empty_answer": (N_("The answer was empty."), _BILL),
    "cut_short": (N_("The answer broke off before its end."), _BILL),
    "limit_line": (N_("A single line of the answer was larger than the limit."), _RAW),
    "limit_event": (N_("A single piece of the answer was larger than the limit."), _RAW),
    "limit_total": (N_("The answer was larger than the limit."), _RAW),
    "limit_text": (N_("The answer's text was longer than the limit."), _RAW),
    "no_answer": (N_("The prompt was sent, but the connection closed without an answer."), _BILL),
    "unknown_status": (N_("The endpoint answered with a code that says nothing certain."), _BILL),
    "worker_lost": (N_("The server stopped while this was in flight. Nothing was sent twice."), _BILL),
    "no_token": (N_("This endpoint has no token yet."), N_("Enter it in Settings.")),
    "models_unlisted": (
        N_("The endpoint shows no list of models. That says nothing about prompts."),
        N_("Type the model's name yourself."),
    ),
    "model_unlisted": (N_("The chosen model is not in the endpoint's list."), N_("Check its name, or choose another.")),
    "body_invalid": (N_("The request could not be put together, so nothing was sent."), N_("Check the extra fields.")),
}
_UPSTREAM_NOT_FOUND = (N_("The endpoint has nothing at this address."), _SETTINGS)


def explain(error: DailiesError) -> str:
    """Return what happened and what to do next, in the reader's language."""
    if isinstance(error, BudgetError):
        from pages.shared.budget_words import stopped  # no budget, none of its words

        return stopped(error.standing, error.count)
    happened, _space, step = explain_code(error.code, between="\n").partition("\n")
    unsent = _(trouble.UNSENT) if getattr(error, "unsent", False) else ""
    return together(happened, unsent, step)


def explain_code(code: str | None, *, upstream: bool = False, free: bool = False, between: str | None = None) -> str:
    """Return the sentences for a code, what happened and what to do next; with `between` between them if it is given.

    `upstream`: the endpoint said it, where not_found means its address. `free`: leave the bill out, somebody else
    names it or there is none.
    """
    pair = _pair(code, upstream=upstream)
    said = [_(sentence) for sentence in pair if sentence and not (free and sentence == _BILL)]
    return together(*said) if between is None else between.join(said)


def happened(code: str | None, *, upstream: bool = False) -> str:
    """Return the first sentence for a code alone: what happened, without the next step."""
    return _(_pair(code, upstream=upstream)[0])


def _pair(code: str | None, *, upstream: bool) -> tuple[str, str]:
    if upstream and code == "not_found":
        return _UPSTREAM_NOT_FOUND
    return SENTENCES.get(code or "", (N_("Something happened that has no name yet."), _ASK))
