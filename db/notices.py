"""News from process to process on one Postgres: NOTIFY says that there is some, the rows say what.

A notice may get lost (its connection broke, a pooler swallowed it), so whoever listens also looks by the clock. On
SQLite nobody is told anything.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection

if TYPE_CHECKING:
    import psycopg

TEXT, WORK = "dailies_text", "dailies_work"  # seqs of generations with more text; something to look for has come
PAYLOAD_BYTES = 7900  # Postgres takes 8000
AGAIN_SECONDS = 2.0  # after a connection that broke, or could not be made


def tell(connection: Connection, channel: str, seqs: Iterable[int] = ()) -> None:
    """Tell whoever listens; at once on a connection that commits by itself, else with its transaction.

    Outside of the transaction that has the news: Postgres lets only one transaction with a notice commit at a time, and
    one that writes nothing has no disk to wait for.
    """
    named = ",".join(map(str, sorted(set(seqs))))
    said = named if len(named) <= PAYLOAD_BYTES else ""
    connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (channel, said))


class Listener:
    """One connection that listens, for one thread; while it is broken `wait` only waits."""

    def __init__(self, url: URL, channel: str) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._channel = channel
        self._connection: psycopg.Connection[Any] | None = None
        self._not_before = 0.0

    def wait(self, seconds: float) -> set[int] | None:
        """Return the generations of the first notices; None when there are none in time, or they name nobody."""
        until = time.monotonic() + seconds
        try:
            connection = self._connected()
            if connection is not None:
                return _named(notice.payload for notice in connection.notifies(timeout=seconds, stop_after=1))
        except self._trouble():
            self.close()
            self._not_before = time.monotonic() + AGAIN_SECONDS
        time.sleep(max(0.0, until - time.monotonic()))
        return None

    @property
    def listens(self) -> bool:
        """Whether notices arrive at present, as far as one can know."""
        return self._connection is not None

    def close(self) -> None:
        """Let go of the connection; the next `wait` makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(self._trouble()):
                connection.close()

    def _connected(self) -> psycopg.Connection[Any] | None:
        if self._connection is None and time.monotonic() >= self._not_before:
            import psycopg

            connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            connection.execute(f"LISTEN {self._channel}".encode())
            self._connection = connection
        return self._connection

    @staticmethod
    def _trouble() -> type[Exception]:
        import psycopg

        return psycopg.Error


def _named(payloads: Iterable[str]) -> set[int] | None:
    said = list(payloads)
    return {int(seq) for payload in said for seq in payload.split(",")} if said and all(said) else None
