"""What the buttons of the start page do. Each ends with another try to start."""

from __future__ import annotations

from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.notice import clear_notice, notice, notice_error
from pages.shared.runtime import start_trouble, try_again
from pages.shared.whole import whole
from services import start_over
from services.errors import DailiesError


@whole
def again() -> None:
    """Look whether the database can be used by now."""
    clear_notice()
    try_again()


def _mended() -> bool:
    """Look whether somebody has mended it meanwhile: then nothing is moved aside."""
    try_again()
    if start_trouble() is not None:
        return False
    notice(_("The database can be used again, so nothing was changed."))
    return True


@whole
def restore() -> None:
    """Put the newest backup in the place of what cannot be used, and start with it."""
    clear_notice()
    if _mended():
        return
    trouble = start_trouble()
    backup = start_over.newest_backup(trouble.settings, trouble.code) if trouble else None
    if trouble is None or backup is None:
        return
    try:
        former = start_over.use_backup(trouble.settings, backup)
    except DailiesError as error:
        notice_error(error)
        return
    try_again()
    kept = _("The former database is kept as {name}.").format(name=former.name) if former else ""
    notice(together(_("The backup is in use."), kept))


@whole
def empty() -> None:
    """Put the broken file aside and begin a new, empty database."""
    clear_notice()
    if _mended():
        return
    trouble = start_trouble()
    if trouble is None:
        return
    try:
        former = start_over.begin_empty(trouble.settings)
    except DailiesError as error:
        notice_error(error)
        return
    try_again()
    notice(_("A new, empty database was begun. The former database is kept as {name}.").format(name=former.name))
