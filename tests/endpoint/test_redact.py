"""No secret gets through, wherever the stream is cut, and nothing else is touched or kept waiting."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.endpoint.redact import JoinedText, Redactor

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


TOKENS = st.text(st.sampled_from("abcXYZ0189-_.~+/=:;&%$'\"<>£ÿ"), min_size=8, max_size=40)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": lambda token: json.dumps(token)[1:-1],
    "json with escaped slashes": lambda token: json.dumps(token)[1:-1].replace("/", "\\/"),
    "json in json": lambda token: json.dumps(json.dumps({"key": token}))[1:-1],
    "html": html.escape,
    "percent": lambda token: quote(token, safe=""),
    "base64": lambda token: base64.b64encode(token.encode()).decode(),
    "base64 of a header": lambda token: base64.b64encode(f"Bearer {token}".encode()).decode(),
    "base64 of a login": lambda token: base64.b64encode(f"ab:{token}@host".encode()).decode(),
    "base64 for URLs": lambda token: base64.urlsafe_b64encode(f"x{token}".encode()).decode(),
}


@settings(max_examples=300, deadline=None)
@given(TOKENS, st.sampled_from(sorted(SPELLINGS)), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_no_spelling_of_a_token_gets_through_however_the_stream_is_cut(
    token: str, spelling: str, cuts: list[int]
) -> None:
    spelled = SPELLINGS[spelling](token).encode()
    redactor = Redactor([token])
    rest, out, turn = b'{"error": "' + spelled + b'", "n": 1}', b"", 0
    while rest:
        size = cuts[turn % len(cuts)]
        out += redactor.feed(rest[:size])
        rest, turn = rest[size:], turn + 1
    out += redactor.finish()

    assert spelled not in out
    assert token.encode() not in out
    if "base64" not in spelling:
        assert b"[redacted]" in out


@settings(max_examples=300, deadline=None)
@given(TOKENS, st.lists(st.sampled_from(["TOKEN", "a piece ", "s", "纸船", "\n"]), max_size=6), st.data())
def test_pieces_that_join_to_a_token_are_redacted_before_they_are_kept(
    token: str, words: list[str], data: st.DataObject
) -> None:
    text = "".join(token if word == "TOKEN" else word for word in words)
    joined, rest, kept = JoinedText([token]), text, ""
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        pieces = joined.feed([("c", rest[:size])])
        kept += "".join(piece for _, piece in pieces)
        assert token not in kept
        rest = rest[size:]
    kept += "".join(piece for _, piece in joined.finish())

    assert token not in kept
    if "TOKEN" not in words and "sk-" not in text and "Bearer" not in text:
        assert kept == text


def test_every_text_of_a_value_is_redacted() -> None:
    value = {"a s3cr3t-pass.word": ["x s3cr3t-pass.word", 1, None, ({"deep": "s3cr3t-pass.word"},)]}

    assert Redactor(SECRETS).value(value) == {"a [redacted]": ["x [redacted]", 1, None, ({"deep": "[redacted]"},)]}
