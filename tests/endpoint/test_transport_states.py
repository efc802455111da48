"""Every upstream fault from the socket to the settled state, as the plan says: the wire and the reader together."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import pytest

from services.endpoint.answer import Answer, AnswerReader
from services.endpoint.client import build_body
from services.endpoint.redact import Redactor
from services.endpoint.transport import Exchange
from services.endpoint.urls import completions_url
from services.errors import BrokenOffError, CancelledError, EndpointError, NotSentError, UnclearError
from tests.fault_server import FAULTS, Fault, FaultServer
from tests.fault_server.limits import limited
from tests.waiting import SOON_SECONDS, wait_until

TOKEN = "canary-token-0123456789"
UPSTREAM = [fault for fault in FAULTS if fault.id.startswith("up-")]
LARGEST_ERROR_BYTES = 65536
ODD_TEXT = {"up-invalid-utf8", "up-lone-surrogate", "up-nul-character"}
"""Their odd event carries text of its own."""
WHOLE = {"up-http-200-json-not-stream"}
"""No stream, so no deltas: the text is there at the end."""


@dataclass
class Driven:
    """What came of one exchange."""

    state: str = "sending"
    answer: Answer | None = None
    error: EndpointError | None = None
    content: str = ""
    seconds: float = 0.0


def drive(exchange: Exchange, base_url: str, limits: dict[str, float]) -> Driven:
    """Send, read to the end or `[DONE]`, and settle, as a job does."""
    driven = Driven()
    body = build_body(prompt="a boat", model="sora-2", max_tokens=1000, stream=True, extra={})
    with limited(exchange, **limits):
        try:
            exchange.post(completions_url(base_url), token=TOKEN, body=body, idempotency_key="k")
            read(exchange, base_url, driven)
        except CancelledError as error:
            driven.state, driven.error = "cancelled", error
        except NotSentError as error:
            driven.state, driven.error = "not_sent", error
        except UnclearError as error:
            driven.state, driven.error = "unknown", error
        finally:
            driven.seconds = time.monotonic() - exchange.started_at
            exchange.close()
    return driven


def read(exchange: Exchange, base_url: str, driven: Driven) -> None:
    reader = AnswerReader(http_status=exchange.status, content_type=exchange.content_type, base_url=base_url)
    complete, size = True, 0
    try:
        while not reader.done and (piece := exchange.read()):
            size += len(piece)
            driven.content += "".join(delta.text for delta in reader.feed(piece) if delta.kind == "content")
            if exchange.status != 200 and size > LARGEST_ERROR_BYTES:
                break
    except BrokenOffError as error:
        complete, driven.error = False, error
    driven.answer = reader.finish(complete=complete)
    driven.state = driven.answer.state


@pytest.mark.parametrize("fault", UPSTREAM, ids=lambda fault: fault.id)
def test_each_fault_settles_as_planned(fault: Fault) -> None:
    with FaultServer(fault.id) as server:
        driven = drive(Exchange(connect_seconds=5.0), server.base_url, fault.limits)
        assert driven.state == fault.state
        assert server.posts == fault.max_posts == 1
        assert server.connections == 1
        sent = server.sent_text
    if fault.state == "done" and fault.id not in ODD_TEXT:
        assert driven.answer is not None
        assert driven.answer.content == sent
        assert driven.content == ("" if fault.id in WHOLE else sent)
    if fault.state in ("incomplete", "failed"):
        assert driven.answer is not None
        assert sent.startswith(driven.answer.content)
    if fault.state == "incomplete":
        assert driven.content, "what came before the cut is kept"
    if fault.limits and fault.state != "done":
        assert driven.seconds < max(fault.limits.values()) + SOON_SECONDS


def test_a_token_that_the_endpoint_echoes_is_taken_out() -> None:
    with FaultServer("up-http-401-echoes-token") as server:
        driven = drive(Exchange(), server.base_url, {})
    assert driven.answer is not None
    shown = Redactor([TOKEN]).text(driven.answer.error_message or "")
    assert "[redacted]" in shown
    assert TOKEN not in shown


@pytest.mark.parametrize("scenario", ["up-no-headers-at-all", "up-stall-mid-stream"])
def test_a_user_who_cancels_stops_it_at_once_and_keeps_what_came(scenario: str) -> None:
    exchange = Exchange()
    ended: list[Driven] = []
    with FaultServer(scenario) as server:
        thread = threading.Thread(target=lambda: ended.append(drive(exchange, server.base_url, {})))
        thread.start()
        wait_until(lambda: exchange.status == 200 or (server.posts == 1 and scenario == "up-no-headers-at-all"))
        asked = time.monotonic()
        exchange.stop("user")
        thread.join(60)
        assert time.monotonic() - asked < SOON_SECONDS
        assert server.posts == 1
    (driven,) = ended
    assert driven.state == "cancelled"
    assert isinstance(driven.error, CancelledError)
    assert driven.error.maybe_charged
