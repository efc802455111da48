"""Change the key that tokens are stored under, with nothing lost wherever it is interrupted (docs/adr).

The new key is put before the old one, all tokens are encrypted anew in one transaction, and only when the store holds
nothing that needs the old key is that forgotten. Killed in between, both keys stay and everything is readable; the next
rotation finishes the work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from db import endpoints
from db.database import Database
from services.secrets import Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """How many tokens are under the new key, and how many no key of ours reads: those want their token again.

    `file_gone`: the key file is not needed any more, since the environment gives the key, and was deleted.
    """

    renewed: int
    unreadable: int
    file_gone: bool = False


def rotate(database: Database, secrets: Secrets) -> Rotated:
    """Encrypt every stored token with a new key. A running server may go on meanwhile."""
    with secrets.steady():
        secrets.add_key()
        rotated = _encrypt_anew(database, secrets)
        file_gone = secrets.drop_old_keys()
    return replace(rotated, file_gone=file_gone)


def _encrypt_anew(database: Database, secrets: Secrets) -> Rotated:
    renewed = unreadable = 0
    with database.transaction() as session:
        for endpoint_id, stored in endpoints.tokens(session):
            fresh = secrets.again(stored)
            if fresh is None:
                unreadable += 1
            elif endpoints.change_token(session, endpoint_id, stored, fresh):
                renewed += 1
    return Rotated(renewed=renewed, unreadable=unreadable)
