"""The honest clock in words: made here, told on in the browser, where it ticks without a script run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext, together
from pages.shared.words import around

if TYPE_CHECKING:
    from services.generations import Generation
    from services.generations.pace import Pace


def usually(pace: Pace) -> str:
    """Return what answers like it took: half of them up to the first figure, nine of ten up to the second."""
    low, high = around(pace.median), around(pace.ninetieth)
    if low == high:
        return _("Usually about {time}").format(time=low)
    if low.lstrip("0123456789") == high.lstrip("0123456789"):  # "2 to 4 min", not "2 min to 4 min"
        low = low[: -len(low.lstrip("0123456789"))]
    return _("Usually {low} to {high}").format(low=low, high=high)


def made_of(pace: Pace) -> str:
    """Return which answers that was made of: the wider the group, the less it says."""
    count = len(pace.times)
    said = {
        "same": ngettext("from {count} like it", "from {count} like it", count),
        "model": _("from {count} of this model here, of any length"),
        "anywhere": _("from {count} of this model, here and elsewhere"),
        "endpoint": _("from {count} of any model here"),
    }
    return said[pace.basis].format(count=count)


def clock_data(generation: Generation, pace: Pace | None) -> tuple[tuple[str, object], ...]:
    """Return all that the browser needs to tell the time by itself; nothing where nothing is known."""
    if pace is None:
        return ()
    return (
        ("times", pace.times),
        ("ninetieth", pace.ninetieth),
        ("stuckAfter", pace.stuck_after),
        ("usually", usually(pace)),
        ("madeOf", made_of(pace)),
        ("at", _("{usually}, you are at {time}")),
        ("left", _("about {time} left")),
        ("longer", _("longer than usual")),
        ("slower", _("Slower than any of the {count} before, you are at {time}: likely stuck")),
        ("seconds", _("{count} s")),
        ("minutes", _("{count} min")),
        ("advice", _advice(generation)),
    )


def _advice(generation: Generation) -> str:
    """Return what can be done about one that is slower than any before."""
    sentences = [
        _("Nothing is sent again by itself, and you may leave this page: it is ended when its time limit is over."),
        _("Or cancel it: what has arrived is kept."),
    ]
    if not generation.demo:
        sentences.append(_("It may be charged all the same. Look at your provider's task list for the video."))
    return together(*sentences)
