"""The store as a person of a team has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.errors import RightsError

if TYPE_CHECKING:
    from db.database import Database
    from services.people.person import Person


def seen_by(person: Person, database: Database) -> Database:
    """Return the store as a person of a team has it: the audit is told who, and a viewer changes nothing."""
    return database.signed(person.id, None if person.may_change else _only_looks)


def _only_looks() -> RightsError:
    return RightsError("a viewer changes nothing", code="only_looks")
