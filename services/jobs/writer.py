"""The one writer: what all streams received becomes durable in one transaction each 100 ms (RELIABILITY c).

A write that fails (locked, full) stays at the head of the line and is tried again; reading goes on meanwhile, up to
`HELD_BYTES`: then streams wait for the store (`wait_for_room`), which costs time and no words.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from itertools import takewhile
from typing import Any

from db import deltas
from db.database import Database
from db.notices import TEXT
from db.tally import Tally
from db.trouble import StoreTrouble, Trouble, trouble_of
from services.jobs.aside import Raw, Texts
from services.room import Ballast

GATHER_SECONDS = 0.08
ACTING_SECONDS = 0.03  # in one transaction: when 100 streams end at once, nobody's text waits for all of them
AGAIN_SECONDS = 0.25
SELDOM_SECONDS = 2.0
SAVE_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
HELD_BYTES = 64 * 1024**2
UNSAVED_SECONDS = 1.0  # a save that takes longer is worth telling
logger = logging.getLogger(__name__)

TOGETHER = 25  # alike actions at once: about what fits into ACTING_SECONDS
Action = Callable[[Any], object]  # takes the session of the transaction
"""Those of one kind may have a static `together(session, actions)`, which does several in one go."""
Actions = list[tuple[Action, Future[Any]]]


class _PutAsideError(Exception):
    """Rolls back what was put aside meanwhile."""


class Writer:
    """Keeps deltas, raw bytes and small actions in the order they were handed over."""

    def __init__(
        self,
        database: Database,
        *,
        ballast: Ballast | None = None,
        put_aside: Callable[[Texts, Raw], None] | None = None,
        held_bytes: int = HELD_BYTES,
    ) -> None:
        """Start to write. `put_aside` is given what cannot be saved before the end of `close`."""
        self._database = database
        self._ballast = ballast
        self._put_aside = put_aside
        self._held_bytes = held_bytes
        self._in_hand: tuple[Texts, Raw] = ([], [])
        self._in_hand_bytes = 0
        self._saving_since: float | None = None
        self.saves = Tally(SAVE_SECONDS)
        self._told: Trouble | None = None
        self._fate = threading.Lock()
        self._committing = self._given_up = False
        self._again = threading.Event()
        self._turn = threading.Condition()
        self._texts: Texts = []
        self._raw: Raw = []
        self._actions: Actions = []
        self._hurry = threading.Event()  # ends the gathering; the pieces of 100 streams need not wake the thread each
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def append(self, seq: int, texts: list[tuple[str, str]], raw: bytes, at_seconds: float) -> None:
        """Hand over what arrived for generation `seq`: `(kind, text)` pieces and the redacted bytes."""
        with self._turn:
            if not (self._texts or self._raw or self._actions):
                self._turn.notify_all()
            self._in_hand_bytes += len(raw)
            self._texts += [(seq, kind, text) for kind, text in texts if text]
            if raw:
                self._raw.append((seq, at_seconds, raw))

    def do(self, action: Action, *, soon: bool = False) -> Future[Any]:
        """Have `action(session)` run after all that was appended before it; the future tells when it is durable."""
        future: Future[Any] = Future()
        with self._turn:
            self._actions.append((action, future))
            self._turn.notify_all()
        if soon:
            self._hurry.set()
        return future

    def wait_for_room(self, timeout_seconds: float) -> bool:
        """Wait while more is in memory than should be, because the store is in trouble; False if it still is."""
        if self._in_hand_bytes < self._held_bytes:
            return True
        with self._turn:
            return self._turn.wait_for(lambda: self._in_hand_bytes < self._held_bytes or self._closing, timeout_seconds)

    @property
    def unsaved(self) -> bool:
        """Whether something is in memory only, and for longer than a save takes."""
        return self.lag > UNSAVED_SECONDS

    @property
    def lag(self) -> float:
        """For how many seconds the present save has been going on; 0 when nothing is being saved."""
        since = self._saving_since
        return 0.0 if since is None else time.monotonic() - since

    @property
    def held_bytes(self) -> int:
        """How much of what arrived is in memory only."""
        return self._in_hand_bytes

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def close(self, timeout_seconds: float = 5.0) -> None:
        """Save what is in hand and stop; what the store does not take is put aside."""
        with self._turn:
            self._closing = True
            self._turn.notify_all()
        self._hurry.set()
        self._again.set()
        self._thread.join(timeout_seconds)
        if self._thread.is_alive():  # it waits for a lock: put aside what it holds, unless it gets through just now
            with self._fate:
                self._given_up = not self._committing
        if self._given_up and self._put_aside is not None:
            with self._turn:
                self._put_aside([*self._in_hand[0], *self._texts], [*self._in_hand[1], *self._raw])

    def _work(self) -> None:
        left: Actions = []  # what did not fit into the last transaction
        while True:
            texts, raw, actions, closing = self._take(at_once=bool(left))
            left += actions
            if texts or raw or left:
                self._in_hand, self._saving_since = (texts, raw), time.monotonic()
                left = self._save_until_it_works(texts, raw, left)
                if self._given_up:
                    return
                self._settle(raw)
                self._database.tell(TEXT, () if actions else {seq for seq, _, _ in texts})
            elif closing:
                return

    def _settle(self, raw: Raw) -> None:
        self.saves.note(self.lag)
        self._saving_since = None
        with self._turn:
            self._in_hand_bytes -= sum(len(data) for _, _, data in raw)
            self._turn.notify_all()

    def _take(self, *, at_once: bool) -> tuple[Texts, Raw, Actions, bool]:
        """Return what was handed over, after the gathering time, and whether to stop."""
        if not at_once:
            with self._turn:
                self._turn.wait_for(lambda: self._texts or self._raw or self._actions or self._closing)
            self._hurry.wait(GATHER_SECONDS)
        with self._turn:
            taken = (self._texts, self._raw, self._actions, self._closing)
            self._texts, self._raw, self._actions = [], [], []
            if not self._closing:
                self._hurry.clear()
        return taken

    def _save_until_it_works(self, texts: Texts, raw: Raw, actions: Actions) -> Actions:
        """Commit texts and raw bytes, and actions while there is time; return the actions that are left."""
        pause_seconds = AGAIN_SECONDS
        while (left := self._saved(texts, raw, actions)) is None:
            if self._closing:
                self._given_up = True  # the rows tell the next start that this was cut off
                return []
            self._again.wait(pause_seconds)
            pause_seconds = min(pause_seconds * 1.5, SELDOM_SECONDS)
        return left

    def _saved(self, texts: Texts, raw: Raw, actions: Actions) -> Actions | None:
        """Commit; return the actions that are left, or None if the store is in trouble that may pass."""
        try:
            results = self._commit(texts, raw, actions)
        except _PutAsideError:
            return None
        except StoreTrouble as error:
            trouble = trouble_of(error)
            if trouble is None:
                return self._saved_without_the_bad(error, texts, raw, actions)
            self._tell(trouble)
            made_room = trouble is Trouble.FULL and self._ballast is not None and self._ballast.drop()
            return self._saved(texts, raw, actions) if made_room else None
        except Exception as error:  # noqa: BLE001  # an action of ours that breaks: told to whoever asked for it
            return self._saved_without_the_bad(error, texts, raw, actions)
        finally:
            self._committing = False
        self._told, self._in_hand = None, ([], [])
        for (_, future), result in zip(actions, results, strict=False):
            future.set_result(result)
        return actions[len(results) :]

    def _tell(self, trouble: Trouble) -> None:
        if trouble is not self._told:  # once, not each time it is tried again
            self._told = trouble
            logger.warning("not saved yet: %s", trouble)

    def _saved_without_the_bad(self, error: Exception, texts: Texts, raw: Raw, actions: Actions) -> Actions:
        """One bad write must not stop, or lose, the others."""
        parts = _parts(texts, raw, actions)
        if len(parts) > 1:
            for number, part in enumerate(parts):
                self._in_hand = _together(parts[number:])
                self._save_until_it_works(*part)
                if self._given_up:
                    break
            return []
        logger.error("a write can never work and is given up", exc_info=error)
        for _, future in actions:
            future.set_exception(error)
        return []

    def _commit(self, texts: Texts, raw: Raw, actions: Actions) -> list[object]:
        """Return what the actions returned that there was time for, the first ones at least."""
        results: list[object] = []
        if not actions:
            with self._database.connection() as connection:
                deltas.append(connection, texts, raw)
                self._seal()
            return results
        with self._database.transaction() as session:
            deltas.append(session.connection(), texts, raw)
            until = time.monotonic() + ACTING_SECONDS
            while len(results) < len(actions) and time.monotonic() <= until:
                results += _acted(session, _alike(actions[len(results) : len(results) + TOGETHER]))
            self._seal()
        return results

    def _seal(self) -> None:
        """From here on it counts as saved, unless it was put aside meanwhile."""
        with self._fate:
            if self._given_up:
                raise _PutAsideError
            self._committing = True


def _alike(actions: Actions) -> list[Action]:
    """Return the first action, and those right after it that can be done in one go with it."""
    first, *others = [action for action, _ in actions]
    way = _way(first)
    return [first, *takewhile(lambda other: way is not None and _way(other) is way, others)]


def _way(action: Action) -> Callable[[Any, list[Action]], Sequence[object]] | None:
    return getattr(action, "together", None)


def _acted(session: Any, actions: list[Action]) -> Sequence[object]:
    """Do them; return what each returned."""
    together = _way(actions[0])
    return together(session, actions) if together and len(actions) > 1 else [actions[0](session)]


def _together(parts: list[tuple[Texts, Raw, Actions]]) -> tuple[Texts, Raw]:
    return [text for texts, _, _ in parts for text in texts], [piece for _, raw, _ in parts for piece in raw]


def _parts(texts: Texts, raw: Raw, actions: Actions) -> list[tuple[Texts, Raw, Actions]]:
    """Return the same in its smallest parts: one for each generation's text, one for each action."""
    seqs = dict.fromkeys([text[0] for text in texts] + [piece[0] for piece in raw])
    parts: list[tuple[Texts, Raw, Actions]] = [
        ([text for text in texts if text[0] == seq], [piece for piece in raw if piece[0] == seq], []) for seq in seqs
    ]
    return parts + [([], [], [action]) for action in actions]
