"""How a use case reaches what runs in this process: wake the dispatcher, shut a socket, tell the viewers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from db.states import State
from services.jobs.crew import Errands
from services.jobs.runs import Runs

PAUSED = "queue_paused"  # the preference that keeps a person's queued rows from being sent


@dataclass(frozen=True, slots=True)
class Hand:
    """`wake()` after a row was queued, `moved(id, state)` after a waiting row changed.

    `stop(id)` shuts a generation's socket, `stop_fetch(video_id)` a download's; both tell whether it ran here.
    `check_store()` raises a `StoreError` while what arrived before cannot be saved: nothing new is begun then.
    `runs` is what is being done to many at once, `errands` what is done aside and waited for by nobody.
    """

    wake: Callable[[], None]
    stop: Callable[[str], bool]
    stop_fetch: Callable[[str], bool]
    moved: Callable[[str, State], None]
    check_store: Callable[[], None]
    runs: Runs = field(default_factory=Runs)
    errands: Errands = field(default_factory=Errands)
