"""What a look through everything that is kept may find."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be.

    `kind`: backup_unreadable, backup_changed, backup_broken, copy_missing, copy_changed (files of backups),
    database_unusable, database_damaged, video_missing, video_changed, picture_missing, picture_changed (the data
    folder, or the object store), media_away (the object store). `name` says which.
    """

    kind: str
    name: str
