"""Ready: not only alive, but able to keep what is begun here."""

from __future__ import annotations

from pathlib import Path

from services.runtime import Runtime, start
from services.settings import Settings
from tests.waiting import wait_until


def test_a_running_house_is_ready(house: Runtime) -> None:
    assert house.ready().well
    assert house.ready().trouble is None


def test_a_full_disk_is_alive_and_not_ready(tmp_path: Path) -> None:
    runtime = start(Settings(home=tmp_path, free_floor_bytes=2**62))
    wait_until(runtime.health)

    ready = runtime.ready()
    runtime.close()

    assert ready.checks == {"alive": True, "saves": False, "open": True}
    assert ready.trouble == "disk_full"
    assert not ready.well


def test_who_is_stopping_takes_no_more_visitors(tmp_path: Path) -> None:
    runtime = start(Settings(home=tmp_path), executes=False)
    runtime.close()

    assert runtime.ready().checks["open"] is False
