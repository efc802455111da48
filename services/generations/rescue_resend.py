"""Send several prompts again, with one question for all of them where money may be spent twice (RELIABILITY b)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.states import ENDED
from services.errors import ConfirmationError, NotFoundError, StateError
from services.generations.report import maybe_charged
from services.generations.rescue_marks import dismiss
from services.generations.use_cases import Generations


@dataclass(frozen=True, slots=True)
class Resent:
    """The ids of the new generations, and how many could not be sent again (gone, or not ended)."""

    ids: tuple[str, ...]
    refused: int


def send_again(mine: Generations, nonces: Mapping[str, str], *, confirmed: bool) -> Resent:
    """Send each once more, as a new generation; the same nonces again send nothing more.

    What surely cost nothing leaves the desk then: there is nothing to rescue in it, and its prompt goes on.

    Raises:
        ConfirmationError: some may be charged twice and nobody confirmed; nothing was sent.
        DailiesError: one could not be kept; those before it were sent.
    """
    if not confirmed and risky(mine, nonces):
        raise ConfirmationError("some may be charged a second time")
    made: list[str] = []
    refused = 0
    for id, nonce in nonces.items():
        try:
            free = maybe_charged(mine.get(id)) is False
            made.append(mine.send_again(id, nonce=nonce, confirmed=confirmed).id)
        except (NotFoundError, StateError):
            refused += 1
            continue
        if free:
            dismiss(mine, [id])
    return Resent(tuple(made), refused)


def risky(mine: Generations, generation_ids: Iterable[str]) -> int:
    """Return how many of these have ended and may have been charged."""
    found = 0
    for id in generation_ids:
        try:
            generation = mine.get(id)
        except NotFoundError:
            continue
        found += generation.state in ENDED and maybe_charged(generation) is True
    return found
