"""Who came of whom: up by the parent each generation names, down by the index of parents; never more than asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import GenerationRow


@dataclass(frozen=True, slots=True)
class Relative:
    """One generation of a family. `fields` are what it was composed of; None: words alone."""

    seq: int
    id: str
    parent_id: str | None
    prompt: str
    model: str
    fields: dict[str, Any] | None


_COLUMNS = (
    *(GenerationRow.seq, GenerationRow.id, GenerationRow.parent_id),
    *(GenerationRow.prompt, GenerationRow.model, GenerationRow.fields),
)


def family(session: Session, owner: str, id: str, *, most: int) -> list[Relative]:
    """Return up to `most` of the family of a generation, itself and those it came from first; empty if it is not there.

    Then the youngest of the family by waves: its own children before those of its brothers' children.
    """
    found = _upwards(session, owner, id, most)
    for wave in ([id], list(found)) if found else ():
        while wave and len(found) < most:
            fresh = {one.id: one for one in _children(session, owner, wave, most) if one.id not in found}
            found |= fresh
            wave = list(fresh)
    return list(found.values())[:most]


def _upwards(session: Session, owner: str, id: str | None, most: int) -> dict[str, Relative]:
    found: dict[str, Relative] = {}
    while id and id not in found and len(found) < most:
        row = session.execute(select(*_COLUMNS).where(GenerationRow.id == id, GenerationRow.owner == owner)).first()
        if row is None:
            break
        found[id] = Relative(**row._mapping)
        id = row.parent_id
    return found


def _children(session: Session, owner: str, ids: Collection[str], most: int) -> list[Relative]:
    statement = select(*_COLUMNS).where(GenerationRow.parent_id.in_(ids), GenerationRow.owner == owner)
    return [Relative(**row._mapping) for row in session.execute(statement.order_by(GenerationRow.seq).limit(most + 1))]
