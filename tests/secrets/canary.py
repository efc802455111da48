"""A token that must not be found, and what would give it away."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from services.runtime import ForPerson, Runtime

CANARY = "canary+7Kq/92Zx.bird-token="
PROMPTS = ("answer", "refuse", "page", "cut")


def traces() -> list[bytes]:
    """Return what would give the canary away: itself, and its heart in base64."""
    heart = [base64.b64encode(b"\0" * shift + CANARY.encode())[4:32] for shift in range(3)]
    return [CANARY.encode(), quote(CANARY, safe="").encode(), json.dumps(CANARY)[1:-1].encode(), *heart]


def found_in(data: bytes) -> list[bytes]:
    return [trace for trace in traces() if trace in data]


def run_everything(runtime: Runtime, me: ForPerson, base_url: str) -> list[str]:
    """Do with the canary's endpoint what can be done; return the generations."""
    endpoint = me.endpoints.save(None, name="Echo", base_url=base_url, token=CANARY, model="sora-2")
    me.endpoints.choose(endpoint.id)
    tested = me.endpoints.test(endpoint.id)
    assert not found_in(repr(tested).encode())
    ids = []
    for prompt in PROMPTS:
        sent = me.generations.submit(prompt, nonce=prompt, worker=runtime.worker)
        runtime.execute(sent.id)
        ids.append(sent.id)
    return ids
