"""Who is looking. Without `[auth]` in secrets.toml there is one person, `local`; with it, whoever signed in.

Streamlit's signed cookie says what the identity provider vouched for; whether that sign-in still counts, and what the
person may do, the database says (services/people). The cookie is read at each use: `st.user` is read once a session,
and would outlive a sign-out in another tab.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from starlette.requests import HTTPConnection

from services.errors import RightsError

if TYPE_CHECKING:
    from services.people.person import Person

LOCAL: Final = "local"
SCOPE: Final = "dailies.person"  # where web/doorman.py leaves who sent a request


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a valid cookie holds: its own name, and the provider's claims."""

    id: str
    claims: Mapping[str, Any]


@cache
def team() -> bool:
    """Tell whether people sign in here. Read once: a server must be started again to change it."""
    from streamlit.auth_util import get_secrets_auth_section

    return bool(get_secrets_auth_section())


def sign_in_of(cookies: Mapping[str, str]) -> SignIn | None:
    """Return the sign-in a browser shows by its cookies; None without one, or when nobody of ours signed it."""
    from streamlit.auth_util import get_origin_from_redirect_uri
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
    from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

    content = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    if content is None:
        return None
    claims = json.loads(content)
    if not claims.get("is_logged_in") or claims.get("origin") != get_origin_from_redirect_uri():
        return None
    return SignIn(hashlib.sha256(content).hexdigest(), claims)


def person_behind(cookies: Mapping[str, str]) -> Person | None:
    """Return who shows these cookies; None if nobody is signed in with them (any more).

    Raises:
        StoreError: nobody can be looked up right now.
    """
    from pages.shared.runtime import get_runtime

    sign_in = sign_in_of(cookies)
    return None if sign_in is None else get_runtime().people.behind(sign_in.claims, sign_in.id)


def person_here() -> Person | None:
    """Return who looks at the page that runs; None without people, and when nobody is signed in."""
    return person_behind(st.context.cookies.to_dict()) if team() else None


def signed_in() -> tuple[str, Person | None]:
    """Return the owner that the page's rows belong to, and the person, if people sign in here.

    Raises:
        RightsError: nobody is signed in, or not let in (signed_out).
    """
    if not team():
        return LOCAL, None
    person = person_here()
    if person is None or not person.let_in:
        raise RightsError("nobody is signed in", code="signed_out")
    return person.space, person


def administers() -> bool:
    """Tell whether what concerns the whole installation is this person's: always, without people."""
    person = person_here()
    return not team() or (person is not None and person.administers)


def acting() -> str:
    """Return who does what only administrators may; "" for everybody else."""
    _, person = signed_in()
    if person is None:
        return LOCAL
    return person.id if person.administers else ""


def may_change() -> bool:
    """Tell whether this person may send and keep things: always, without people."""
    person = person_here()
    return not team() or (person is not None and person.may_change)


def person_of(connection: HTTPConnection) -> str | None:
    """Return the owner behind a request that passed the gate (web/gate.py), or None if nobody may be meant."""
    if not team():
        return LOCAL
    person = visitor(connection)
    return person.space if person is not None and person.let_in else None


def visitor(connection: HTTPConnection) -> Person | None:
    """Return who sent a request, as the doorman found them; None without people, and for strangers."""
    person: Person | None = connection.scope.get(SCOPE)
    return person


def sees_everybody() -> bool:
    """Tell whether who looks may see the sums of others: never their words."""
    return administers()
