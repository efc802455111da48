"""The one header that carries the token."""

from __future__ import annotations

import re

from services.errors import NotSentError

TOKEN_SHAPE = re.compile(r"[\x21-\x7e\xa1-\xff]+")
"""What a header can carry: no space, no control sign, nothing outside Latin-1."""


def authorization(token: str | None) -> dict[str, str]:
    """Return the header for a token, nothing for None.

    Raises:
        NotSentError: no header can carry the token (code token_invalid).
    """
    if token is None:
        return {}
    if not TOKEN_SHAPE.fullmatch(token):
        raise NotSentError("the token cannot be put in a header", code="token_invalid")
    return {"Authorization": f"Bearer {token}"}
