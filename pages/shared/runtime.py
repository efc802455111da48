"""The one runtime of this process, kept where Streamlit's reloading of our modules does not lose it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from services.errors import StoreError
from services.runtime import Runtime, start
from services.settings import Settings

if TYPE_CHECKING:
    from services.runtime import ForPerson


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Why there is no runtime: the database cannot be used. It stays so until somebody tries again."""

    settings: Settings
    kind: type[StoreError]
    code: str
    message: str
    detail: str

    def error(self) -> StoreError:
        """Return the error anew, for whoever asked for the runtime."""
        return self.kind(self.message, code=self.code, detail=self.detail)

    def close(self) -> None:
        """Nothing was opened."""


def _close(started: Runtime | NotStarted) -> None:
    started.close()


# Keyed by id(Runtime): when Streamlit evicts our modules after a source change the class is a new one, and
# `max_entries=1` then releases the runtime built from the old code.
@st.cache_resource(max_entries=1, on_release=_close, show_spinner=False)
def _started(identity: int) -> Runtime | NotStarted:
    settings = Settings.from_environment()
    try:
        return start(settings)
    except StoreError as error:
        logger.error("%s: %s", error.code, error.detail)  # noqa: TRY400  # the sentence is the terminal's next line
        return NotStarted(settings, type(error), error.code, error.message, error.detail)


def get_runtime() -> Runtime:
    """Return the running runtime, starting it on first use.

    Raises:
        StoreError: the database cannot be used. Nobody tries again by themselves: `try_again` does.
    """
    started = _started(id(Runtime))
    if isinstance(started, NotStarted):
        raise started.error()
    return started


def start_trouble() -> NotStarted | None:
    """Return why there is no runtime; None when there is one."""
    started = _started(id(Runtime))
    return started if isinstance(started, NotStarted) else None


def try_again() -> None:
    """Start once more, unless it runs by now."""
    if start_trouble() is not None:
        _started.clear()
        start_trouble()


def close_runtime() -> None:
    """Close the runtime; the next `get_runtime` would start another."""
    _started.clear()


def mine() -> ForPerson:
    """Return what belongs to the person who is looking."""
    from pages.shared.people import signed_in

    return get_runtime().for_person(*signed_in())
