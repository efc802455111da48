"""Let any chat model write a prompt anew: asked once, streamed, kept apart from generations, never instead of yours."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from db import rewrites as rows
from db.database import Database
from db.rewrites import SENDING, Rewrite, Used
from db.states import State
from services.clock import utc_now
from services.endpoint.profiles import Endpoints
from services.endpoint.views import EndpointView
from services.errors import DailiesError, NotFoundError
from services.generations.limits import checked_prompt
from services.prompts.rewriting import Length, request, said
from services.prompts.vocabulary import Language
from services.room import check_room
from services.settings import Settings
from services.trouble import told

if TYPE_CHECKING:
    from services.endpoint.transport import Exchange

__all__ = ["Desk", "Enhancer", "Rewrite", "Running", "Used", "Wish"]

MAX_SECONDS = 180.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall write, how long, and told what; blank instructions are ours."""

    endpoint_id: str
    model: str
    length: Length = "medium"
    instructions: str = ""
    language: Language = "en"


@dataclass(slots=True)
class Running:
    """A rewrite on the wire. Its text grows; nothing else changes."""

    exchange: Exchange
    text: str = ""


@dataclass(slots=True)
class Desk:
    """What is being rewritten in this process."""

    running: dict[str, Running] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)

    def close(self) -> None:
        """Shut every connection and wait for its end to be kept."""
        for one in list(self.running.values()):
            one.exchange.stop("shutdown")
        for thread in self.threads:
            thread.join(5.0)


@dataclass(frozen=True, slots=True)
class Enhancer:
    """One person's enhancer."""

    owner: str
    database: Database
    settings: Settings
    endpoints: Endpoints
    desk: Desk

    def ask(self, prompt: str, wish: Wish, *, nonce: str) -> str:
        """Ask once for a prompt to be written anew; return its id at once. The same nonce again asks nothing more.

        Raises:
            PromptError: blank, or too long.
            NotFoundError: no such endpoint.
            StoreError: it could not be kept, so it is not asked.
        """
        text = checked_prompt(prompt, self.settings)
        check_room(self.settings)
        endpoint = self.endpoints.get(wish.endpoint_id)
        new = _begun(self.owner, nonce, endpoint, wish, text)
        with self.database.behind(partial(told, unsent=True)).transaction() as session:
            first = rows.begin(session, new)
            known = new if first else rows.get(session, self.owner, nonce=nonce)
        if first:
            body = request(text, new.model, wish.length, wish.instructions, wish.language, endpoint.extra)
            self._start(new.id, endpoint, body)
        return known.id if known else new.id

    def look(self, rewrite_id: str) -> Rewrite:
        """Return a rewrite as far as it has come. One that a stopped server left behind is `incomplete`.

        Raises:
            NotFoundError: none, or someone else's.
        """
        running = self.desk.running.get(rewrite_id)
        with self.database.reading() as session:
            found = rows.get(session, self.owner, id=rewrite_id)
        if found is None:
            raise NotFoundError("no such rewrite")
        if found.state != SENDING:
            return found
        values: dict[str, Any] = {name: getattr(found, name) for name in Rewrite.__dataclass_fields__}
        if running is None:
            return Rewrite(**values | {"state": str(State.INCOMPLETE), "error_code": "worker_lost"})
        return Rewrite(**values | {"after": running.text})

    def stop(self, rewrite_id: str) -> None:
        """Stop one that is being written; what has come is kept."""
        self.look(rewrite_id)
        if running := self.desk.running.get(rewrite_id):
            running.exchange.stop("user")

    def used(self, since: dt.datetime, before: dt.datetime) -> Used:
        """Return what rewrites asked for between two times used, apart from generations."""
        with self.database.reading() as session:
            return rows.used(session, self.owner, since, before)

    def _start(self, rewrite_id: str, endpoint: EndpointView, body: Mapping[str, Any]) -> None:
        from services.endpoint.transport import Exchange  # brings HTTP: a start does without

        running = Running(Exchange(connect_seconds=self.settings.connect_seconds))
        self.desk.running[rewrite_id] = running
        thread = threading.Thread(
            target=self._run, args=(rewrite_id, running, endpoint, dict(body)), name="rewrite", daemon=True
        )
        thread.start()  # before it is listed: a close meanwhile would join it
        self.desk.threads[:] = [one for one in self.desk.threads if one.is_alive()] + [thread]

    def _run(self, rewrite_id: str, running: Running, endpoint: EndpointView, body: dict[str, Any]) -> None:
        """Ask, read, keep what came. Whatever happens it gets an end."""
        from services.generations.rewriting_wire import asked  # brings HTTP: a start does without
        from services.usage.freezing import at_rewrite_end

        late = threading.Timer(MAX_SECONDS, running.exchange.stop, ("total",))
        late.daemon = True
        late.start()
        try:
            ending = asked(running, lambda: self.endpoints.access_to(endpoint), rewrite_id, body)
            with self.database.transaction() as session:
                asked_for = rows.get(session, self.owner, id=rewrite_id)
                cost = at_rewrite_end(session, asked_for, ending) if asked_for and not endpoint.demo else None
                rows.end(session, rewrite_id, ending, said(ending.content), utc_now(), cost=cost)
        except DailiesError as error:
            logger.warning("a rewrite could not be kept: %s", error.code)
        finally:
            late.cancel()
            running.exchange.close()
            self.desk.running.pop(rewrite_id, None)


def _begun(owner: str, nonce: str, endpoint: EndpointView, wish: Wish, text: str) -> Rewrite:
    return Rewrite(
        id=token_hex(12),
        owner=owner,
        nonce=nonce,
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        model=wish.model.strip() or endpoint.model,
        length=wish.length,
        before=text,
        after="",
        state=SENDING,
        error_code=None,
        prompt_tokens=None,
        completion_tokens=None,
        total_tokens=None,
        created_at=utc_now(),
        ended_at=None,
    )
