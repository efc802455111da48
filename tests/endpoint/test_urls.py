"""Any form of a base URL that a person may paste leads to the same place."""

from __future__ import annotations

import pytest

from services.endpoint.urls import completions_url, models_url, normalise_base_url, origin
from services.errors import EndpointSettingsError


@pytest.mark.parametrize(
    "text",
    [
        "https://api.example.com",
        "https://api.example.com/",
        "https://api.example.com/v1",
        "https://api.example.com/v1/",
        "https://api.example.com//v1//",
        "https://api.example.com/v1/chat/completions",
        "https://api.example.com/v1/chat/completions/",
        "https://api.example.com:443/v1/models",
        "  api.example.com \n",
        "api.example.com/v1",
        "HTTPS://API.Example.com/v1",
    ],
)
def test_every_form_of_one_endpoint_is_one_address(text: str) -> None:
    base = normalise_base_url(text)
    assert base == "https://api.example.com/v1"
    assert normalise_base_url(base) == base
    assert completions_url(text) == "https://api.example.com/v1/chat/completions"
    assert models_url(text) == "https://api.example.com/v1/models"
    assert origin(text) == "https://api.example.com"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://127.0.0.1:8501", "http://127.0.0.1:8501/v1"),
        ("http://localhost:80/v1", "http://localhost/v1"),
        ("localhost:8080", "https://localhost:8080/v1"),
        ("http://[::1]:9000/v1", "http://[::1]:9000/v1"),
        ("https://openrouter.ai/api", "https://openrouter.ai/api/v1"),
        ("https://ark.example.com/api/v3", "https://ark.example.com/api/v3"),
        ("https://host/v1beta/chat/completions", "https://host/v1beta"),
        ("https://例え.jp", "https://例え.jp/v1"),
    ],
)
def test_port_path_and_version_stay(text: str, expected: str) -> None:
    assert normalise_base_url(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "notaurl",
        "notaurl/v1",
        "ftp://host",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://user:pass@host",
        "https://token@host/v1",
        "https://host?x=1",
        "https://host/#top",
        "https://host:0",
        "https://host:99999",
        "https://host:port",
        "https://two words",
        "https://host\\evil",
        "https://host\n.evil",
        "https://[::1",
        "https://" + "a" * 64 + ".com",
        "https://<token>",
        "https://host/" + "a" * 3000,
    ],
)
def test_what_is_no_endpoint_is_refused(text: str) -> None:
    with pytest.raises(EndpointSettingsError) as caught:
        normalise_base_url(text)
    assert caught.value.code == "base_url_invalid"
