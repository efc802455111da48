"""Tokens at rest: Fernet, its key in `DAILIES_SECRET_KEY` or in a file only we may read (RELIABILITY h)."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

from services.errors import SecretError
from services.settings import Settings


class Secrets:
    """Encrypts and decrypts tokens. The key is made on first use, and cryptography is imported no earlier."""

    def __init__(self, settings: Settings) -> None:
        self._given = settings.secret_key
        self._file = settings.home / "secret.key"
        self._tried: dict[bytes, bool] = {}

    def encrypt(self, token: str) -> bytes:
        """Return what may be stored."""
        from cryptography.fernet import Fernet

        return Fernet(self._key()).encrypt(token.encode())

    def decrypt(self, stored: bytes) -> str:
        """Return the token.

        Raises:
            SecretError: it was encrypted with another key, or is damaged.
        """
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return Fernet(self._key()).decrypt(stored).decode()
        except InvalidToken as error:
            raise SecretError("the stored token was encrypted with another key") from error

    def can_read(self, stored: bytes) -> bool:
        """Tell whether a stored token can be read with this key: a restored one may have been written with another."""
        if stored not in self._tried:
            try:
                self._tried[stored] = bool(self.decrypt(stored))
            except SecretError:
                self._tried[stored] = False
        return self._tried[stored]

    def _key(self) -> bytes:
        if self._given:
            return base64.urlsafe_b64encode(hashlib.sha256(self._given.encode()).digest())
        if not self._file.exists():
            _write_private(self._file, base64.urlsafe_b64encode(os.urandom(32)))
        return self._file.read_bytes().strip()


def _write_private(path: Path, data: bytes) -> None:
    """Write a file nobody else can read; of two processes that try at once the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        draft.replace(path)
    draft.unlink(missing_ok=True)
