"""Settings, read once from the environment. Every name carries its unit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.endpoint.urls import normalise_base_url
from services.errors import EndpointSettingsError

PROJECT = Path(__file__).resolve().parent.parent

BUILT_IN_BASE_URL = "https://api.winfull.cloud-ip.cc"
BUILT_IN_MODEL = "sora-2"
_MORE = ("old_secret_key", "metrics_token", "log", "admin", "new_people", "open", "media_url")
_NEW_PEOPLE = (None, "waiting", "viewer", "member")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What may be set from outside. `None` for a URL or token means: not set.

    `home` holds all data; `backup_dir` is where copies of it go, best on another disk (None: `backups` in the home).
    `media_allow` are exact `(host, port)` pairs that downloads may reach although private (tests); `video_hosts` only
    ever restricts: exact names, or `.example.org` (`*.example.org`) for all below it. `old_secret_key` still reads
    tokens until `run.py rotate-key` has encrypted them with `secret_key`.
    """

    home: Path
    base_url: str | None = None
    token: str | None = field(default=None, repr=False)
    model: str | None = None
    database_url: str | None = field(default=None, repr=False)
    backup_dir: Path | None = None
    media_url: str | None = None  # the object store videos, posters and pictures are kept in; None: the home
    public_url: str | None = None
    admin: str | None = None
    new_people: str | None = None  # their role: waiting (an administrator lets them in), viewer, member
    open: str | None = None  # "1": anybody who reaches us may use us, without signing in
    metrics_token: str | None = field(default=None, repr=False)
    log: str | None = None  # "json", or lines for people
    secret_key: str | None = field(default=None, repr=False)
    old_secret_key: str | None = field(default=None, repr=False)
    media_allow: frozenset[tuple[str, int]] = frozenset()
    video_hosts: tuple[str, ...] = ()
    idle_seconds: float = 300.0
    total_seconds: float = 3600.0
    connect_seconds: float = 15.0
    undo_seconds: float = 8.0
    drain_seconds: float = 0.0  # asked to stop: how long the streams that run may go on
    fetch_idle_seconds: float = 30.0
    fetch_total_seconds: float = 600.0
    fetch_max_bytes: int = 2 * 1024**3
    free_floor_bytes: int = 200 * 1024**2
    ballast_bytes: int = 16 * 1024**2
    concurrency: int = 100
    person_concurrency: int = 8
    worker_concurrency: int = 100  # of one process, where several work on one Postgres
    endpoint_concurrency: int = 100
    prompt_max_bytes: int = 100_000
    demo_pace: float = 1.0
    link_look_seconds: float = 300.0  # age of a saved link when it is first looked at again; 0: never

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `DAILIES_*`, a text also from the file that `DAILIES_*_FILE` names. Blank counts as not set.

        Raises:
            ValueError: such a file that cannot be read, a number, a base URL or an object store that is none, a
                `DAILIES_MEDIA_ALLOW` entry without a port; says which.
        """
        env = os.environ if environ is None else environ
        given: dict[str, object] = {"home": Path(env.get("DAILIES_HOME") or PROJECT / ".data").expanduser().resolve()}
        backup_dir = (env.get("DAILIES_BACKUP_DIR") or "").strip()
        given["backup_dir"] = Path(backup_dir).expanduser().resolve() if backup_dir else None
        for name in ("base_url", "token", "model", "database_url", "public_url", "secret_key", *_MORE):
            given[name] = _said(env, f"DAILIES_{name.upper()}")
        for name, kind in cls._numbers().items():
            text = (env.get(f"DAILIES_{name.upper()}") or "").strip()
            if text:
                given[name] = _number(name, text, kind)
        if given["media_url"] is not None:
            from services.media.far import far_store

            far_store(str(given["media_url"]))
        if given["log"] not in (None, "json"):
            raise ValueError(f"DAILIES_LOG is json or not set, not {str(given['log'])[:40]!r}")
        if given["new_people"] not in _NEW_PEOPLE:
            raise ValueError("DAILIES_NEW_PEOPLE is waiting, viewer or member")
        given["base_url"] = _base_url(given["base_url"])
        given["media_allow"] = _pairs(env.get("DAILIES_MEDIA_ALLOW") or "")
        given["video_hosts"] = tuple(word.removeprefix("*") for word in _words(env.get("DAILIES_VIDEO_HOSTS") or ""))
        return cls(**given)  # type: ignore[arg-type]  # built name by name just above

    @property
    def store_url(self) -> str:
        """The database's URL, also when none was set."""
        return self.database_url or f"sqlite:///{self.home / 'dailies.db'}"

    @classmethod
    def _numbers(cls) -> dict[str, type[int] | type[float]]:
        kinds = {"int": int, "float": float}
        return {
            name: kinds[str(field.type)] for name, field in cls.__dataclass_fields__.items() if str(field.type) in kinds
        }


def _said(env: Mapping[str, str], name: str) -> str | None:
    """Return a setting, or the content of the file that `…_FILE` names: a secret in the environment is seen by many.

    Raises:
        ValueError: that file cannot be read.
    """
    said = (env.get(name) or "").strip()
    file = (env.get(f"{name}_FILE") or "").strip()
    if said or not file:
        return said or None
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}_FILE: {file} cannot be read ({type(error).__name__})") from None


def _number(name: str, text: str, kind: type[int] | type[float]) -> int | float:
    try:
        value = kind(text)
    except ValueError:
        raise ValueError(f"DAILIES_{name.upper()} must be a number, not {text!r}") from None
    if value < 0:
        raise ValueError(f"DAILIES_{name.upper()} must not be negative")
    return value


def _base_url(given: object) -> str | None:
    if not isinstance(given, str):
        return None
    try:
        return normalise_base_url(given)
    except EndpointSettingsError:
        raise ValueError(
            f"DAILIES_BASE_URL: {given[:80]!r} is not the address of an endpoint; one looks like https://api.example.com"
        ) from None


def _words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def _pairs(text: str) -> frozenset[tuple[str, int]]:
    pairs = set()
    for word in _words(text):
        host, colon, port = word.rpartition(":")
        if not colon or not port.isdigit():
            raise ValueError(f"DAILIES_MEDIA_ALLOW wants host:port pairs, not {word!r}")
        pairs.add((host.strip("[]"), int(port)))
    return frozenset(pairs)
