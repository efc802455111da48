"""Everything a service raises on purpose.

DailiesError
├── PromptError, TemplateError, PictureError, PasteError, MarkError, NightError: typed in a way that cannot be taken
├── PriceError, BudgetSettingsError, EndpointSettingsError, ImportRefusedError: the same, in Settings and beside it
├── NotFoundError, NotAllowedError, StateError, ConfirmationError, BudgetError, SecretError: not now, or not by you
├── StoreError               the database cannot keep what must be kept
│   └── DiskFullError, SchemaError, RightsError
├── BackupError              a backup could not be made, or put back
│   └── HomeInUseError
├── TransferError            an installation could not be moved; it is where it was
├── MediaError               a video could not be saved; `retry` tells whether trying again may help
│   ├── AddressRefusedError, LinkGoneError, NotAVideoError, TooLargeError, NoRoomError, SavingStoppedError: it cannot
│   └── CutShortError, FetchTimeoutError: it may
└── EndpointError            the endpoint gave us no answer; `maybe_charged` says what that may have cost
    └── NotSentError, RejectedError: nothing; UnclearError, BrokenOffError, FailedError, CancelledError: perhaps
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.budgets.rules import Standing


class DailiesError(Exception):
    """Root of the tree. `code` is stable: pages translate it, scripts may test for it."""

    code = "error"

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class PromptError(DailiesError):
    """The prompt cannot be sent as it stands (codes: prompt_blank, prompt_too_long)."""

    code = "prompt_invalid"


class NotFoundError(DailiesError):
    """No such thing, or not yours: the two are never told apart."""

    code = "not_found"


class TemplateError(DailiesError):
    """A template cannot be kept as it stands (codes: template_no_name, template_long_name, template_empty)."""

    code = "template_empty"


class PictureError(DailiesError):
    """A reference picture cannot be used (picture_ unreadable, too_large, too_many_pixels, missing)."""

    code = "picture_unreadable"


class PasteError(DailiesError):
    """What was pasted to the rescue desk cannot be taken (codes: paste_blank, paste_too_long)."""

    code = "paste_blank"


class MarkError(DailiesError):
    """A mark cannot be kept so (rating_invalid, notes_too_long, mark_name_blank, mark_name_too_long, name_taken)."""

    code = "mark_invalid"


class NightError(DailiesError):
    """A night shift cannot be planned so (codes: night_hours, night_cap)."""

    code = "night_invalid"


class PriceError(DailiesError):
    """A price cannot be kept as given (price_ model, amount, missing, large, currency, date, endpoint, file)."""

    code = "price_invalid"


class BudgetError(DailiesError):
    """A budget is used up, or what is to be sent (`count` of them) would pass it. Nothing of it was sent."""

    code = "budget_reached"

    def __init__(self, message: str, *, standing: Standing, count: int = 1) -> None:
        super().__init__(message)
        self.standing = standing
        self.count = count


class BudgetSettingsError(DailiesError):
    """A budget cannot be kept as typed (budget_ amount, currency, reason, twice, many)."""

    code = "budget_invalid"


class NotAllowedError(DailiesError):
    """Only an administrator may do this."""

    code = "not_allowed"


class StateError(DailiesError):
    """That cannot be done to a generation in this state."""

    code = "wrong_state"


class ConfirmationError(DailiesError):
    """Sending this again may be charged twice; the caller must ask and confirm."""

    code = "confirm_again"


class EndpointSettingsError(DailiesError):
    """An endpoint cannot be kept as typed (codes: base_url_invalid, token_invalid, extra_invalid, name_blank)."""

    code = "endpoint_invalid"


class StoreError(DailiesError):
    """The database cannot keep what must be kept (codes: services/trouble.py).

    `unsent`: something was about to be sent, and was not. `detail`: which file, which version; for who looks after it.
    """

    code = "store_unavailable"

    def __init__(self, message: str = "", *, code: str | None = None, unsent: bool = False, detail: str = "") -> None:
        super().__init__(message, code=code)
        self.unsent = unsent
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} ({self.detail})" if self.detail else self.message


class DiskFullError(StoreError):
    """Too little free space to start something paid."""

    code = "disk_full"


class SchemaError(StoreError):
    """The database was written by a newer Dailies."""

    code = "schema_newer"


class RightsError(StoreError):
    """Not allowed to this person, so the store refuses it (codes: signed_out, only_looks, last_administrator)."""

    code = "signed_out"


class SecretError(DailiesError):
    """A stored token cannot be read with this key."""

    code = "secret_unreadable"


class ImportRefusedError(DailiesError):
    """Nothing was brought in (import_ unreadable, nothing, name, link, bomb, locked, too_many, no_room, table)."""

    code = "import_unreadable"


class BackupError(DailiesError):
    """A backup could not be made, or put back (backup_ busy, no_room, folder, missing, damaged …)."""

    code = "backup_failed"


class HomeInUseError(BackupError):
    """A Dailies runs on this data folder: stop it first."""

    code = "home_in_use"


class TransferError(DailiesError):
    """An installation could not be moved; it is where it was (codes: copy_source, copy_target)."""

    code = "copy_failed"


class MediaError(DailiesError):
    """A video could not be kept, or reached (media_away, media_changed); `retry`: trying again by itself may help."""

    code = "video_failed"
    retry = True


class AddressRefusedError(MediaError):
    """The link points where we do not dial."""

    code = "video_address_refused"
    retry = False


class LinkGoneError(MediaError):
    """The host says the file is not there (any more)."""

    code = "video_link_gone"
    retry = False


class NotAVideoError(MediaError):
    """What came is no video."""

    code = "video_not_a_video"
    retry = False


class TooLargeError(MediaError):
    """Over the size limit."""

    code = "video_too_large"
    retry = False


class CutShortError(MediaError):
    """Fewer bytes than declared, or the connection broke."""

    code = "video_cut_short"


class FetchTimeoutError(MediaError):
    """No byte for too long, or too long altogether."""

    code = "video_timeout"


class NoRoomError(MediaError):
    """The disk is full."""

    code = "video_no_room"
    retry = False


class SavingStoppedError(MediaError):
    """The owner of the video stopped its saving."""

    code = "video_cancelled"
    retry = False


class EndpointError(DailiesError):
    """The endpoint gave us no answer. `maybe_charged`: False surely not, True possibly."""

    code = "endpoint_error"
    maybe_charged = True

    def __init__(self, message: str = "", *, code: str | None = None, http_status: int | None = None) -> None:
        super().__init__(message, code=code)
        self.http_status = http_status


class NotSentError(EndpointError):
    """Never reached the endpoint: safe to send again."""

    code = "not_sent"
    maybe_charged = False


class RejectedError(EndpointError):
    """The endpoint said no before doing anything."""

    code = "rejected"
    maybe_charged = False


class UnclearError(EndpointError):
    """Sent, and no usable answer came."""

    code = "unclear"


class BrokenOffError(EndpointError):
    """The answer began and did not end."""

    code = "broken_off"


class FailedError(EndpointError):
    """The endpoint itself reported a failure."""

    code = "failed_upstream"


class CancelledError(EndpointError):
    """The user stopped it."""

    code = "cancelled"
