"""The words a generation's life is told in. Each is stored as itself and never renamed."""

from enum import StrEnum


class State(StrEnum):
    """Where a generation stands. RELIABILITY b says what each means for money and for sending again."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    STREAMING = "streaming"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    INCOMPLETE = "incomplete"
    CANCELLED = "cancelled"


WAITING = frozenset({State.HELD, State.QUEUED})
IN_FLIGHT = frozenset({State.SENDING, State.STREAMING})
UNFINISHED = WAITING | IN_FLIGHT
ENDED = frozenset(State) - UNFINISHED


class Outcome(StrEnum):
    """What a finished answer turned out to hold, read from its text."""

    VIDEO = "video"
    LINK = "link"
    TEXT = "text"
    REFUSED = "refused"
    NONE = "none"


class VideoState(StrEnum):
    """Where the saving of one video stands; it is free to repeat."""

    PENDING = "pending"
    FETCHING = "fetching"
    KEPT = "kept"
    FAILED = "failed"
