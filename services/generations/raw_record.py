"""One person's raw record: the answers as they came, to be reported, or read again by a better reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from db import generations as rows
from db import raw, videos
from db.database import Database
from db.records import Generation, RawResponse
from db.states import ENDED
from services.clock import utc_now
from services.endpoint.redact import Redactor
from services.errors import NotFoundError
from services.usage.freezing import freeze
from services.version import app_version

if TYPE_CHECKING:
    from services.generations.rereading import Change

PAGE = 500


@dataclass(frozen=True, slots=True)
class RawRecord:
    """Nothing here sends anything, and no generation ever leaves its end for another beginning."""

    owner: str
    database: Database
    redactor: Callable[[], Redactor]

    def ids(self) -> Iterator[str]:
        """Yield every generation that has ended and whose raw answer is kept, oldest first."""
        after = 0
        while True:
            with self.database.reading() as session:
                found = raw.kept(session, self.owner, after_seq=after, limit=PAGE)
            yield from (id for _, id in found)
            if len(found) < PAGE:
                return
            after = found[-1][0]

    def look(self, generation_id: str) -> Change:
        """Return what reading a kept answer again would change.

        Raises:
            NotFoundError: no such generation, it has not ended, or no byte of an answer is kept.
        """
        from services.generations.rereading import reread

        generation, kept = self._kept(generation_id)
        if kept is None or generation.state not in ENDED:
            raise NotFoundError("no answer is kept" if kept is None else "it has not ended yet")
        return reread(generation, kept, self.redactor())

    def apply(self, change: Change) -> bool:
        """Keep what a change says and have its new links saved; False if the generation is not as it was looked at."""
        if change.is_empty or change.withheld:
            return False
        generation = change.generation
        with self.database.transaction() as session:
            if not rows.keep_reading(session, generation, change.after):
                return False
            for url in change.new_videos:
                videos.add(
                    session,
                    id=token_hex(12),
                    owner=self.owner,
                    generation_id=generation.id,
                    source_url=url,
                    at=utc_now(),
                )
            freeze(session, [generation.id])  # tokens that were not read before may tell it now
        return True

    def report(self, generation_id: str, *, with_prompt: bool) -> bytes:
        """Return what helps to teach us a dialect, as JSON without any token; an empty answer is one too.

        Raises:
            NotFoundError: no such generation.
        """
        from services.generations.dialect import dialect_report

        generation, kept = self._kept(generation_id)
        kept = kept or RawResponse(content_type="", data=b"", arrivals=())
        return dialect_report(generation, kept, self.redactor(), version=app_version(), with_prompt=with_prompt)

    def _kept(self, generation_id: str) -> tuple[Generation, RawResponse | None]:
        with self.database.reading() as session:
            generation = rows.get(session, self.owner, generation_id)
            kept = raw.load(session, self.owner, generation_id) if generation else None
        if generation is None:
            raise NotFoundError("no such generation")
        return generation, kept
