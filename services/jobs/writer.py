"""The one writer: what all streams received becomes durable in one transaction each 100 ms (RELIABILITY c).

A write that fails (locked, full) stays at the head of the line and is tried again; reading goes on meanwhile.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from db import deltas
from db.database import Database
from db.trouble import PassingTrouble

GATHER_SECONDS = 0.08
ACTING_SECONDS = 0.03  # in one transaction: when 100 streams end at once, nobody's text waits for all of them
AGAIN_SECONDS = 0.25
logger = logging.getLogger(__name__)

Action = Callable[[Any], object]  # takes the session of the transaction
Texts = list[tuple[int, str, str]]
Raw = list[tuple[int, float, bytes]]
Actions = list[tuple[Action, Future[Any]]]


class Writer:
    """Keeps deltas, raw bytes and small actions in the order they were handed over."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = threading.Condition()
        self._texts: Texts = []
        self._raw: Raw = []
        self._actions: Actions = []
        self._urgent = False
        self._closing = False
        self.unsaved = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def append(self, seq: int, texts: list[tuple[str, str]], raw: bytes, at_seconds: float) -> None:
        """Hand over what arrived for generation `seq`: `(kind, text)` pieces and the redacted bytes."""
        with self._turn:
            self._texts += [(seq, kind, text) for kind, text in texts if text]
            if raw:
                self._raw.append((seq, at_seconds, raw))
            self._turn.notify()

    def do(self, action: Action, *, soon: bool = False) -> Future[Any]:
        """Have `action(session)` run after all that was appended before it; the future tells when it is durable."""
        future: Future[Any] = Future()
        with self._turn:
            self._actions.append((action, future))
            self._urgent = self._urgent or soon
            self._turn.notify()
        return future

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def close(self, timeout_seconds: float = 5.0) -> None:
        """Save what is in hand and stop."""
        with self._turn:
            self._closing = True
            self._turn.notify()
        self._thread.join(timeout_seconds)

    def _work(self) -> None:
        left: Actions = []  # what did not fit into the last transaction
        while True:
            texts, raw, actions, closing = self._take(at_once=bool(left))
            left += actions
            if texts or raw or left:
                left = self._save_until_it_works(texts, raw, left)
            elif closing:
                return

    def _take(self, *, at_once: bool) -> tuple[Texts, Raw, Actions, bool]:
        """Return what was handed over, after the gathering time, and whether to stop."""
        with self._turn:
            if not at_once:
                self._turn.wait_for(lambda: self._texts or self._raw or self._actions or self._closing)
                if not self._urgent and not self._closing:
                    self._turn.wait_for(lambda: self._urgent or self._closing, GATHER_SECONDS)
            taken = (self._texts, self._raw, self._actions, self._closing)
            self._texts, self._raw, self._actions = [], [], []
            self._urgent = False
        return taken

    def _save_until_it_works(self, texts: Texts, raw: Raw, actions: Actions) -> Actions:
        """Commit texts and raw bytes, and actions while there is time; return the actions that are left."""
        while (left := self._saved(texts, raw, actions)) is None:
            self.unsaved = True
            if self._closing:
                return []  # the rows tell the next start that this was cut off
            threading.Event().wait(AGAIN_SECONDS)
        self.unsaved = False
        return left

    def _saved(self, texts: Texts, raw: Raw, actions: Actions) -> Actions | None:
        """Commit; return the actions that are left, or None if the store is in trouble that may pass."""
        try:
            results = self._commit(texts, raw, actions)
        except PassingTrouble as error:
            logger.warning("not saved yet: %s", type(error).__name__)
            return None
        except Exception as error:  # one bad write must not stop, or lose, the others
            parts = _parts(texts, raw, actions)
            if len(parts) > 1:
                for part in parts:
                    self._save_until_it_works(*part)
                return []
            logger.exception("a write can never work and is given up")
            for _, future in actions:
                future.set_exception(error)
            return []
        for (_, future), result in zip(actions, results, strict=False):
            future.set_result(result)
        return actions[len(results) :]

    def _commit(self, texts: Texts, raw: Raw, actions: Actions) -> list[object]:
        """Return what the actions returned that there was time for: one at least."""
        results: list[object] = []
        with self._database.transaction() as session:
            deltas.append(session, texts, raw)
            until = time.monotonic() + ACTING_SECONDS
            for action, _ in actions:
                results.append(action(session))
                if time.monotonic() > until:
                    break
        return results


def _parts(texts: Texts, raw: Raw, actions: Actions) -> list[tuple[Texts, Raw, Actions]]:
    """Return the same in its smallest parts: one for each generation's text, one for each action."""
    seqs = dict.fromkeys([text[0] for text in texts] + [piece[0] for piece in raw])
    parts: list[tuple[Texts, Raw, Actions]] = [
        ([text for text in texts if text[0] == seq], [piece for piece in raw if piece[0] == seq], []) for seq in seqs
    ]
    return parts + [([], [], [action]) for action in actions]
