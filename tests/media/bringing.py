"""What the tests of downloads share: a small video, and how one is brought."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.errors import MediaError
from services.media.fetch import Fetched, FetchPolicy, fetch
from tests.media.films import shell

VIDEO = shell()
PAGE = b"<!doctype html><title>Sign in</title>" + b" " * 200
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\0" * 100


def bring(url: str, folder: Path, policy: FetchPolicy) -> Fetched:
    return fetch(url, destination_folder=folder, name="v1", policy=policy)


def failure(url: str, folder: Path, policy: FetchPolicy) -> MediaError:
    with pytest.raises(MediaError) as caught:
        bring(url, folder, policy)
    return caught.value


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))
