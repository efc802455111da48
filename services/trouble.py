"""What is wrong with the database, in one plain sentence and the next step.

The sentences stand here and not with the pages because the command line prints them too; the pages translate them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from db.trouble import StoreTrouble, Trouble, trouble_of
from services.errors import DiskFullError, StoreError


def N_(message: str) -> str:  # noqa: N802  # the name every catalogue tool knows
    """Return the sentence as it is; the mark alone puts it into the catalogue."""
    return message


_CODES: Final = {
    Trouble.LOCKED: "store_locked",
    Trouble.FULL: "disk_full",
    Trouble.DISK: "store_disk",
    Trouble.READ_ONLY: "store_read_only",
    Trouble.DAMAGED: "store_damaged",
    Trouble.UNOPENED: "store_unopened",
    Trouble.AWAY: "store_unavailable",
}

# code: (what happened, what to do next)
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "store_unavailable": (
        N_("The database does not answer, so nothing can be saved right now."),
        N_("Look at the server's log, then try again."),
    ),
    "store_locked": (
        N_("Another program is holding the database, so nothing can be saved right now."),
        N_("Close that program, or wait a little and try again."),
    ),
    "disk_full": (
        N_("The disk is nearly full, so nothing new is sent."),
        N_("Free some space, then send it again."),
    ),
    "store_disk": (
        N_("The disk reports an error when something is saved."),
        N_("Check the disk and its limits, then try again."),
    ),
    "store_read_only": (
        N_("The database can be read but not changed, so nothing new is sent."),
        N_("Make the data folder and the files in it writable for Dailies."),
    ),
    "store_damaged": (
        N_("The database file is damaged."),
        N_("Use the newest backup: stop Dailies and run “python3 run.py restore”; the damaged file is kept beside it."),
    ),
    "store_unopened": (
        N_("The database file cannot be opened."),
        N_("Check that the data folder is there and that Dailies may read and write it."),
    ),
    "store_lost": (
        N_("There was a database here, and now it is gone or empty. Nothing new was begun in its place."),
        N_("Put the file back where it was, or use the newest backup."),
    ),
    "home_unusable": (
        N_("The data folder cannot be used."),
        N_("Check that its disk is there and that Dailies may write in it; DAILIES_HOME names the folder."),
    ),
    "schema_newer": (
        N_("A newer version of Dailies wrote this database. Nothing in it was touched."),
        N_("Start that newer version."),
    ),
}
UNSENT: Final = N_("Nothing was sent and nothing is charged.")


def code_of(trouble: Trouble) -> str:
    """Return the error code of a trouble."""
    return _CODES[trouble]


def sentence(code: str, *, unsent: bool = False) -> str:
    """Return what happened and what to do next, in English.

    >>> sentence("schema_newer")
    'A newer version of Dailies wrote this database. Nothing in it was touched. Start that newer version.'
    """
    happened, step = SENTENCES[code]
    return " ".join([happened, *([UNSENT] if unsent else []), step])


def store_error(code: str, *, unsent: bool = False, detail: str = "") -> StoreError:
    """Return the error that says it."""
    kind = DiskFullError if code == DiskFullError.code else StoreError
    return kind(sentence(code, unsent=unsent), code=code, unsent=unsent, detail=detail)


@contextmanager
def told(*, unsent: bool = False) -> Iterator[None]:
    """Turn what the store raises into a `StoreError` that a person can read; statements of ours that are wrong pass.

    Raises:
        StoreError: the store is in trouble.
    """
    try:
        yield
    except StoreTrouble as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise store_error(code_of(trouble), unsent=unsent) from error
