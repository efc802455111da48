"""A team: a server with `[auth]`, an OpenID provider on loopback, and browsers that are no more than cookies."""

from __future__ import annotations

import html
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import requests
from joserfc import jwt
from joserfc.jwk import OctKey
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from services.people.person import id_of
from services.runtime import Runtime, start
from services.settings import Settings
from tests.pages.browsing import answers, fresh_server
from tests.ports import free_port
from tests.waiting import wait_until

SECRET = "a-cookie-secret-of-tests-only-0123456789"
ANN, BOB = "ann", "bob"


class Visitor:
    """One browser: its cookies, and nothing else."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> requests.Response:
        """Send a request as a page of ours would."""
        origin = {"Connection": "close"} | ({"Origin": self.address} if method not in ("GET", "HEAD") else {})
        return self.session.request(
            method, self.address + path, data=body, headers={**origin, **headers}, timeout=120, allow_redirects=False
        )

    @property
    def cookies(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{one.name}={one.value}" for one in self.session.cookies)

    def listen(self, path: str) -> ClientConnection:
        """Open a WebSocket."""
        url = self.address.replace("http", "ws") + path
        return connect(url, origin=Origin(self.address), additional_headers={"Cookie": self.cookies}, open_timeout=60)

    def sign_in(self, subject: str) -> None:
        """Go the whole way: to the provider, say who one is, and back with a code."""
        begun = self.ask("GET", f"/auth/login?provider={_way()}")
        at_provider = begun.headers["location"]
        form = self.session.get(at_provider, timeout=120).text
        assert "sub" in form
        back = self.session.post(at_provider, data={"sub": subject}, timeout=120, allow_redirects=False)
        address = html.unescape(back.headers["location"])
        assert address.startswith(f"{self.address}/oauth2callback")
        done = self.session.get(address, timeout=120, allow_redirects=False)
        assert done.status_code == 302
        assert any(one.name == "_streamlit_user" for one in self.session.cookies), "signed in"


class Team(NamedTuple):
    """Where everything is."""

    address: str
    provider: str
    home: Path

    def visitor(self, subject: str | None = None) -> Visitor:
        """A new browser, signed in if it says as whom; the first request makes them known."""
        visitor = Visitor(self.address)
        if subject is not None:
            visitor.sign_in(subject)
            visitor.ask("GET", "/healthz")
        return visitor

    def id_of(self, subject: str) -> str:
        """What Dailies calls somebody."""
        return id_of(self.provider, subject)

    def house(self) -> Runtime:
        """The same data, from this process; it executes nothing. To be closed."""
        return start(Settings(home=self.home, undo_seconds=0.0, free_floor_bytes=0), executes=False)


@contextmanager
def running_team(home: Path, **more: str) -> Iterator[Team]:
    """Start the provider and the server."""
    with provider() as issuer:
        port = free_port()
        secrets = home.parent / f"{home.name}-secrets.toml"
        secrets.write_text(written(issuer, f"http://127.0.0.1:{port}"), "utf-8")
        given = {"DAILIES_SECRETS": str(secrets), "DAILIES_ADMIN": "ann@team.example", **more}
        with fresh_server(home, port=port, **given) as address:
            yield Team(address, issuer, home)


@contextmanager
def provider() -> Iterator[str]:
    """A real OpenID provider in a process of its own (it warns of what it uses, and warnings are errors here)."""
    port = free_port()
    people = [
        json.dumps({"sub": name, "email": f"{name}@team.example", "email_verified": True, "name": name.title()})
        for name in (ANN, BOB)
    ]
    known = [word for claims in people for word in ("--user-claims", claims)]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *known],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{issuer}/.well-known/openid-configuration"), seconds=120)
        yield issuer
    finally:
        process.terminate()
        process.wait(60)


def _way() -> str:
    """Return what `st.login` puts into the address: the provider's name, signed with the cookie secret."""
    claims = {"provider": "default", "exp": int(time.time()) + 120}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])


def written(issuer: str, address: str) -> str:
    """Return the secrets.toml."""
    return (
        f'[auth]\nredirect_uri = "{address}/oauth2callback"\ncookie_secret = "{SECRET}"\nclient_id = "dailies"\n'
        f'client_secret = "secret"\nserver_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
    )
