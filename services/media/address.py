"""Where a link may lead: what its text may look like and which addresses may be dialled (RELIABILITY f).

The parser is urllib3's, the one the dialling connection uses; the name is resolved once and the very answers that
were checked are dialled, so a name that changes its mind between check and dial (rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from services.errors import AddressRefusedError, MediaError

URL_MAX_CHARS = 4096
PORTS = frozenset({80, 443, 8080, 8443})
_DEFAULT_PORTS = {"http": 80, "https": 443}

Answer: TypeAlias = tuple[int, str]
"""One resolved address: socket family and the numeric address."""
Resolver: TypeAlias = Callable[[str, int], list[Answer]]
Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host (lower case, no brackets) and port."""

_START = re.compile(r"https?://([^/?#]+)", re.IGNORECASE)
_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # CGNAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "240.0.0.0/4",
        "::/96",  # v4-compatible, loopback, unspecified
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
    )
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link taken apart. `target` goes over the wire exactly so."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> Origin:
        """Scheme, host and port: what decides about trust and the token."""
        return (self.scheme, self.host, self.port)

    @property
    def root(self) -> str:
        """The link without its path: all that the HTTP library is told, so that it cannot re-quote the rest."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRules:
    """Exceptions and restrictions: `trusted` and `allow` lift the address and port rules, `video_hosts` only narrows.

    An entry of `video_hosts` is an exact name, or `.example.org` for every name below it.
    """

    trusted: Origin | None = None
    allow: frozenset[tuple[str, int]] = frozenset()
    video_hosts: tuple[str, ...] = ()


def parse_link(url: str) -> Link:
    """Take a link apart.

    Percent-escapes stay as they were written (signed links break otherwise); only non-ASCII is encoded, as UTF-8.

    Raises:
        AddressRefusedError: too long, control signs, spaces, backslash, userinfo, another scheme, or no host.
    """
    if len(url) > URL_MAX_CHARS:
        raise AddressRefusedError("the link is too long")
    if "\\" in url or any(char.isspace() or not char.isprintable() for char in url):
        raise AddressRefusedError("the link has signs that no link has")
    start = _START.match(url)
    if start is None or "@" in start[1]:
        raise AddressRefusedError("only plain http and https links are fetched")
    try:
        parsed = parse_url(url)
    except LocationParseError:
        raise AddressRefusedError("the link cannot be read") from None
    host = (parsed.host or "").strip("[]").lower()
    if not host or not host.isascii() or "%" in host or parsed.auth is not None:
        raise AddressRefusedError("the link has no usable host")
    scheme = (parsed.scheme or "").lower()
    port = _DEFAULT_PORTS[scheme] if parsed.port is None else parsed.port
    return Link(scheme, host, port, _wire_target(url[start.end() :]))


def origin_of(url: str) -> Origin | None:
    """Return the origin of an endpoint's base URL, or None if it cannot be read."""
    try:
        return parse_link(url).origin
    except AddressRefusedError:
        return None


def resolve(host: str, port: int) -> list[Answer]:
    """Ask the system for the addresses of a host.

    Raises:
        MediaError: the name is unknown, code `video_unreachable`.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise MediaError("the link's host is unknown", code="video_unreachable") from error
    return list(dict.fromkeys((int(family), str(address[0])) for family, _, _, _, address in found))


def dialable(link: Link, rules: AddressRules, resolver: Resolver = resolve) -> list[Answer]:
    """Return the addresses that may be dialled for a link: all of its host's answers, or none.

    Raises:
        AddressRefusedError: a port or host we do not dial, or any answer that is not public.
        MediaError: the name is unknown.
    """
    if rules.video_hosts and not any(_matches(link.host, entry) for entry in rules.video_hosts):
        raise AddressRefusedError("the link's host is not among those allowed here")
    exempt = link.origin == rules.trusted or (link.host, link.port) in rules.allow
    if not exempt and link.port not in PORTS:
        raise AddressRefusedError("the link's port is not one that videos come from")
    answers = resolver(link.host, link.port)
    if not answers:
        raise MediaError("the link's host has no address", code="video_unreachable")
    if not exempt and not all(is_public(address) for _, address in answers):
        raise AddressRefusedError("the link leads to an address that is not public")
    return answers


def is_public(address: str) -> bool:
    """Tell whether a numeric address belongs to the open internet.

    >>> is_public("8.8.8.8"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::a00:1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local:
        return False
    return not any(ip in network for network in _REFUSED_NETWORKS)


def _matches(host: str, entry: str) -> bool:
    return host.endswith(entry) if entry.startswith(".") else host == entry


def _wire_target(rest: str) -> str:
    path = rest.partition("#")[0]
    if not path.startswith("/"):
        path = "/" + path
    return "".join(char if char.isascii() else quote(char, errors="replace") for char in path)
