"""A person's honest clock. What answers took is read at most once in a while, however many cards are drawn."""

from __future__ import annotations

import threading
import time
from typing import Final
from weakref import WeakKeyDictionary

from db import durations
from db.database import Database
from db.durations import Took
from db.records import Generation
from services.generations.pace import Pace, pace

FRESH_SECONDS: Final = 30.0
"""A clock made of many answers is not another one for the last of them."""
FEW, FEW_FRESH_SECONDS = 100, 3.0
"""Of few answers each one counts."""
MOST_PEOPLE: Final = 100

_known: WeakKeyDictionary[Database, dict[str, tuple[float, list[Took]]]] = WeakKeyDictionary()
_lock = threading.Lock()


def took_of(owner: str, database: Database) -> list[Took]:
    """Return what a person's newest answers took, newest first; up to FRESH_SECONDS old."""
    with _lock:
        at, took = _known.get(database, {}).get(owner, (0.0, []))
    now = time.monotonic()
    if at and now - at < (FRESH_SECONDS if len(took) >= FEW else FEW_FRESH_SECONDS):
        return took
    with database.reading() as session:
        took = durations.recent(session, owner)
    with _lock:
        people = _known.setdefault(database, {})
        if len(people) >= MOST_PEOPLE:
            people.clear()
        people[owner] = now, took
    return took


def pace_of(generation: Generation, database: Database) -> Pace | None:
    """Return what one that runs, or shall run, may take; None while too few like it have ended."""
    took = took_of(generation.owner, database)
    return pace(took, generation.endpoint_id, generation.model, generation.asked_seconds, demo=generation.demo)
