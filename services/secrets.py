"""Tokens at rest: Fernet, its key in `DAILIES_SECRET_KEY` or in a file only we may read (RELIABILITY h).

There may be several keys while one takes another's place: the first encrypts, each decrypts. They are looked up at each
use, so a running server follows a rotation (services/key_rotation.py) without being told.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from services import log_guard
from services.errors import SecretError
from services.settings import Settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

KEY_BYTES = 32
SIGNATURE_BYTES = 32


class Secrets:
    """Encrypts and decrypts tokens. The key is made on first use, and cryptography is imported no earlier."""

    def __init__(self, settings: Settings) -> None:
        self._given = [_of_words(words) for words in (settings.secret_key, settings.old_secret_key) if words]
        self._file = settings.home / "secret.key"

    def encrypt(self, token: str) -> bytes:
        """Return what may be stored."""
        log_guard.know(token)
        return self._fernet().encrypt(token.encode())

    def decrypt(self, stored: bytes) -> str:
        """Return the token.

        Raises:
            SecretError: it was encrypted with another key, or is damaged.
        """
        from cryptography.fernet import InvalidToken

        try:
            token = self._fernet().decrypt(stored).decode()
        except InvalidToken as error:
            raise SecretError("the stored token was encrypted with another key") from error
        log_guard.know(token)
        return token

    def can_read(self, stored: bytes) -> bool:
        """Tell whether `decrypt` would return a token, from its signature alone.

        Pages ask this of every endpoint they list; cryptography would cost them 10 MB. Layout: the Fernet
        specification (version, time, IV, ciphertext, then HMAC-SHA256 by the key's first half).
        """
        try:
            data = base64.urlsafe_b64decode(stored)
        except (binascii.Error, ValueError):
            return False
        said, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
        halves = (base64.urlsafe_b64decode(key)[: KEY_BYTES // 2] for key in self._keys())
        return any(hmac.compare_digest(hmac.digest(half, said, "sha256"), signature) for half in halves)

    def again(self, stored: bytes) -> bytes | None:
        """Return the same token encrypted with the first key; None if no key reads it."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet().rotate(stored)
        except InvalidToken:
            return None

    def add_key(self) -> None:
        """Put a new key before those in the file. Where the environment gives the key, that is the new one already."""
        if not self._given:
            _replace(self._file, [_fresh(), *self._keys()])

    def drop_old_keys(self) -> bool:
        """Forget all keys of the file but the first; where the environment gives the key, the file. Tell if that went.

        Nothing is encrypted with its keys any more, and whoever found them could read older copies.
        """
        if not self._given:
            _replace(self._file, self._keys()[:1])
            return False
        had = self._file.exists()
        self._file.unlink(missing_ok=True)
        return had

    @contextlib.contextmanager
    def steady(self) -> Iterator[None]:
        """Keep the keys as they are while the block encrypts and commits; a rotation waits for it, and it for one."""
        from filelock import FileLock

        self._file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._file}.lock"):
            yield

    def _fernet(self) -> MultiFernet:
        from cryptography.fernet import Fernet, MultiFernet

        return MultiFernet([Fernet(key) for key in self._keys()])

    def _keys(self) -> list[bytes]:
        if self._given:
            return [*self._given, *_usable(self._file)]
        keys = _usable(self._file)
        if not keys:
            with contextlib.suppress(FileNotFoundError):  # unreadable, and yet perhaps somebody's only copy
                self._file.replace(self._file.with_name("secret.key.damaged"))
            _make(self._file, _fresh())
            keys = _usable(self._file)
        return keys


def _of_words(words: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(words.encode()).digest())


def _fresh() -> bytes:
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES))


def _usable(path: Path) -> list[bytes]:
    """Return the keys in a file, one a line, newest first; nobody but us may read it from now on."""
    try:
        lines = path.read_bytes().split()
    except FileNotFoundError:
        return []
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return [line for line in lines if _is_key(line)]


def _is_key(line: bytes) -> bool:
    try:
        return len(base64.b64decode(line, altchars=b"-_", validate=True)) == KEY_BYTES
    except binascii.Error:
        return False


def _make(path: Path, key: bytes) -> None:
    """Write a new key file; of two processes that try at once the first one's stays."""
    draft = _draft(path, [key])
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        draft.replace(path)
    draft.unlink(missing_ok=True)


def _replace(path: Path, keys: list[bytes]) -> None:
    """Put these keys in the file's place in one step: whoever reads finds the old list or the new one."""
    _draft(path, keys).replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _draft(path: Path, keys: list[bytes]) -> Path:
    """Write the keys to a file beside `path` that nobody else can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"\n".join(keys))
        file.flush()
        os.fsync(file.fileno())
    return draft
