"""One person's desk on the server: kept at each click and each pause in typing, so that nothing depends on the browser.

Three drafts: the text of the box, the note beside it (services.prompts.desk), and what lay there before, newest last.
Each change reads the kept note anew and writes in the same transaction: two devices do not undo each other's clicks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from db import drafts as rows
from db import generations
from db.database import Database
from db.records import Generation
from services.clock import utc_now
from services.endpoint.text import clean
from services.errors import PromptError
from services.prompts.desk import Desk, from_kept, note_of, read, with_fields
from services.prompts.drafts import MAX_BYTES
from services.prompts.fields import EMPTY, Fields, Place
from services.prompts.remix import Remix, found_in
from services.prompts.vocabulary import Language

TEXT: Final = "create"
NOTE: Final = "create-fields"
BEFORE: Final = "create-before"
MOST_BEFORE: Final = 10
MOST_PAST: Final = 50

Turn = Callable[[Desk], Desk]


@dataclass(frozen=True, slots=True)
class Composing:
    """What one person is composing on Create."""

    owner: str
    database: Database

    def open(self, language: Language = "en") -> tuple[Desk, int]:
        """Return the desk as it was left, and how many steps can be taken back; `language` is that of a bare desk."""
        with self.database.reading() as session:
            kept = rows.load_many(session, self.owner, (TEXT, NOTE, BEFORE))
        return read(kept[NOTE], kept[TEXT], language), len(_steps(kept[BEFORE]))

    def turn(self, seen: Desk, turn: Turn, *, step: bool = False) -> Desk:
        """Change the kept desk, with the text that the person sees; `step` lets that be taken back.

        Raises:
            PromptError: over 1 MB; no prompt is.
            StoreError: it could not be kept.
        """
        with self.database.transaction() as session:
            kept = rows.load_many(session, self.owner, (NOTE, BEFORE))
            before = read(kept[NOTE], seen.text, seen.language)
            after = turn(before)
            changed = {TEXT: clean(after.text), NOTE: note_of(after)}
            if step:
                changed[BEFORE] = _pushed(kept[BEFORE], before)
            for name, text in changed.items():
                if kept.get(name) != text:
                    rows.save(session, self.owner, _checked(text), utc_now(), name)
        return after

    def put(self, seen: Desk, desk: Desk) -> Desk:
        """Lay something else on the desk; what lay there can be put back."""
        return self.turn(seen, lambda _: desk, step=True)

    def put_back(self, seen: Desk) -> Desk:
        """Put back what lay there before the last big step; the desk as it is when there was none."""
        with self.database.transaction() as session:
            kept = rows.load_many(session, self.owner, (BEFORE,))
            steps = _steps(kept[BEFORE])
            if not steps:
                return seen
            note, text = steps.pop()
            for name, value in ((TEXT, text), (NOTE, note), (BEFORE, json.dumps(steps, ensure_ascii=False))):
                rows.save(session, self.owner, value, utc_now(), name)
        return read(note, text, seen.language)

    def past(self, place: int) -> Generation | None:
        """Return the generation whose prompt was sent `place` prompts ago (0: the last), like prompts counted once."""
        with self.database.reading() as session:
            found = generations.page(session, self.owner, limit=MOST_PAST)
        different: dict[str, Generation] = {}
        for one in found:
            different.setdefault(one.prompt.strip(), one)
        return list(different.values())[place] if 0 <= place < len(different) else None


def desk_of(generation: Generation, *, again: bool = False) -> Desk:
    """Return the desk a generation was sent from; `again` begins a new one from it and keeps it as the parent."""
    parent = generation.id if again else generation.parent_id or ""
    return from_kept(generation.fields, generation.prompt, parent_id=parent)


def remixed(generation: Generation) -> Desk:
    """Return the desk that changes one thing of a video: as it was sent, the video named where its relay named it."""
    desk = desk_of(generation, again=True)
    id = found_in(generation.reasoning, generation.content, *generation.task_ids)
    desk = replace(desk, remix=Remix(id, generation.endpoint_id) if id else None)
    return with_fields(desk, replace(desk.fields, remix="")) if desk.fields.remix else desk


def compared(generation: Generation) -> Fields:
    """Return the fields others are compared with; free words count as the scene, which they become (`with_fields`)."""
    desk = desk_of(generation)
    free = desk.fields == EMPTY and desk.text.strip()
    return Fields(place=Place(desk.text.strip())) if free else desk.composition.fields


def emptied(desk: Desk) -> Desk:
    """Return a bare desk in the same language."""
    return Desk(Fields(), {}, desk.language)


def _pushed(kept: str, desk: Desk) -> str:
    steps, now = _steps(kept), [note_of(desk), desk.text]
    if desk.text.strip() and now not in steps[-1:]:
        steps.append(now)
    while len(steps) > MOST_BEFORE or len(_packed(steps).encode()) > MAX_BYTES:
        steps.pop(0)
    return _packed(steps)


def _packed(steps: list[list[str]]) -> str:
    return json.dumps(steps, ensure_ascii=False)


def _steps(kept: str) -> list[list[str]]:
    try:
        steps = json.loads(kept or "[]")
    except (ValueError, RecursionError):
        return []
    return [step for step in steps if _is_step(step)] if isinstance(steps, list) else []


def _is_step(step: object) -> bool:
    return isinstance(step, list) and len(step) == 2 and all(isinstance(text, str) for text in step)


def _checked(text: str) -> str:
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise PromptError("over 1 MB", code="prompt_too_long")
    return text
