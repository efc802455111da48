"""`GET /api/audit.csv`: the whole audit, for administrators, written while it is sent. Taking it away is a line too."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from pages.shared.people import visitor
from pages.shared.runtime import get_runtime
from services.csv_cells import csv_pieces

if TYPE_CHECKING:
    from services.people.people import People, Person

_AT_ONCE = 1_000
_HEADS = ("time", "who", "email", "action", "id")


async def audit_csv(request: Request) -> Response:
    """Send it, newest first; 403 to everybody else."""
    person = visitor(request)
    if person is None or not person.administers:
        return PlainTextResponse("not yours", 403, headers={"cache-control": "no-store"})
    people = get_runtime().people
    await asyncio.to_thread(people.audit_taken, person)
    headers = {"cache-control": "no-store", "content-disposition": 'attachment; filename="dailies-audit.csv"'}
    return StreamingResponse(csv_pieces(_rows(people, person)), media_type="text/csv; charset=utf-8", headers=headers)


def _rows(people: People, person: Person) -> Iterator[Sequence[object]]:
    yield _HEADS
    before: int | None = None
    while lines := people.audit(person, before_seq=before, limit=_AT_ONCE):
        for line in lines:
            yield line.at.isoformat(timespec="seconds"), line.who, line.email, line.action, line.what
        before = lines[-1].seq
