"""No secret in any log, whoever writes it and wherever it goes.

A filter on the root logger would see only what is logged to the root itself, and one on its handlers only what gets
there. So each record is cleaned where all of them are made, Streamlit's, uvicorn's and the engine's included.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from services.endpoint.redact import Redactor
from services.settings import Settings

_lock = threading.Lock()
_known: set[str] = set()
_redactor = Redactor()
_PLAIN = logging.Formatter()


def know(secret: str | None) -> None:
    """Keep a secret out of the logs from now on."""
    global _redactor  # logging itself is process-wide
    if not secret or secret in _known:
        return
    with _lock:
        _known.add(secret)
        _redactor = Redactor(_known)


def install(settings: Settings) -> None:
    """Guard this process's logs; stored tokens are known from their first use on."""
    password = urlsplit(settings.database_url or "").password
    for secret in (settings.token, settings.secret_key, settings.old_secret_key, settings.metrics_token, password):
        know(secret)
    if settings.log == "json":
        from services.seen.log_lines import install as write_json

        write_json()
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, _Guarded):
        logging.setLogRecordFactory(_Guarded(factory))


class _Guarded:
    """Makes records as the factory before it did, and takes the secrets out."""

    def __init__(self, factory: Callable[..., logging.LogRecord]) -> None:
        self._factory = factory

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._factory(*args, **kwargs)
        redactor = _redactor
        _clean_message(record, redactor)
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redactor.text(record.exc_text or _PLAIN.formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = redactor.text(record.stack_info)
        return record


def _clean_message(record: logging.LogRecord, redactor: Redactor) -> None:
    """Clean the arguments first: a formatter may use them by themselves (uvicorn's does)."""
    try:
        if redactor.text(said := record.getMessage()) == said:
            return
        if isinstance(record.args, tuple):
            record.args = tuple(redactor.text(arg) if isinstance(arg, str) else arg for arg in record.args)
        if redactor.text(said := record.getMessage()) != said:
            record.msg, record.args = redactor.text(said), ()
    except Exception as error:  # noqa: BLE001  # whatever a logged object raises when it is written out
        record.msg, record.args = f"a message that cannot be written ({type(error).__name__})", ()
