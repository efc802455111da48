"""Queries about templates of one's own, and about cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.composer_tables import CardRow, TemplateRow
from db.conditional import changes, count_changed


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """One version of a template, as text."""

    template_id: str
    version: int
    body: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card, as text."""

    kind: str
    name: str
    body: str


def templates(session: Session, owner: str) -> list[KeptTemplate]:
    """Return the newest version of each of an owner's templates, the one changed last first."""
    newest = select(func.max(TemplateRow.seq)).where(TemplateRow.owner == owner).group_by(TemplateRow.template_id)
    statement = select(TemplateRow).where(TemplateRow.seq.in_(newest), TemplateRow.deleted_at.is_(None))
    return [_template(row) for row in session.scalars(statement.order_by(TemplateRow.seq.desc()))]


def versions(session: Session, owner: str, template_id: str) -> list[KeptTemplate]:
    """Return every version of a template, newest first; those of a forgotten one too."""
    statement = select(TemplateRow).where(TemplateRow.owner == owner, TemplateRow.template_id == template_id)
    return [_template(row) for row in session.scalars(statement.order_by(TemplateRow.version.desc()))]


def add_version(session: Session, owner: str, kept: KeptTemplate) -> bool:
    """Keep one more version; False if that version is there already. A forgotten template is there again."""
    statement = (
        upsert.insert(session, TemplateRow)
        .values(
            owner=owner,
            template_id=kept.template_id,
            version=kept.version,
            body=kept.body,
            created_at=kept.created_at,
        )
        .on_conflict_do_nothing(index_elements=["owner", "template_id", "version"])
        .returning(TemplateRow.seq)
    )
    added = session.scalar(statement) is not None
    if added:
        forget_template(session, owner, kept.template_id, None)
    return added


def forget_template(session: Session, owner: str, template_id: str, at: dt.datetime | None) -> int:
    """Put a template away with all its versions, or (`at` None) bring it back; return how many versions moved."""
    before = TemplateRow.deleted_at.is_(None) if at else TemplateRow.deleted_at.is_not(None)
    return count_changed(
        session,
        update(TemplateRow)
        .where(TemplateRow.owner == owner, TemplateRow.template_id == template_id, before)
        .values(deleted_at=at),
    )


def cards(session: Session, owner: str) -> list[KeptCard]:
    """Return an owner's cards by name, cast first."""
    statement = select(CardRow).where(CardRow.owner == owner, CardRow.deleted_at.is_(None))
    found = session.scalars(statement.order_by(CardRow.kind, CardRow.folded))
    return [KeptCard(row.kind, row.name, row.body) for row in found]


def keep_card(session: Session, owner: str, card: KeptCard, at: dt.datetime) -> None:
    """Keep a card in place of the one of that kind and name."""
    new = {"name": card.name, "body": card.body, "updated_at": at, "deleted_at": None}
    statement = upsert.insert(session, CardRow).values(owner=owner, kind=card.kind, folded=_folded(card.name), **new)
    session.execute(statement.on_conflict_do_update(index_elements=["owner", "kind", "folded"], set_=new))


def forget_card(session: Session, owner: str, kind: str, name: str, at: dt.datetime | None) -> bool:
    """Put a card away, or (`at` None) bring it back; False if it was so already."""
    before = CardRow.deleted_at.is_(None) if at else CardRow.deleted_at.is_not(None)
    mine = CardRow.owner == owner, CardRow.kind == kind, CardRow.folded == _folded(name)
    return changes(session, update(CardRow).where(*mine, before).values(deleted_at=at))


def _template(row: TemplateRow) -> KeptTemplate:
    return KeptTemplate(row.template_id, row.version, row.body, row.created_at)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()[:400]
