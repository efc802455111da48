"""Every upstream fault, as the transport alone sees it: never a raw library error, never a second POST."""

from __future__ import annotations

import time

import pytest

from services.endpoint.client import build_body
from services.endpoint.transport import Exchange
from services.endpoint.urls import completions_url
from services.errors import BrokenOffError, EndpointError, UnclearError
from tests.fault_server import FAULTS, SCENARIOS, Fault, FaultServer
from tests.fault_server.limits import limited
from tests.waiting import SOON_SECONDS

UPSTREAM = [fault for fault in FAULTS if fault.id.startswith("up-")]
NO_HEADERS = {
    "up-closed-before-headers",
    "up-rst-before-headers",
    "up-not-http",
    "up-headers-one-byte-per-100ms",
    "up-no-headers-at-all",
    "up-headers-64-KiB-line",
}
CUT = {
    "up-stall-mid-stream",
    "up-only-pings-until-deadline",
    "up-reset-mid-stream",
    "up-truncated-http-chunk",
    "up-no-last-chunk",
    "up-bad-chunk-size",
    "up-gzip-broken",
    "up-stays-open-after-done",  # the reader above stops at [DONE]; this test does not look
}
SMALLER = {
    "up-line-of-100-MB": {"mebibytes": 8},
    "up-gzip-bomb": {"mebibytes": 32},
    "up-200k-tiny-deltas": {"count": 20_000},
}


def test_the_plan_and_the_server_know_the_same_75_faults() -> None:
    assert len(UPSTREAM) == 75
    assert {fault.id for fault in UPSTREAM} == set(SCENARIOS)


@pytest.mark.parametrize("fault", UPSTREAM, ids=lambda fault: fault.id)
def test_the_transport_tells_no_answer_cut_and_whole_apart(fault: Fault) -> None:
    exchange = Exchange(connect_seconds=5.0)
    body = build_body(prompt="a boat", model="sora-2", max_tokens=10, stream=True, extra={})
    caught: EndpointError | None = None
    with FaultServer() as server:
        server.plays(fault.id, **SMALLER.get(fault.id, {}))
        with limited(exchange, **fault.limits):
            try:
                exchange.post(completions_url(server.base_url), token="t", body=body, idempotency_key="k")
                while exchange.read():
                    pass
            except EndpointError as error:
                caught = error
        spent = time.monotonic() - exchange.started_at
        exchange.close()
        assert server.posts == 1
        assert server.connections == 1
    expected = UnclearError if fault.id in NO_HEADERS else BrokenOffError if fault.id in CUT else type(None)
    assert type(caught) is expected
    assert exchange.sent
    assert exchange.why == next(iter(fault.limits), None) or fault.id == "up-200k-tiny-deltas"
    if exchange.why is not None:
        assert spent < max(fault.limits.values()) + SOON_SECONDS
