"""The request as it leaves: where the kept one names a picture, the picture itself stands."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from db import pictures
from db.database import Database
from db.records import Generation
from services.endpoint import picture_parts
from services.errors import NotSentError, PictureError


def check_picture(database: Database, home: Path, owner: str, sha256: str) -> None:
    """Refuse to queue what could not be sent: a picture that is not there. No picture is right too.

    Raises:
        PictureError: code picture_missing.
    """
    if not sha256:
        return
    from services.media.store import Store

    with database.reading() as session:
        known = pictures.get(session, owner, sha256) is not None
    if not known or not Store(home / "media").picture_path(sha256).is_file():
        raise PictureError("the picture is gone", code="picture_missing")


def body_of(generation: Generation, database: Database, home: Path) -> dict[str, Any]:
    """Return the body to be sent.

    Raises:
        NotSentError: a picture in it is gone, or not what it was (code picture_missing); nothing was sent.
    """
    body = generation.request or {}
    wanted = picture_parts.named_in(body)
    if not wanted:
        return body
    from services.media.store import Store

    store = Store(home / "media")
    with database.reading() as session:
        kept = {sha256 for sha256 in wanted if pictures.get(session, generation.owner, sha256)}
    return picture_parts.filled(
        body, {sha256: _data_url(store.picture_path(sha256), sha256, known=sha256 in kept) for sha256 in wanted}
    )


def _data_url(path: Path, sha256: str, *, known: bool) -> str:
    try:
        data = path.read_bytes() if known else b""
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotSentError("the picture is gone", code="picture_missing")
    return picture_parts.BEGINS + base64.b64encode(data).decode()
