"""Download one video from a link that a model wrote, trusting nothing about it (RELIABILITY f).

One plain GET, never HEAD (PROTOCOL 4.2). Redirects are followed here, each as if it were a new link.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urljoin

import requests
from urllib3.exceptions import ReadTimeoutError

from services.abandon import abandonable
from services.errors import (
    CutShortError,
    FetchTimeoutError,
    LinkGoneError,
    MediaError,
    NoRoomError,
    NotAVideoError,
    TooLargeError,
)
from services.media.address import AddressRules, Answer, Link, Resolver, dialable, origin_of, parse_link, resolve
from services.media.connection import TROUBLE, Dialer, Hop, dial, get, open_session
from services.media.container import EXTENSIONS, HEAD_BYTES, boxes_fit, sniff
from services.media.deadline import Watch
from services.media.head import check_status, check_type, declared_bytes, resumed_at, validator_of
from services.media.part import PartFile

REDIRECTS_MAX = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK_BYTES = 65536
_ROOM_CHECK_BYTES = 32 * 1024 * 1024

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called with bytes so far and bytes in all, if known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """Limits and trust of one download.

    `trusted_origin` is the endpoint's base URL: its exact origin is exempt from the address rules, and `token` goes
    there and nowhere else. `free_floor_bytes` stay free on the disk for text that was paid for.
    """

    trusted_origin: str | None = None
    token: str | None = field(default=None, repr=False)
    allow: frozenset[tuple[str, int]] = frozenset()
    video_hosts: tuple[str, ...] = ()
    connect_seconds: float = 15.0
    idle_seconds: float = 30.0
    total_seconds: float = 600.0
    max_bytes: int = 2 * 1024**3
    free_floor_bytes: int = 0
    ca_file: str | None = None
    resolver: Resolver = resolve
    dialer: Dialer = dial

    def rules(self) -> AddressRules:
        """Return the address rules of this download."""
        trusted = origin_of(self.trusted_origin) if self.trusted_origin else None
        return AddressRules(trusted=trusted, allow=self.allow, video_hosts=self.video_hosts)

    def watch(self) -> Watch:
        """Return a new watch with this policy's deadlines."""
        return Watch(idle_seconds=self.idle_seconds, total_seconds=self.total_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A video that arrived whole. `media_type` is what its bytes show."""

    path: Path
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    response: requests.Response
    watch: Watch
    offset: int
    total: int | None


def fetch(
    url: str,
    *,
    destination_folder: Path,
    name: str,
    policy: FetchPolicy,
    on_progress: Progress | None = None,
    watch: Watch | None = None,
) -> Fetched:
    """Download a link into `destination_folder` as `name` plus the extension its bytes ask for.

    A break leaves `name.part` when the host gave a validator; the same call goes on from there with a Range. `watch`
    is for a caller who wants to stop the download from another thread.

    Raises:
        MediaError: one of its subclasses, or itself with code `video_unreachable`, `video_host_error`, `video_busy`
            or `video_stopped`. No part file stays, unless it can be resumed.
    """
    with PartFile(destination_folder, name, url) as part, watch or policy.watch() as running:
        try:
            with _opened(url, policy, part, running) as body:
                _receive(body, policy, part, on_progress)
        except TROUBLE as error:
            raise _why(running, error, part.size_bytes > 0) from error
        media_type = _check_whole(part, body.total)
        part.flush()
        path = part.finish(EXTENSIONS[media_type])
        return Fetched(path=path, sha256=part.sha256, size_bytes=part.size_bytes, media_type=media_type)


@contextlib.contextmanager
def _opened(url: str, policy: FetchPolicy, part: PartFile, watch: Watch) -> Iterator[_Body]:
    """Follow the link to a response that may be a video, with the part file at the right place for its body."""
    rules, at = policy.rules(), url
    validator = part.validator()
    redirects = 0
    while redirects <= REDIRECTS_MAX:
        link = parse_link(at)
        hop = Hop(
            link=link,
            answers=dialable(link, rules, partial(_looked_up, policy, watch)),
            watch=watch,
            connect_seconds=policy.connect_seconds,
            read_seconds=policy.idle_seconds + 1.0,  # the watch comes first; this is for what it cannot reach
            ca_file=policy.ca_file,
            dialer=policy.dialer,
        )
        token = policy.token if rules.trusted == link.origin else None
        with open_session(hop) as session, get(session, hop, _headers(token, validator, part)) as response:
            if response.status_code in _REDIRECTS:
                at = _next(at, link, response.headers.get("Location"))
                redirects += 1
            elif response.status_code == 416 and validator:
                validator = None  # so this happens once at most
            else:
                yield _begin(response, policy, part, watch, validator)
                return
    raise LinkGoneError("the link leads in circles", code="video_redirects")


def _looked_up(policy: FetchPolicy, watch: Watch, host: str, port: int) -> list[Answer]:
    return abandonable(
        partial(policy.resolver, host, port), seconds=policy.connect_seconds, given_up=lambda: watch.why is not None
    )


def _headers(token: str | None, validator: str | None, part: PartFile) -> dict[str, str]:
    headers = {"User-Agent": "Dailies", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if validator:
        headers["Range"] = f"bytes={part.stored()}-"
        headers["If-Range"] = validator
    return headers


def _next(at: str, link: Link, location: str | None) -> str:
    """Return where a redirect leads, its bytes as they were sent."""
    if not location:
        raise MediaError("the host redirects to nowhere", code="video_host_error")
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", location):
        return location
    if location.startswith("//"):
        return f"{link.scheme}:{location}"
    if location.startswith("/"):
        return link.root.rstrip("/") + location
    return urljoin(at, location)


def _begin(
    response: requests.Response, policy: FetchPolicy, part: PartFile, watch: Watch, validator: str | None
) -> _Body:
    """Judge a response by its head and set the part file to where the body goes on."""
    check_status(response.status_code, resuming=validator is not None)
    headers = response.headers
    check_type(headers.get("Content-Type", ""), headers.get("Content-Encoding", ""))
    offset, total = 0, declared_bytes(headers.get("Content-Length"))
    if response.status_code == 206:
        offset, total = resumed_at(headers, part.stored(), validator or "")
    if (total or 0) > policy.max_bytes:
        raise TooLargeError("the video is over the size limit")
    _check_room(part.path.parent, (total or 0) - offset, policy.free_floor_bytes)
    if offset:
        part.resume()
    else:
        part.start(validator_of(headers))
    return _Body(response=response, watch=watch, offset=offset, total=total)


def _check_room(folder: Path, needed: int, floor: int) -> None:
    if shutil.disk_usage(folder).free - needed < floor:
        raise NoRoomError("the disk is nearly full")


def _receive(body: _Body, policy: FetchPolicy, part: PartFile, on_progress: Progress | None) -> None:
    """Move the body into the part file, judging its first bytes as soon as they are there."""
    sniffed = part.size_bytes >= HEAD_BYTES
    checked = part.size_bytes
    while chunk := _read(body):
        if part.size_bytes + len(chunk) > policy.max_bytes:
            raise TooLargeError("the video is over the size limit")
        part.write(chunk)
        if not sniffed and part.size_bytes >= HEAD_BYTES:
            _check_head(part)
            sniffed = True
        if part.size_bytes - checked >= _ROOM_CHECK_BYTES:
            _check_room(part.path.parent, 0, policy.free_floor_bytes)
            checked = part.size_bytes
        if on_progress is not None:
            on_progress(part.size_bytes, body.total)
    if body.watch.why is not None:
        raise ConnectionAbortedError("ended by the watch")


def _read(body: _Body) -> bytes:
    with body.watch.waiting():
        chunk: bytes = body.response.raw.read1(_CHUNK_BYTES, decode_content=False)
    return chunk


def _check_head(part: PartFile) -> str:
    media_type = sniff(part.head(HEAD_BYTES))
    if media_type is None:
        raise NotAVideoError("what came does not begin like a video")
    return media_type


def _check_whole(part: PartFile, total: int | None) -> str:
    if total is not None and part.size_bytes != total:
        raise CutShortError(f"{part.size_bytes} of {total} bytes came")
    media_type = _check_head(part)
    if total is None and EXTENSIONS[media_type] in ("mp4", "mov") and not boxes_fit(part.path):
        raise CutShortError("the video ends before its end")
    return media_type


def _why(watch: Watch, error: Exception, begun: bool) -> MediaError:
    """Say what a network error was: ours by the watch, a silence, a broken body, or never a connection."""
    if watch.why == "stopped":
        return MediaError("stopped", code="video_stopped")
    if watch.why is not None or isinstance(error, (requests.Timeout, ReadTimeoutError, TimeoutError)):
        return FetchTimeoutError("the host was too slow" if watch.why == "total" else "the host fell silent")
    if begun:
        return CutShortError("the connection broke")
    return MediaError("the host cannot be reached", code="video_unreachable")
