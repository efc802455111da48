"""The request as it leaves: where the kept one names a picture, the picture itself stands."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from db import pictures
from db.database import Database
from db.records import Generation
from services.endpoint import picture_parts
from services.errors import MediaError, NotSentError, PictureError

if TYPE_CHECKING:
    from services.media.store import Store
    from services.settings import Settings


def check_picture(database: Database, settings: Settings, owner: str, sha256: str) -> None:
    """Refuse to queue what could not be sent: a picture that is not there. No picture is right too.

    Raises:
        PictureError: code picture_missing.
    """
    if not sha256:
        return
    from services.media.store import store_of

    with database.reading() as session:
        known = pictures.get(session, owner, sha256) is not None
    if not known or not _is_there(store_of(settings), sha256):
        raise PictureError("the picture is gone", code="picture_missing")


def body_of(generation: Generation, database: Database, store: Store) -> dict[str, Any]:
    """Return the body to be sent.

    Raises:
        NotSentError: a picture in it is gone, or not what it was (code picture_missing); nothing was sent.
    """
    body = generation.request or {}
    wanted = picture_parts.named_in(body)
    if not wanted:
        return body
    with database.reading() as session:
        kept = {sha256 for sha256 in wanted if pictures.get(session, generation.owner, sha256)}
    return picture_parts.filled(body, {sha256: _data_url(store, sha256, known=sha256 in kept) for sha256 in wanted})


def _is_there(store: Store, sha256: str) -> bool:
    with suppress(MediaError):
        return store.bring(store.picture_path(sha256)).is_file()
    return False


def _data_url(store: Store, sha256: str, *, known: bool) -> str:
    try:
        data = store.bring(store.picture_path(sha256)).read_bytes() if known else b""
    except (OSError, MediaError):
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotSentError("the picture is gone", code="picture_missing")
    return picture_parts.BEGINS + base64.b64encode(data).decode()
