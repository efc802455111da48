"""No secret gets through, wherever the stream is cut, and nothing else is touched or kept waiting."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.endpoint.redact import Redactor

SECRETS = ["s3cr3t-pass.word", 'with"quote&€uro', "sk-abcdefghij.tail", "short"]
WORDS = [
    *SECRETS,
    "Bearer abcdefghijk",
    "Bearer s3cr3t-pass.word",
    'Bearer with"quote&€uro',
    "sk-1234567890abc",
    "task-management12",
    "\\nsk-aaaaaaaaaaaa",
    "s3cr3t-pass",
    "Bearer of",
    "Bear",
    "sk-",
    "sk",
    "s",
    " ",
    "\n",
    "x",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.lists(st.integers(1, 13), min_size=1, max_size=9))
def test_a_stream_cut_anywhere_comes_out_like_the_whole_text(words: list[str], cuts: list[int]) -> None:
    text = "".join(words)
    redactor = Redactor(SECRETS)
    rest, out, turn = text.encode(), b"", 0
    while rest:
        size = cuts[turn % len(cuts)]
        out += redactor.feed(rest[:size])
        rest, turn = rest[size:], turn + 1
    out += redactor.finish()
    assert out == redactor.text(text).encode()
    assert not any(secret.encode() in out for secret in SECRETS if len(secret) >= 8)


def test_secrets_go_plain_and_as_json_writes_them() -> None:
    redactor = Redactor(SECRETS)
    for secret in SECRETS[:3]:
        for spelled in (secret, json.dumps(secret), json.dumps(secret, ensure_ascii=False), f"Bearer {secret}"):
            assert "[redacted]" in redactor.text(f"key {spelled}.")
            assert secret not in redactor.text(f"key {spelled}.")


def test_keys_of_others_go_too() -> None:
    redactor = Redactor([])
    assert redactor.text("Incorrect API key provided: sk-proj-abc_123456.") == (
        "Incorrect API key provided: [redacted]."
    )
    assert redactor.text("(header: Bearer eyJhbGciOi.eyJzdWIi.x-y_z=)") == "(header: [redacted])"


@pytest.mark.parametrize(
    "text",
    [
        "a short token stays",
        "https://videos.example.com/task-01234567890.mp4",
        "a mask-wearing desk-mounted risk-adjusted disk-shaped boat",
        "Bearer of the ring",
        "sk-short",
        "lone \ud83d surrogate",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert Redactor(["short", None, ""]).text(text) == text


def test_ordinary_bytes_are_not_kept_waiting() -> None:
    redactor = Redactor(SECRETS)
    for event in (b"data: {}\n\n", b": ping\n\n", 'data: "一只纸船"\n\n'.encode(), b"data: [DONE]\n\n"):
        assert redactor.feed(event) == event
    assert redactor.feed(b"key s3cr3t-") == b"key "
    assert redactor.feed(b"nothing") == b"s3cr3t-nothing"
    assert redactor.finish() == b""


def test_a_key_is_replaced_before_its_end_is_known() -> None:
    redactor = Redactor([])
    assert redactor.feed(b"sk-12345678") == b"[redacted]"
    assert redactor.feed(b"9abcdef") == b""
    assert redactor.feed(b"0 and on") == b" and on"
