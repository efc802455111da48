"""Several prompts sent as one batch: checked whole, kept in one transaction, each sent at most once.

A batch is known by what is in it: the same rows for the same endpoint are the same batch. So neither a double click,
nor a reload, nor a crash between the commit and the answer can send it twice. To send the same on purpose, say `again`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from secrets import token_hex
from typing import Any, Final

from db import generations as rows
from db import marks
from db.noting import note
from db.records import Generation
from db.states import State
from services.clock import utc_now
from services.endpoint import client
from services.endpoint.views import EndpointView
from services.errors import PictureError, PromptError
from services.generations.admission import check_budgets
from services.generations.expected import Expected, columns_of, expected
from services.generations.limits import checked_prompt
from services.generations.use_cases import Generations
from services.library.marks import checked_name
from services.pictures.wire import check_picture
from services.prompts import controls, reference, remix
from services.prompts.checked import Checked, Problem, checked
from services.prompts.checks import TOO_LONG
from services.prompts.composition import Composition, apply_edit, to_json
from services.prompts.fields import Controls, Fields
from services.prompts.many import BLANK, MANY, MAX_SENDS, NOTHING, Item, sends
from services.prompts.marks import N_
from services.prompts.own_presets import OwnPresets, presets_of
from services.prompts.vocabulary import Language
from services.room import check_room
from services.trouble import told

PICTURE_GONE: Final = N_("The picture that goes with the prompt is no longer there.")
TOO_LARGE: Final = N_("This prompt is too long to send: {count} bytes, at most {limit}.")


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt as it will be sent: what a person asked for and what that came to. `asked` tells how, for pages."""

    item: Item
    prompt: str
    model: str
    extra: Mapping[str, Any]
    request: Mapping[str, Any]
    asked: tuple[controls.Shown, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """A batch that has passed every check; `id` follows from what is in it."""

    id: str
    name: str
    endpoint: EndpointView
    rows: tuple[Row, ...]

    @property
    def models(self) -> Counter[str]:
        """How many prompts each model gets."""
        return Counter(row.model for row in self.rows)


@dataclass(frozen=True, slots=True)
class Part:
    """One prompt's place in its batch: the `row`-th of `of`."""

    id: str
    name: str
    row: int
    of: int


@dataclass(frozen=True, slots=True)
class Batches:
    """One person's batches."""

    mine: Generations
    presets: OwnPresets

    def check(
        self, items: Sequence[Item], *, name: str = "", again: str = "", language: Language = "en"
    ) -> Checked[Ready]:
        """Return the batch ready to send, or every problem of every row at once.

        Takes are made rows here. Rows are counted as their source counts them (`Item.row`). `again`: any word that
        makes the same rows another batch. `language`: of words that carry wishes into a prompt.
        """
        count = sends(items)
        if not items or count > MAX_SENDS:
            limits = {"count": str(count), "limit": str(MAX_SENDS)}
            return Checked(None, (Problem("many_too_many", MANY, limits) if items else Problem("nothing", NOTHING),))
        endpoint, known = self.mine.endpoints.chosen(), self.presets.text()
        made: list[Row] = []
        problems: list[Problem] = []
        for number, item in enumerate(items, start=1):
            row, wrong = self._row(item, endpoint, known, language)
            problems += (replace(one, row=item.row or number) for one in wrong)
            made += [row] * item.controls.takes
        return checked(Ready(_id_of(endpoint, made, again), name, endpoint, tuple(made)), problems)

    def also(self) -> Callable[[Item], tuple[Problem, ...]]:
        """Return what tells what keeps one prompt from being sent, beside what is wrong with the form of its sheet."""
        endpoint, known = self.mine.endpoints.chosen(), self.presets.text()  # once: a sheet has a thousand rows
        return lambda item: tuple(self._row(item, endpoint, known)[1]) if item.text.strip() else ()

    def sent_at(self, ready: Ready) -> dt.datetime | None:
        """Return when this very batch was sent; None if it was not."""
        with self.mine.database.reading() as session:
            return rows.created_at(session, self.mine.owner, _nonce(ready, 1))

    def expected(self, ready: Ready) -> Expected:
        """Return how long it may take and whether it is free; unknown where nothing is known."""
        return expected(self.mine, ready.endpoint, ready.models)

    def send(self, ready: Ready, *, collection: str = "") -> int:
        """Keep the whole batch and queue it, in one transaction; return how many prompts are new: all, or none.

        `collection` is the name of one to put them into, made if it is new.

        Raises:
            MarkError: not a name for a collection.
            BudgetError: all of it together would pass a budget, so nothing of it is sent.
            DiskFullError, StoreError: it could not be kept, so nothing of it is sent.
        """
        check_room(self.mine.settings)
        self.mine.hand.check_store()
        values = self.values(ready)
        with self.mine.database.behind(partial(told, unsent=True)).transaction() as session:
            check_budgets(session, self.mine.owner, ready.endpoint, values, collection)
            new = rows.insert_many(session, values)
            if new:
                note(session, "sent_batch", ready.id, at=utc_now())
            if new and collection:
                name, ids = checked_name(collection), [row["id"] for row in values]
                marks.collect_named(session, self.mine.owner, ids, name, new_id=token_hex(12), at=utc_now())
        self.mine.hand.wake()
        return new

    def cancel_rest(self, batch_id: str) -> int:
        """Cancel what has not been sent of a batch; return how many. What runs goes on."""
        with self.mine.database.transaction() as session:
            return rows.cancel_waiting_of(session, self.mine.owner, begins(batch_id), utc_now())

    def _row(
        self, item: Item, endpoint: EndpointView, known: str, language: Language = "en"
    ) -> tuple[Row, list[Problem]]:
        seen = _asked(item.controls.model or endpoint.model, item.controls, known, language)
        problems = list(seen.problems)
        asked = remix.asked(item.remix, seen.plan.model, endpoint.id, presets_of(known))
        text = asked.prompt(seen.plan.prompt(item.text)) if item.text.strip() else item.text
        try:
            text = checked_prompt(text, self.mine.settings)
        except PromptError as error:
            problems.insert(0, _problem_of(error, text, self.mine.settings.prompt_max_bytes))
        if seen.max_chars is not None and len(text) > seen.max_chars:
            limits = {"count": str(len(text)), "limit": str(seen.max_chars)}
            problems.append(Problem("text_too_long", TOO_LONG, limits, column="prompt"))
        problems += self._missing(item)
        plan, extra = seen.plan, {**seen.plan.extra, **asked.extra}
        body = client.build_body(
            prompt=text,
            model=plan.model,
            max_tokens=endpoint.max_tokens,
            stream=endpoint.stream,
            extra={**endpoint.extra, **extra},
            picture=_picture(item),
        )
        return Row(item, text, plan.model, extra, body, plan.shown), problems

    def _missing(self, item: Item) -> list[Problem]:
        """Return what keeps a prompt from being sent with its picture: it is gone."""
        try:
            check_picture(self.mine.database, self.mine.settings, self.mine.owner, _picture(item))
        except PictureError as error:
            return [Problem(error.code, PICTURE_GONE, column="picture")]
        return []

    def values(self, ready: Ready) -> list[dict[str, Any]]:
        """Return the columns of each row; held first where there is time to undo, as a single prompt is."""
        mine, endpoint, now = self.mine, ready.endpoint, utc_now()
        held = mine.settings.undo_seconds > 0 and not endpoint.demo
        same = {
            "owner": mine.owner,
            "endpoint_id": endpoint.id,
            "endpoint_name": endpoint.name,
            "base_url": endpoint.base_url,
            "demo": endpoint.demo,
            "state": State.HELD if held else State.QUEUED,
            "release_at": now + dt.timedelta(seconds=mine.settings.undo_seconds) if held else None,
            "created_at": now,
        }
        expected_of = columns_of(mine, endpoint, ready.rows)
        return [
            {
                **same,
                **expected_of[id(row)],
                "id": token_hex(12),
                "nonce": _nonce(ready, number),
                "prompt": row.prompt,
                "model": row.model,
                "request": row.request,
                "picture": _picture(row.item) or None,
                "fields": _fields(ready, number, row),
            }
            for number, row in enumerate(ready.rows, start=1)
        ]


@dataclass(frozen=True, slots=True)
class _Read:
    """What a model makes of the controls; the same for many rows."""

    plan: controls.Plan
    max_chars: int | None
    problems: tuple[Problem, ...]


@lru_cache(maxsize=256)
def _asked(model: str, wanted: Controls, own_presets: str, language: Language) -> _Read:
    """Tell how the model is asked. A wish it surely cannot be asked for is a problem; with unknown models, a note."""
    known = presets_of(own_presets)
    plan = controls.plan(model, wanted, known, language)
    options = controls.options(model, known)
    problems = tuple(
        Problem("not_offered", shown.sentence, shown.params, column=shown.control)
        for shown in plan.shown
        if shown.how == "cannot" and shown.sentence == controls.CANNOT_VALUE
    )
    return _Read(plan, options.max_chars if options.sure else None, problems)


def _picture(item: Item) -> str:
    return item.picture.id if item.picture else ""


def _problem_of(error: PromptError, text: str, limit: int) -> Problem:
    if error.code == "prompt_blank":
        return Problem(error.code, BLANK, column="prompt")
    return Problem(error.code, TOO_LARGE, {"count": str(len(text.encode())), "limit": str(limit)}, column="prompt")


def _id_of(endpoint: EndpointView, made: Sequence[Row], again: str) -> str:
    told = json.dumps([endpoint.id, again, [row.request for row in made]], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def batch_of(generation: Generation) -> Part | None:
    """Return which part of which batch a generation is; None if it was sent alone, or sent again from a batch."""
    kept = (generation.fields or {}).get("batch")
    if not isinstance(kept, dict) or not generation.nonce.startswith(begins(str(kept.get("id")))):
        return None
    return Part(str(kept["id"]), str(kept.get("name") or ""), int(kept.get("row") or 0), int(kept.get("of") or 0))


def begins(batch_id: str) -> str:
    """Return how the nonces of a batch begin; its rows are known by that."""
    return f"batch-{batch_id}-"


def nonces(batch_id: str, count: int) -> list[str]:
    """Return the nonces of a batch of so many rows, in order."""
    return [f"{begins(batch_id)}{number}" for number in range(1, count + 1)]


def _nonce(ready: Ready, number: int) -> str:
    return f"{begins(ready.id)}{number}"


def _fields(ready: Ready, number: int, row: Row) -> dict[str, Any]:
    """Return what "Use again" needs, and the batch beside it."""
    composition = apply_edit(Composition(row.item.fields or Fields(controls=row.item.controls)), row.item.text.strip())
    kept: dict[str, Any] = json.loads(to_json(composition))
    carried: dict[str, Any] = {"extra": dict(row.extra)} if row.extra else {}  # so that "Send again" asks for the same
    if row.item.picture:
        carried["picture"] = reference.to_dict(row.item.picture)
    if row.item.remix:
        carried["remix"] = remix.to_dict(row.item.remix)
    return {**kept, **carried, "batch": {"id": ready.id, "name": ready.name, "row": number, "of": len(ready.rows)}}
