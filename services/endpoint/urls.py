"""The addresses of an endpoint, from whatever form of its base URL a person pasted."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from services.errors import EndpointSettingsError

_LONGEST = 2048
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\?#@<>\"`{}|^]")
_VERSIONED = re.compile(r"/v\d+[a-z0-9]*$")
_LEAVES = ("/chat/completions", "/completions", "/models")


def normalise_base_url(text: str) -> str:
    """Return the base URL that ends in its version, such as `https://host/v1`, from any form a person may paste.

    >>> normalise_base_url(" api.example.com/v1/chat/completions/ ")
    'https://api.example.com/v1'

    Raises:
        EndpointSettingsError: not http or https, no host, a bare word, or with user name, query or fragment (code
            base_url_invalid).
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or _UNFIT.search(text):
        raise _invalid()
    parts = _split(text if "://" in text else f"https://{text}")
    if "://" not in text and not re.search(r"[.:]|^localhost$", parts.netloc):
        raise _invalid()  # a word such as "notaurl": whoever means a host of that name writes http:// before it
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    for leaf in _LEAVES:
        if path.lower().endswith(leaf):
            path = path[: -len(leaf)]
            break
    if not _VERSIONED.search(path):
        path += "/v1"
    return f"{parts.scheme}://{_authority(parts)}{path}"


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _invalid() from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise _invalid()
    return parts


def _authority(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    else:
        try:
            host.encode("idna")
        except UnicodeError:
            raise _invalid() from None
    usual = {"http": 80, "https": 443}[parts.scheme]
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def _invalid() -> EndpointSettingsError:
    return EndpointSettingsError("this is not the address of an endpoint", code="base_url_invalid")


def completions_url(base_url: str) -> str:
    """Return where the paid POST goes.

    Raises:
        EndpointSettingsError: the base URL is none.
    """
    return f"{normalise_base_url(base_url)}/chat/completions"


def models_url(base_url: str) -> str:
    """Return where the free list of models is.

    Raises:
        EndpointSettingsError: the base URL is none.
    """
    return f"{normalise_base_url(base_url)}/models"


def host_of(base_url: str) -> str:
    """Return the host, with its port where that is not the usual one: what people call an endpoint by.

    >>> host_of("https://api.example.com/v1"), host_of("http://127.0.0.1:8011")
    ('api.example.com', '127.0.0.1:8011')

    Raises:
        EndpointSettingsError: the base URL is none.
    """
    return urlsplit(normalise_base_url(base_url)).netloc


def origin(base_url: str) -> str:
    """Return scheme, host and port: what the token may be sent to.

    >>> origin("https://api.example.com:8443/v1")
    'https://api.example.com:8443'

    Raises:
        EndpointSettingsError: the base URL is none.
    """
    parts = urlsplit(normalise_base_url(base_url))
    return f"{parts.scheme}://{parts.netloc}"
