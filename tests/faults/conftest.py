"""One application for the whole suite; the results are written when its last case is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import results
from tests.faults.house import House, opened
from tests.media.films import shoot
from tests.media.host import Host

LAST = ("test_canary", "test_table")
"""What looks back on all the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have those that look back on the others run after them."""
    ours = [item for item in items if item.path.parent == Path(__file__).parent]
    places = [at for at, item in enumerate(items) if item in ours]
    ours.sort(key=lambda item: LAST.index(item.path.stem) + 1 if item.path.stem in LAST else 0)
    for at, item in zip(places, ours, strict=True):
        items[at] = item


@pytest.fixture(scope="package")
def host() -> Iterator[Host]:
    with Host().running() as running:
        yield running


@pytest.fixture(scope="package")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    shoot(path)
    return path.read_bytes()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, host: Host, film: bytes) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house"), host, film) as house:
        yield house


@pytest.fixture(scope="package", autouse=True)
def _written() -> Iterator[None]:
    yield
    results.write()
