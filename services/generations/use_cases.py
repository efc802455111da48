"""What a person does with generations. Each is one transaction, committed before the engine hears of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from secrets import token_hex, token_urlsafe

from db import generations as rows
from db import marks, preferences, raw, videos
from db.database import Database
from db.noting import note
from db.records import Generation
from db.states import WAITING, State
from services.clock import utc_now
from services.endpoint.curl import as_curl
from services.endpoint.profiles import Endpoints
from services.endpoint.views import EndpointView
from services.errors import ConfirmationError, NotFoundError, StateError
from services.generations.admission import check_budgets
from services.generations.asking import asked_by, body_for
from services.generations.limits import checked_prompt
from services.generations.report import maybe_charged
from services.jobs.hand import PAUSED, Hand
from services.library.marks import checked_name
from services.pictures.wire import check_picture
from services.prompts.sending import Composed, Outgoing, as_before, outgoing
from services.room import check_room
from services.settings import Settings
from services.trouble import told


@dataclass(frozen=True, slots=True)
class Generations:
    """One person's generations."""

    owner: str
    database: Database
    settings: Settings
    endpoints: Endpoints
    hand: Hand

    def submit(  # noqa: PLR0913  # one argument for each thing that may come with a prompt
        self,
        prompt: str,
        *,
        nonce: str,
        parent_id: str | None = None,
        endpoint_id: str | None = None,
        model: str | None = None,
        worker: str | None = None,
        composed: Composed | None = None,
        collection: str = "",
    ) -> Generation:
        """Keep a prompt and queue it; return at once.

        The row is committed before the engine hears of it. The same nonce again returns the generation it made the
        first time: a double click sends once. `worker` keeps it for that worker alone (the command line). `composed`
        is what goes with the words: wishes the model's family knows how to read, and the fields kept beside them.
        `collection` is the name of one to put it into, made if it is new.

        Raises:
            PromptError: blank, or too long.
            PictureError: the picture that goes with it is not there (any more).
            BudgetError: a budget is used up, or would be passed.
            DiskFullError, StoreError: it could not be kept, so it is not sent.
        """
        text = checked_prompt(prompt, self.settings)
        check_room(self.settings)
        self.hand.check_store()
        endpoint = self.endpoints.get(endpoint_id) if endpoint_id else self.endpoints.chosen()
        sent = outgoing(text, model or endpoint.model, composed, endpoint.id)
        check_picture(self.database, self.settings, self.owner, sent.picture)
        return self._insert(sent, nonce, endpoint, parent_id, worker, collection)

    def _insert(
        self,
        sent: Outgoing,
        nonce: str,
        endpoint: EndpointView,
        parent_id: str | None,
        worker: str | None,
        collection: str,
    ) -> Generation:
        now = utc_now()
        held = self.settings.undo_seconds > 0 and not endpoint.demo
        from services.usage.estimates import expected_columns  # not needed before something is sent

        body = body_for(endpoint, sent)
        # The insert is the probe: what cannot be kept is not sent.
        new_id = token_hex(12)
        with self.database.behind(partial(told, unsent=True)).transaction() as session:
            money = expected_columns(session, self.owner, endpoint, asked_by(sent, body))
            check_budgets(session, self.owner, endpoint, [{"nonce": nonce} | money], collection)
            generation = rows.insert(
                session,
                id=new_id,
                owner=self.owner,
                nonce=nonce,
                prompt=sent.prompt,
                model=sent.model,
                fields=sent.fields,
                endpoint_id=endpoint.id,
                endpoint_name=endpoint.name,
                base_url=endpoint.base_url,
                demo=endpoint.demo,
                request=body,
                parent_id=parent_id or None,
                state=State.HELD if held else State.QUEUED,
                release_at=now + dt.timedelta(seconds=self.settings.undo_seconds) if held else None,
                worker=worker,
                picture=sent.picture or None,
                created_at=now,
                **money,
            )
            if generation.id == new_id:  # not for a second click
                note(session, "sent", new_id, at=now)
            if collection:
                name = checked_name(collection)
                marks.collect_named(session, self.owner, [generation.id], name, new_id=token_hex(12), at=now)
        self.hand.wake()
        return generation

    def get(self, generation_id: str) -> Generation:
        """Return one with its videos.

        Raises:
            NotFoundError: none, or someone else's.
        """
        with self.database.reading() as session:
            found = rows.get(session, self.owner, generation_id)
        if found is None:
            raise NotFoundError("no such generation")
        return found

    def newest(self, limit: int = 3) -> list[Generation]:
        """Return the last few, newest first."""
        with self.database.reading() as session:
            return rows.page(session, self.owner, limit=limit)

    def unfinished(self) -> list[Generation]:
        """Return what is in flight, queued and held, in that order."""
        with self.database.reading() as session:
            return rows.unfinished(session, self.owner)

    def standing(self) -> list[tuple[str, str]]:
        """Return id and state of what is unfinished, in the order of `unfinished`."""
        with self.database.reading() as session:
            return rows.standing(session, self.owner)

    def cancel(self, generation_id: str) -> None:
        """Stop one, waiting or running. What arrived is kept.

        A socket of this process is shut at once, and its stream writes the ending: no disk and no lock can delay that.

        Raises:
            StateError: it has ended already.
            StoreError: it does not run here, and the wish could not be written down for the process it runs in.
        """
        self.get(generation_id)
        if self.hand.stop(generation_id):
            return
        with self.database.transaction() as session:
            waiting = rows.cancel_waiting(session, self.owner, generation_id, utc_now())
            running = not waiting and rows.request_cancel(session, self.owner, generation_id)
            if waiting or running:
                note(session, "stopped", generation_id, at=utc_now())
        if running:
            self.hand.stop(generation_id)
        if waiting:
            self.hand.moved(generation_id, State.CANCELLED)
        if not (waiting or running):
            raise StateError("it has ended already")

    def undo(self, generation_id: str) -> str:
        """Take a held one back; return its prompt.

        Raises:
            StateError: it is held no more.
        """
        generation = self.get(generation_id)
        with self.database.transaction() as session:
            undone = generation.state is State.HELD and rows.cancel_waiting(
                session, self.owner, generation_id, utc_now()
            )
        if not undone:
            raise StateError("it is on its way already")
        self.hand.moved(generation_id, State.CANCELLED)
        return generation.prompt

    def send_now(self, generation_id: str) -> None:
        """Let a held one go."""
        with self.database.transaction() as session:
            released = rows.release(session, generation_id, owner=self.owner)
        if not released:
            raise StateError("it is held no more")
        self.hand.moved(generation_id, State.QUEUED)
        self.hand.wake()

    def send_again(self, generation_id: str, *, nonce: str, confirmed: bool = False) -> Generation:
        """Send the same words once more, as a new generation with this one as its parent.

        Raises:
            ConfirmationError: the first may have been charged; the caller asks and confirms. Never for the demo.
            StateError: it has not ended yet.
        """
        generation = self.get(generation_id)
        charged = maybe_charged(generation)
        if generation.state in WAITING or charged is None:
            raise StateError("it has not ended yet")
        if charged and not confirmed and not generation.demo:
            raise ConfirmationError("it may be charged a second time")
        known = {view.id for view in self.endpoints.list()}
        endpoint_id = generation.endpoint_id if generation.endpoint_id in known else None
        return self.submit(
            generation.prompt,
            nonce=nonce,
            parent_id=generation.id,
            endpoint_id=endpoint_id,
            model=generation.model if endpoint_id else None,
            composed=as_before(generation.fields),
        )

    def to_front(self, generation_id: str) -> None:
        """Let a waiting one go next."""
        with self.database.transaction() as session:
            moved = rows.to_front(session, self.owner, generation_id)
        if not moved:
            raise StateError("it waits no more")
        self.hand.wake()

    def cancel_all_waiting(self) -> int:
        """Cancel what has not been sent; return how many."""
        with self.database.transaction() as session:
            return rows.cancel_all_waiting(session, self.owner, utc_now())

    def pause(self) -> None:
        """Send nothing new of this person until `resume`; what runs goes on."""
        self._set_paused("1")

    def resume(self) -> None:
        """Send again."""
        self._set_paused("0")
        self.hand.wake()

    @property
    def paused(self) -> bool:
        """Whether this person's queue is paused."""
        with self.database.reading() as session:
            return preferences.get(session, self.owner, PAUSED) == "1"

    def _set_paused(self, value: str) -> None:
        with self.database.transaction() as session:
            preferences.set(session, self.owner, PAUSED, value)

    def curl(self, generation_id: str) -> str:
        """Return the request as a runnable curl, `$DAILIES_TOKEN` in the token's place."""
        generation = self.get(generation_id)
        return as_curl(generation.base_url, generation.request or {})

    def raw(self, generation_id: str) -> bytes | None:
        """Return the raw answer as it arrived, secrets removed; None if nothing came."""
        with self.database.reading() as session:
            found = raw.load(session, self.owner, generation_id)
        return found.data if found and found.data else None

    def stop_saving(self, video_id: str) -> None:
        """Stop the saving of a video, waiting or running; what came of it is thrown away, its link is kept.

        Raises:
            StateError: it is not being saved.
        """
        with self.database.transaction() as session:
            stopped = videos.stop(session, self.owner, video_id)
        if not stopped:
            raise StateError("it is not being saved")
        self.hand.stop_fetch(video_id)

    def fetch_again(self, video_id: str) -> None:
        """Try once more to save a video; fetching is free to repeat.

        Raises:
            StateError: it has not failed.
        """
        with self.database.transaction() as session:
            again = videos.retry(session, self.owner, video_id)
        if not again:
            raise StateError("it has not failed")
        self.hand.wake()


def fresh_nonce() -> str:
    """Return a nonce for one send."""
    return token_urlsafe(16)
