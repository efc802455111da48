"""The one request of a rewrite: sent, read as any answer is, cleaned of tokens."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db.records import Ending
from services.endpoint import urls
from services.endpoint.answer import AnswerReader
from services.endpoint.redact import Redactor
from services.endpoint.views import Access
from services.errors import DailiesError, EndpointError, NotSentError
from services.jobs.endings import with_answer, without_answer

if TYPE_CHECKING:
    from services.generations.enhancer import Running


def asked(running: Running, access_to: Callable[[], Access], key: str, body: dict[str, Any]) -> Ending:
    """Send it once and read the answer into `running`; return how it ended. Raises nothing of ours."""
    began, exchange = time.monotonic(), running.exchange
    try:
        access = access_to()
        exchange.post(urls.completions_url(access.base_url), token=access.token, body=body, idempotency_key=key)
    except EndpointError as error:
        spent = time.monotonic() - began
        return without_answer(error, why=exchange.why, sent=exchange.sent, duration_seconds=spent)
    except DailiesError as error:
        refused = NotSentError(error.message, code=error.code)
        return without_answer(refused, why=None, sent=False, duration_seconds=0.0)
    return _read(running, access, began)


def _read(running: Running, access: Access, began: float) -> Ending:
    exchange, redactor, complete = running.exchange, Redactor([access.token]), True
    reader = AnswerReader(http_status=exchange.status, content_type=exchange.content_type, base_url=access.base_url)
    try:
        while not reader.done and not reader.failed:
            chunk = exchange.read()
            if not chunk:
                break
            deltas = reader.feed(redactor.feed(chunk))
            said_now = "".join(each.text for each in deltas if each.kind == "content")
            running.text = redactor.text(running.text + said_now)  # a token may come in two pieces
    except EndpointError:  # cut, or stopped by us: the exchange knows why
        complete = False
    reader.feed(redactor.finish())
    answer = reader.finish(complete=complete and exchange.why is None)
    spent = time.monotonic() - began
    ending = with_answer(answer, why=exchange.why, http_status=exchange.status, duration_seconds=spent)
    return replace(ending, content=redactor.text(ending.content))
