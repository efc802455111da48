"""A look-up of a host that hangs keeps neither a stop nor a deadline waiting."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.abandon import abandonable
from services.errors import FetchTimeoutError, MediaError
from services.media.fetch import FetchPolicy, fetch
from tests.waiting import SOON_SECONDS

Hanging = Callable[..., list[tuple[int, str]]]


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    """A look-up that hangs as the system's does, and notes that it has begun."""
    over = threading.Event()

    def look_up(host: str = "", port: int = 0) -> list[tuple[int, str]]:
        over.wait(60)
        return []

    yield look_up
    over.set()


def test_it_returns_what_the_call_returns_and_raises_what_it_raises() -> None:
    assert abandonable(lambda: 7, seconds=5, given_up=lambda: False) == 7
    with pytest.raises(socket.gaierror):
        abandonable(lambda: socket.getaddrinfo("", None), seconds=5, given_up=lambda: False)


def test_a_hanging_call_is_left_at_its_time(hanging: Hanging) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        abandonable(hanging, seconds=0.2, given_up=lambda: False)
    assert time.monotonic() - began < SOON_SECONDS


def test_a_hanging_call_is_left_when_given_up(hanging: Hanging) -> None:
    given_up = threading.Event()
    threading.Timer(0.1, given_up.set).start()
    began = time.monotonic()
    with pytest.raises(ConnectionAbortedError):
        abandonable(hanging, seconds=60, given_up=given_up.is_set)
    assert time.monotonic() - began < SOON_SECONDS


def test_a_download_whose_host_cannot_be_looked_up_ends_in_time(hanging: Hanging, tmp_path: Path) -> None:
    policy = FetchPolicy(resolver=hanging, connect_seconds=0.2)
    with pytest.raises(FetchTimeoutError):
        fetch("https://videos.example/1.mp4", destination_folder=tmp_path, name="v1", policy=policy)


def test_a_download_can_be_stopped_while_its_host_is_looked_up(hanging: Hanging, tmp_path: Path) -> None:
    policy = FetchPolicy(resolver=hanging, connect_seconds=60)
    watch = policy.watch()
    threading.Timer(0.1, watch.stop).start()
    began = time.monotonic()
    with pytest.raises(MediaError) as stopped:
        fetch("https://videos.example/1.mp4", destination_folder=tmp_path, name="v1", policy=policy, watch=watch)
    assert stopped.value.code == "video_stopped"
    assert time.monotonic() - began < SOON_SECONDS
