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


class Certainty(StrEnum):
    """Whether money was spent on a generation. Derived (db.certainty, services.usage.certainty), never stored."""

    SURE = "sure"
    MAYBE = "maybe"
    NOT_CHARGED = "not_charged"
    """The person read so on the bill: 0, and sure."""
    NONE = "none"
    """Nothing can have been spent: the demo, brought in, never sent, or refused before any work."""
    PENDING = "pending"
    """It has not ended."""


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
