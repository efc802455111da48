"""The command we show is the documented one, and sends what we send."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from services.endpoint.client import build_body
from services.endpoint.curl import as_curl
from services.endpoint.transport import Exchange
from services.endpoint.urls import completions_url
from tests.fault_server import FaultServer

DOCUMENTED = r"""curl --location --request POST 'https://api.example.com/v1/chat/completions' \
--header 'Accept: application/json' \
--header "Authorization: Bearer $DAILIES_TOKEN" \
--header 'Content-Type: application/json' \
--data-raw '{
  "model": "sora-2",
  "max_tokens": 1000,
  "messages": [
    {
      "role": "user",
      "content": "light glimmers off the dog'\''s eyes. 一只纸船"
    }
  ],
  "stream": true
}'"""
PROMPTS = [
    "plain",
    "it's 'quoted' \"twice\" '\\'' ''",
    "$HOME $(touch /tmp/x) `id` ${PATH} !history ~ * ?",
    "back\\slash \\n \\\\ end\\",
    "line\nline\r\n\ttab\u2028sep",
    "一只纸船 🛶 عربى \u202e bidi",
    "nul \x00 bell \x07",
    "@/etc/passwd %0a &amp; <b>",
    "long " * 5000,
]


def test_the_command_is_the_documented_one() -> None:
    prompt = "light glimmers off the dog's eyes. 一只纸船"
    body = build_body(prompt=prompt, model="sora-2", max_tokens=1000, stream=True, extra={})
    assert as_curl("https://api.example.com", body) == DOCUMENTED


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize("prompt", PROMPTS, ids=range(len(PROMPTS)))
def test_curl_sends_what_we_send(prompt: str) -> None:
    token = "canary-'$x-0123456789"
    body = build_body(prompt=prompt, model="sora-2", max_tokens=1000, stream=True, extra={"名": "it's"})
    with FaultServer() as server:
        exchange = Exchange()
        exchange.post(completions_url(server.base_url), token=token, body=body, idempotency_key="k")
        while exchange.read():
            pass
        exchange.close()
        command = as_curl(server.base_url, body)
        assert token not in command
        environment = {"PATH": os.environ["PATH"], "DAILIES_TOKEN": token, "LC_ALL": "C.UTF-8"}
        subprocess.run(["bash", "-c", command], env=environment, check=True, capture_output=True, timeout=120)  # noqa: S607
        ours, curls = server.requests
    assert curls.method == ours.method == "POST"
    assert curls.path == ours.path
    assert curls.body == ours.body
    assert json.loads(curls.body) == body
    for name in ("accept", "authorization", "content-type"):
        assert curls.headers[name] == ours.headers[name]
