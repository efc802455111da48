"""The states of a generation in plain words: what it is called, what it means, whether money may be spent.

Sources of the rules: RELIABILITY b (what each state means) and DESIGN, "Settled" (`maybe_charged`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from services.generations.report import maybe_charged

if TYPE_CHECKING:
    from services.endpoint.views import EndpointView
    from services.generations import Generation
    from services.library.browsing import Card

WAITING: Final = frozenset({"held", "queued"})
IN_FLIGHT: Final = frozenset({"sending", "streaming"})
UNFINISHED: Final = WAITING | IN_FLIGHT
SURELY_FREE: Final = frozenset({"held", "queued", "not_sent", "rejected"})

LABELS: Final = {
    "held": N_("About to be sent"),
    "queued": N_("Waiting"),
    "sending": N_("Sending"),
    "streaming": N_("Answering"),
    "done": N_("Done"),
    "failed": N_("Failed"),
    "rejected": N_("Refused"),
    "not_sent": N_("Not sent"),
    "unknown": N_("Unclear"),
    "incomplete": N_("Cut short"),
    "cancelled": N_("Cancelled"),
}
IN_THE_NIGHT: Final = N_("Waits for the night shift")
MEANINGS: Final = {
    "held": N_("It waits a few seconds so that you can take it back. Nothing has been sent."),
    "queued": N_("It waits for its turn. Nothing has been sent."),
    "sending": N_("The connection is being made and the prompt handed over."),
    "streaming": N_("The endpoint is answering; every word is kept as it arrives."),
    "done": N_("The endpoint finished its answer."),
    "failed": N_("The endpoint itself reported a failure."),
    "rejected": N_("The endpoint said no before doing anything."),
    "not_sent": N_("The endpoint was never reached, so nothing was sent."),
    "unknown": N_("The prompt was sent, but no usable answer came back. The work may still have been done."),
    "incomplete": N_("The answer began and broke off. What had arrived is kept."),
    "cancelled": N_("You stopped it. The endpoint may have gone on working."),
}
OUTCOMES: Final = {
    "video": N_("Video"),
    "link": N_("Link only"),
    "text": N_("Text only"),
    "refused": N_("Declined"),
    "none": N_("Empty answer"),
}
# What a finished answer with a video link came to: the badge says what is true of the file.
VIDEOS: Final = {
    "kept": N_("Video"),
    "saving": N_("Saving the video"),
    "expired": N_("Link expired"),
    "unsaved": N_("Not saved"),
}
# Codes whose message is ours: the endpoint said nothing, or not that.
OURS: Final = frozenset(
    {"cancelled", "cut_short", "idle", "total", "shutdown", "worker_lost", "not_sent", "no_answer", "body_invalid"}
    | {"token_invalid", "secret_unreadable", "no_token", "limit_line", "limit_event", "limit_total", "limit_text"}
    | {"restored_waiting"}
)
_ENVIRONMENT: Final = "DAILIES_BASE_URL"  # what the environment's endpoint was called in rows of earlier versions
SAVING: Final = frozenset({"pending", "fetching"})
_GONE: Final = frozenset({"video_link_gone", "video_link_expired"})
_VIDEO_LOOKS: Final = {
    "kept": ("green", ":material/movie:"),
    "saving": ("gray", ":material/downloading:"),
    "expired": ("orange", ":material/link_off:"),
    "unsaved": ("orange", ":material/cloud_off:"),
}
_COLOURS: Final = {
    "done": "green",
    "failed": "red",
    "rejected": "red",
    "not_sent": "orange",
    "unknown": "orange",
    "incomplete": "orange",
}
_ICONS: Final = {
    "held": ":material/hourglass_top:",
    "queued": ":material/schedule:",
    "sending": ":material/upload:",
    "streaming": ":material/stream:",
    "done": ":material/check:",
    "failed": ":material/error:",
    "rejected": ":material/block:",
    "not_sent": ":material/cloud_off:",
    "unknown": ":material/help:",
    "incomplete": ":material/content_cut:",
    "cancelled": ":material/stop:",
}
_OUTCOME_ICONS: Final = {
    "link": ":material/link:",
    "text": ":material/notes:",
    "refused": ":material/block:",
    "none": ":material/help:",
}


def state_word(generation: Generation | Card) -> str:
    """Return the one word a card shows; a finished answer says what it holds instead of "Done"."""
    outcome = generation.outcome
    if generation.state == "held" and getattr(generation, "send_before", None) is not None:
        return _(IN_THE_NIGHT)
    if generation.state == "done" and outcome == "video":
        return _(VIDEOS[_video(generation)])
    return _(OUTCOMES[outcome]) if generation.state == "done" and outcome else _(LABELS[generation.state])


def state_look(generation: Generation) -> tuple[str, str]:
    """Return colour and icon of the state; never the colour alone."""
    if generation.state == "done" and generation.outcome == "video":
        return _VIDEO_LOOKS[_video(generation)]
    if generation.state == "done" and generation.outcome:  # no video: never the tick of one that went well
        return "orange", _OUTCOME_ICONS[generation.outcome]
    return _COLOURS.get(generation.state, "gray"), _ICONS[generation.state]


def _video(generation: Generation | Card) -> str:
    """Return what became of the video: kept, saving, expired, unsaved."""
    states = {str(video.state) for video in generation.videos}
    if "kept" in states:
        return "kept"
    if states & SAVING:
        return "saving"
    return "expired" if any(video.error_code in _GONE for video in generation.videos) else "unsaved"


def endpoint_name(name: str, *, demo: bool) -> str:
    """Return what an endpoint is called here: the demo one goes by our own word for it."""
    if demo:
        return _("Demo endpoint")
    return _("From the environment") if name == _ENVIRONMENT else name


def endpoint_title(endpoint: EndpointView) -> str:
    """Return what an endpoint is called where one is chosen: it may share its host with one that was set up here."""
    name = endpoint_name(endpoint.name, demo=endpoint.demo)
    return _("{name} (from the environment)").format(name=name) if endpoint.from_environment else name


def money(generation: Generation) -> str:
    """Return whether this may have cost something, in one sentence."""
    if generation.demo:
        return _("The demo endpoint answered: this cost nothing.")
    if generation.charged is not None:
        return (
            _("You noted that this was charged.") if generation.charged else _("You noted that this was not charged.")
        )
    charged = maybe_charged(generation)
    if charged is None:
        return _("Whether it is charged is decided when it ends.")
    if not charged:
        return _("Nothing was charged: no work was started.")
    if generation.state == "done":
        return _("This was or may have been charged.")
    return _("This may have been charged. Look at your provider's bill before you send it again.")


def tokens(count: int | None) -> str:
    """Return a count of tokens; what is not known is called unknown, never 0."""
    return _("unknown") if count is None else f"{count:,}"


def size(count: int) -> str:
    """Return a file's size from its bytes, in the unit people would choose.

    >>> size(300), size(48_211), size(3_400_000), size(2_500_000_000)
    ('1 kB', '48 kB', '3.4 MB', '2.5 GB')
    """
    if count < 1e6:
        return f"{max(1, round(count / 1e3))} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"


def clock(seconds: float | None) -> str:
    """Return a length of time as people say it: 8.2 s, 1:05, 1:02:03."""
    if seconds is None:
        return _("unknown")
    if seconds < 60:
        return _("{seconds} s").format(seconds=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def around(seconds: float) -> str:
    """Return a length of time as roughly as it is known: 40 s, 58 min, 3 h, 2 days."""
    if seconds < 90:
        return _("{count} s").format(count=round(seconds))
    if seconds < 90 * 60:
        return _("{count} min").format(count=round(seconds / 60))
    if seconds < 48 * 3600:
        return _("{count} h").format(count=round(seconds / 3600))
    return _("{count} days").format(count=round(seconds / 86400))


def moment(at: dt.datetime | None, offset_minutes: int = 0) -> str:
    """Return a point in time in the viewer's zone, or "unknown"."""
    if at is None:
        return _("unknown")
    return (at + dt.timedelta(minutes=offset_minutes)).strftime("%Y-%m-%d %H:%M")
