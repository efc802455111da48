"""Whether a process should be given visitors, and who may read its figures."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from services.settings import Settings

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Readiness:
    """Each check by name, and whether it is well. `trouble` is the code of what keeps us from saving, if anything."""

    checks: Mapping[str, bool]
    trouble: str | None = None

    @property
    def well(self) -> bool:
        """Whether all of them are."""
        return all(self.checks.values())


def may_read(settings: Settings, peer: str | None, headers: Mapping[str, str]) -> bool:
    """Tell whether somebody may read the figures: with the token from anywhere, without one from this machine only.

    Whoever comes through a proxy comes from this machine too: so where a token is set, or a proxy is known to stand
    before us (`DAILIES_PUBLIC_URL`, a header that tells of one), only the token counts. `headers` in lower case.
    """
    token, given = settings.metrics_token, headers.get("authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    proxied = settings.public_url is not None or any(name in headers for name in FORWARDED)
    return token is None and not proxied and _is_loopback(peer)


def _is_loopback(peer: str | None) -> bool:
    try:
        return ip_address(peer or "").is_loopback
    except ValueError:
        return False
