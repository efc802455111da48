"""On which addresses Dailies may listen: beyond this machine only with sign-in, or when somebody says so."""

from __future__ import annotations

from ipaddress import ip_address

from pages.shared.people import team
from services.settings import Settings

_SHORTEST_SECRET = 24


def refusal(host: str, settings: Settings) -> str | None:
    """Return the sentence why the server may not start so; None if it may."""
    if team():
        return _incomplete()
    if is_this_machine(host) or settings.open == "1":
        return None
    return (
        f"Listening on {host or 'every address'} would let anybody who reaches it read everything and spend money:"
        " set up sign-in ([auth] in .streamlit/secrets.toml, docs/deploy.md), or say DAILIES_OPEN=1 if that is meant."
    )


def is_this_machine(host: str) -> bool:
    """Tell whether an address reaches no further than this machine.

    >>> is_this_machine("127.0.0.1"), is_this_machine("::1"), is_this_machine("localhost")
    (True, True, True)
    >>> is_this_machine("0.0.0.0"), is_this_machine("::"), is_this_machine(""), is_this_machine("example.org")
    (False, False, False, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _incomplete() -> str | None:
    """Return what keeps sign-in from working, before the first person finds out."""
    import importlib.util

    from streamlit.auth_util import get_secrets_auth_section

    auth = get_secrets_auth_section()
    if importlib.util.find_spec("authlib") is None:
        return "Sign-in needs its packages: pip install -r requirements-team.txt (python3 run.py does it by itself)."
    if not auth.get("redirect_uri") or len(str(auth.get("cookie_secret", ""))) < _SHORTEST_SECRET:
        return f"[auth] in secrets.toml needs a redirect_uri and a cookie_secret of {_SHORTEST_SECRET} random signs."
    return None
