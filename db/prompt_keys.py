"""Keys by which like prompts meet: one of the whole text, and a few of what stands beside what in it.

The few are those that hash smallest of all a prompt holds, so two prompts that share most of their words share some of
them, whichever words differ: a look at each key finds the like among a million without reading any word's list.
Owner and model are in the hash. Rows that were there before there were keys get theirs by and by, the newest first.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Integer, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base, BigKey, core_table
from db.search_text import runs
from db.tables import GenerationRow

PARTS: Final = 8
"""Of 20,000 prompts edited to "nearly the same", 20 lost all of 6 and none all of 8; of 6,000 others, one did."""
_CHARS: Final = 20_000
_PAIRS_FROM: Final = 4  # characters of Chinese: shorter runs are words
_G = core_table(GenerationRow).c


class PromptKeyRow(Base):
    """One key of one prompt. No foreign key: its index would cost as much as the table; `forget` knows the keys."""

    __tablename__ = "prompt_keys"

    key: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    generation_seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class PromptKeysLeftRow(Base):
    """How far down the rows without keys go; nothing when all have theirs."""

    __tablename__ = "prompt_keys_left"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)


_KEEP = text("INSERT INTO prompt_keys (key, generation_seq) VALUES (:key, :seq) ON CONFLICT DO NOTHING")
_FORGET = text("DELETE FROM prompt_keys WHERE key = :key AND generation_seq = :seq")
_NEWEST = text("SELECT generation_seq FROM prompt_keys WHERE key = :key ORDER BY generation_seq DESC LIMIT :most")


@dataclass(frozen=True, slots=True)
class Said:
    """A prompt, whose it is and which model it went to; none of it ever changes."""

    owner: str
    model: str
    prompt: str


def whole(said: Said) -> int:
    """Return the key of all of a prompt, as it is compared: case, signs and spaces do not count.

    >>> first, again, other = Said("a", "m", "A  Boat!"), Said("a", "m", "a boat"), Said("a", "n", "a boat")
    >>> whole(first) == whole(again) != whole(other)
    True
    """
    text = " ".join(run for run, _ in runs(said.prompt[:_CHARS]))
    return _key(text, zlib.crc32(f"whole {said.owner}\0{said.model}".encode()))


def parts(said: Said) -> list[int]:
    """Return the smallest keys of neighbouring words, and of three characters of Chinese in a row.

    >>> len(parts(Said("a", "m", "a red boat at dusk")))
    4
    >>> len(set(parts(Said("a", "m", "a red boat"))) & set(parts(Said("a", "m", "red boat"))))
    1
    """
    salt = zlib.crc32(f"{said.owner}\0{said.model}".encode())
    return sorted({_key(part, salt) for part in _neighbours(said.prompt[:_CHARS])})[:PARTS]


def note(session: Session, prompts: Mapping[int, Said]) -> None:
    """Keep the keys of new generations, by their seqs."""
    if keys := _of_all(prompts):
        session.execute(_KEEP, keys)


def forget(session: Session, prompts: Mapping[int, Said]) -> None:
    """Let go of the keys of generations that are deleted."""
    if keys := _of_all(prompts):
        session.execute(_FORGET, keys)


def newest(session: Session, key: int, most: int) -> list[int]:
    """Return the newest generations that have a key."""
    return list(session.scalars(_NEWEST, {"key": key, "most": most}))


def fill(session: Session, most: int) -> bool:
    """Give the next older rows their keys; False when there are none left."""
    left = session.scalar(select(PromptKeysLeftRow.seq).with_for_update())
    if left is None:
        return False
    columns = (_G.seq, _G.owner, _G.model, _G.prompt)
    rows = session.execute(select(*columns).where(_G.seq <= left).order_by(_G.seq.desc()).limit(most))
    prompts = {row.seq: Said(row.owner, row.model, row.prompt) for row in rows}
    note(session, prompts)
    session.execute(delete(PromptKeysLeftRow))
    if len(prompts) == most:
        session.add(PromptKeysLeftRow(seq=min(prompts) - 1))
    return len(prompts) == most


def is_filled(session: Session) -> bool:
    """Tell whether every row has its keys."""
    return session.scalar(select(PromptKeysLeftRow.seq)) is None


def _of_all(prompts: Mapping[int, Said]) -> list[dict[str, int]]:
    return [{"key": key, "seq": seq} for seq, said in prompts.items() for key in {whole(said), *parts(said)}]


def _neighbours(prompt: str) -> list[str]:
    found: list[str] = []
    before = last = ""
    for run, cjk in runs(prompt):
        if cjk and len(run) >= _PAIRS_FROM:
            found.extend(run[at : at + 3] for at in range(len(run) - 2))
            before = ""
        else:
            if before:
                found.append(f"{before} {run}")
            before = last = run
    return found or ([last] if last else [])


def _key(part: str, salt: int) -> int:
    """Return 32 bits with a sign: the smallest whole number that both databases keep."""
    return zlib.crc32(part.encode(), salt) - 2**31
