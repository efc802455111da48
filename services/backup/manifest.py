"""What a backup says of itself: `manifest.json`, written last. A folder without a readable one is no backup."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from services.errors import BackupError

NAME = "manifest.json"
FORMAT = 1
_SHA = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEDIA_NAME = re.compile(r"[A-Za-z0-9_-]{2}/[A-Za-z0-9_-]{2,64}\.[a-z0-9]{2,5}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One kept file: whose it is (the video's id), where it lies below `media/`, what its bytes are."""

    id: str
    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The whole of a backup in figures. `missing` names the files that were not there to be copied."""

    kind: str
    made_at: dt.datetime
    app_version: str
    schema_revision: str
    database_sha256: str
    database_bytes: int
    counts: dict[str, int]
    media: tuple[Media, ...]
    missing: tuple[str, ...] = ()

    @property
    def media_bytes(self) -> int:
        """How many bytes of videos and posters belong to it."""
        return sum(size for size in {one.sha256: one.size_bytes for one in self.media}.values())


def write(manifest: Manifest, folder: Path) -> None:
    """Write it into a backup's folder."""
    said = asdict(manifest) | {"format": FORMAT, "made_at": manifest.made_at.isoformat()}
    (folder / NAME).write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")


def read(folder: Path) -> Manifest:
    """Return a backup's manifest. It may come from anywhere, so every name in it is checked.

    Raises:
        BackupError: there is none, or it makes no sense (backup_damaged), or it is of a newer kind (backup_newer).
    """
    try:
        said = json.loads((folder / NAME).read_text("utf-8"))
        if said["format"] > FORMAT:
            raise BackupError("a newer Dailies made this backup", code="backup_newer")
        return _manifest(said)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder.name} has no manifest that can be read", code="backup_damaged") from error


def _manifest(said: dict[str, Any]) -> Manifest:
    made_at = dt.datetime.fromisoformat(said["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("a time without a zone")
    return Manifest(
        kind=str(said["kind"]),
        made_at=made_at,
        app_version=str(said["app_version"]),
        schema_revision=str(said["schema_revision"]),
        database_sha256=_matching(_SHA, said["database_sha256"]),
        database_bytes=int(said["database_bytes"]),
        counts={str(table): int(count) for table, count in said["counts"].items()},
        media=tuple(_media(one) for one in said["media"]),
        missing=tuple(str(name) for name in said["missing"]),
    )


def _media(said: dict[str, Any]) -> Media:
    return Media(
        id=str(said["id"]),
        name=_matching(_MEDIA_NAME, said["name"]),
        sha256=_matching(_SHA, said["sha256"]),
        size_bytes=int(said["size_bytes"]),
    )


def _matching(form: re.Pattern[str], text: Any) -> str:
    if not isinstance(text, str) or form.fullmatch(text) is None:
        raise ValueError("not a name of ours")
    return text
