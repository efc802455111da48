"""Attach what a person pasted to the generation it belongs to."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

from db import pastes, videos
from db.records import Generation
from db.states import ENDED, VideoState
from db.trouble import StoreTrouble
from services.clock import utc_now
from services.endpoint.redact import Redactor
from services.errors import DailiesError, StateError, StoreError
from services.generations.use_cases import Generations


@dataclass(frozen=True, slots=True)
class Attached:
    """What came of a paste: `videos` that are being saved now, `known` that were saved or being saved before."""

    videos: int
    known: int


def attach(mine: Generations, generation_id: str, text: str, urls: Sequence[str]) -> Attached:
    """Keep a paste with its generation; the chosen ones of the links found in it become its videos.

    Secrets go before anything is stored. A link that had failed is tried again.

    Raises:
        NotFoundError: no such generation.
        StateError: it has not ended: its answer may still bring the video.
        PasteError: blank, or too long.
        StoreError: it could not be kept.
    """
    generation = mine.get(generation_id)
    if generation.state not in ENDED:
        raise StateError("it has not ended yet")
    from services.generations.rescue_reading import checked_paste, read_paste  # the reader, which a start does without

    text = _redactor(mine, generation).text(checked_paste(text))
    reading = read_paste(text, generation.base_url)
    chosen = [link.resolved for link in reading.links if link.resolved in set(urls)]
    now, paste_id = utc_now(), token_hex(12)
    try:
        with mine.database.transaction() as session:
            pastes.add(
                session,
                id=paste_id,
                owner=mine.owner,
                generation_id=generation.id,
                text=text,
                links=[link.as_dict() for link in reading.links],
                task_ids=list(reading.task_ids),
                at=now,
            )
            begun = 0
            for url in chosen:
                video = videos.add(
                    session,
                    id=token_hex(12),
                    owner=mine.owner,
                    generation_id=generation.id,
                    source_url=url,
                    at=now,
                    paste_id=paste_id,
                )
                again = video.state is VideoState.FAILED and videos.retry(session, mine.owner, video.id)
                begun += video.paste_id == paste_id or again
    except StoreTrouble as error:
        raise StoreError("the paste could not be kept") from error
    mine.hand.wake()
    return Attached(videos=begun, known=len(chosen) - begun)


def _redactor(mine: Generations, generation: Generation) -> Redactor:
    token = None
    with contextlib.suppress(DailiesError):  # an endpoint that is gone has no token to hide
        token = mine.endpoints.access(generation).token
    return Redactor([token])
