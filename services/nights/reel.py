"""The morning reel: the clips of a night in turn, what its person says of each, and what is to be taken again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from db import generations as rows
from db import nights, trash
from db.database import Database
from db.records import Generation
from db.states import ENDED, VideoState
from services.clock import utc_now
from services.errors import MarkError, NotFoundError
from services.generations.batch import batch_of
from services.generations.use_cases import Generations
from services.nights.planning import Nights, Standing
from services.nights.rules import failure

KEEP: Final = "keep"
BIN: Final = "bin"
AGAIN: Final = "again"
SENT: Final = "sent"
"""Marked "again", and sent since."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of a reel; `verdict` is empty until something was said of it."""

    generation: Generation
    video_id: str
    poster: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class Reel:
    """A night and what can be seen of it.

    `saving`: how many videos are on their way to the disk. `failures`: how often each thing went wrong.
    """

    standing: Standing
    clips: tuple[Clip, ...]
    saving: int
    failures: tuple[tuple[str, int], ...]

    @property
    def to_take_again(self) -> tuple[Clip, ...]:
        """The clips that were marked to be taken again and have not been."""
        return tuple(clip for clip in self.clips if clip.verdict == AGAIN)


@dataclass(frozen=True, slots=True)
class Reels:
    """One person's reels."""

    nights: Nights
    generations: Generations

    def look(self, night_id: str) -> Reel:
        """Return the reel of a night, in the order the prompts were sent.

        Raises:
            NotFoundError: no such night, or someone else's.
        """
        standing = self.nights.standing(self.nights.get(night_id))
        ended = [part for part in standing.parts if part.state in ENDED]
        with self._database.reading() as session:
            found = rows.of_seqs(session, self._owner, [part.seq for part in ended])
            said = nights.verdicts(session, self._owner, [part.id for part in ended])
        clips = tuple(clip for one in found if (clip := _clip(one, said.get(one.id, ""))))
        went_wrong = Counter(why for part in ended if (why := failure(part)))
        return Reel(standing, clips, sum(map(_is_saving, found)), tuple(went_wrong.most_common()))

    def judge(self, generation_id: str, verdict: str | None) -> None:
        """Keep what is said of a clip; "bin" puts it into the trash, anything else takes it out again. None: undo.

        Raises:
            NotFoundError: no such clip, or someone else's.
            MarkError: no such verdict.
        """
        if verdict not in (KEEP, BIN, AGAIN, None):
            raise MarkError("keep, bin or again", code="mark_invalid")
        with self._database.transaction() as session:
            one = rows.get(session, self._owner, generation_id)
            if one is None or batch_of(one) is None:
                raise NotFoundError("no such clip")
            if verdict == BIN:
                trash.put(session, self._owner, [generation_id], utc_now())
            elif nights.verdicts(session, self._owner, [generation_id]).get(generation_id) == BIN:
                trash.take_back(session, self._owner, [generation_id])
            nights.judge(session, self._owner, generation_id, verdict, utc_now())

    def send_again(self, clips: Sequence[Clip]) -> int:
        """Send the words of these clips once more, each as a new take; return how many. The person has said yes.

        The nonce is the clip's: a second click, or a reload, finds the take that the first one made.

        Raises:
            DiskFullError, StoreError: the rest could not be kept; what was sent is marked so.
        """
        for clip in clips:
            id = clip.generation.id
            self.generations.send_again(id, nonce=f"reel-{id}", confirmed=True)
            with self._database.transaction() as session:
                nights.judge(session, self._owner, id, SENT, utc_now())
        return len(clips)

    @property
    def _owner(self) -> str:
        return self.generations.owner

    @property
    def _database(self) -> Database:
        return self.generations.database


def _clip(generation: Generation, verdict: str) -> Clip | None:
    """Return the clip of a generation; None if no video of it was kept."""
    kept = next((video for video in generation.videos if video.state is VideoState.KEPT), None)
    return None if kept is None else Clip(generation, kept.id, kept.poster, verdict)


def _is_saving(generation: Generation) -> bool:
    return any(video.state in (VideoState.PENDING, VideoState.FETCHING) for video in generation.videos)
