"""See whether a link still works, by one byte at most. The rules of dialling are those of a download."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from services.errors import MediaError
from services.media.address import dialable, parse_link
from services.media.connection import TROUBLE, Hop, get, open_session
from services.media.deadline import Watch
from services.media.fetch import FetchPolicy

GONE = frozenset({401, 403, 404, 410})
SECONDS = 15.0


def glance(url: str, policy: FetchPolicy, stops: Iterable[threading.Event] = ()) -> bool | None:
    """Return True if the link works, False if its host says that it does no more, None if nobody can tell.

    A redirect is not followed and tells nothing. No body is read.
    """
    rules = policy.rules()
    watch = Watch(idle_seconds=SECONDS, total_seconds=SECONDS, stops=stops)
    try:
        link = parse_link(url)
        hop = Hop(
            link=link,
            answers=dialable(link, rules, policy.resolver),
            watch=watch,
            connect_seconds=policy.connect_seconds,
            read_seconds=SECONDS,
            ca_file=policy.ca_file,
            dialer=policy.dialer,
        )
        headers = {"User-Agent": "Dailies", "Accept": "*/*", "Range": "bytes=0-0", "Connection": "close"}
        if policy.token and rules.trusted == link.origin:
            headers["Authorization"] = f"Bearer {policy.token}"
        with watch, open_session(hop) as session, get(session, hop, headers) as response:
            status = response.status_code
    except (MediaError, *TROUBLE):
        return None
    return True if status in (200, 206) else False if status in GONE else None
