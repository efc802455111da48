"""A server without a usable database: it comes up, says what is wrong, offers the newest backup, and sends nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from services.backup.make import make
from services.runtime import start
from services.settings import Settings
from tests.pages.browsing import IDLE, PHONE, opened
from tests.pages.looks import fits_a_phone
from tests.ports import free_port
from tests.trouble.means import PROJECT, locked, spoil_header
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.pages.browsing import Profile

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@contextmanager
def server(home: Path) -> Iterator[str]:
    """A real server on this folder, whatever state it is in."""
    port = free_port()
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "pages.shared.web.serve", "127.0.0.1", str(port)],
        cwd=PROJECT,
        env={**ours, "DAILIES_HOME": str(home), "DAILIES_DEMO_PACE": "0.2", "DAILIES_FREE_FLOOR_BYTES": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: asked(f"http://127.0.0.1:{port}/healthz")[0], seconds=120)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def asked(url: str) -> tuple[int, bytes]:
    """Return status and body; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


def filled(home: Path) -> None:
    """Leave a data folder with one demo generation and a backup of it."""
    runtime = start(Settings(home=home, demo_pace=0.05, free_floor_bytes=0), executes=False)
    sent = runtime.for_person("local").generations.submit("A paper boat", nonce="n", worker=runtime.worker)
    runtime.execute(sent.id)
    runtime.close()
    make(Settings(home=home, free_floor_bytes=0), home / "dailies.db")


def test_a_broken_database_is_told_at_every_address_and_the_backup_brings_everything_back(
    tmp_path: Path, profile: Profile
) -> None:
    filled(tmp_path)
    spoil_header(tmp_path / "dailies.db")
    page = profile()
    with server(tmp_path) as url:
        status, body = asked(f"{url}/healthz")
        assert (status, json.loads(body)) == (503, {"status": "failing", "trouble": "store_damaged"})
        assert asked(f"{url}/app/static/media/abc")[0] == 503

        for address in ("/library", "/nothing-of-this-name", ""):
            opened(page, url + address)
            expect(page.get_by_role("heading", level=1)).to_have_text("Dailies cannot start")
        expect(page.get_by_text("The database file is damaged.")).to_be_visible()
        expect(page.get_by_label("Prompt", exact=True)).to_have_count(0)
        if folder := os.environ.get("DAILIES_TEST_SCREENS"):
            page.screenshot(path=f"{folder}/start-page.png", full_page=True)

        page.get_by_role("button", name="Try again").click()
        page.wait_for_selector(IDLE)
        expect(page.get_by_role("heading", level=1)).to_have_text("Dailies cannot start")

        page.get_by_role("button", name="Use the backup of").click()
        page.get_by_role("heading", name="What shall we shoot?").wait_for()
        page.locator("[class*=st-key-card-]").get_by_text("A paper boat").first.wait_for()
        if folder:
            page.screenshot(path=f"{folder}/start-page-after.png", full_page=True)
        wait_until(lambda: asked(f"{url}/healthz")[0] == 200)

        page.get_by_label("Prompt", exact=True).fill("And it works again")
        page.get_by_role("button", name="Generate").click()
        page.locator("[class*=st-key-card-]").get_by_text("And it works again").first.wait_for()
    kept = [path for path in tmp_path.glob("dailies.db.*") if path.read_bytes()[:8] == b"\0garbage"]
    assert len(kept) == 1, "the broken file is kept beside it"


def test_without_a_backup_one_can_begin_empty_and_the_file_is_kept(tmp_path: Path, profile: Profile) -> None:
    (tmp_path / "dailies.db").write_bytes(b"this was a database once" * 100)
    page = profile(viewport=PHONE, locale="zh-CN", color_scheme="dark")
    with server(tmp_path) as url:
        opened(page, url)
        expect(page.get_by_role("heading", level=1)).to_have_text("Dailies 无法启动")
        fits_a_phone(page)
        page.get_by_text("从空数据库开始").click()
        if folder := os.environ.get("DAILIES_TEST_SCREENS"):
            page.get_by_role("button", name="从空开始").wait_for()
            page.screenshot(path=f"{folder}/start-page-zh-phone.png", full_page=True)
        page.get_by_role("button", name="从空开始").click()
        page.get_by_label("提示词", exact=True).wait_for()
    assert [path.read_bytes()[:4] for path in tmp_path.glob("dailies.db.broken-*")] == [b"this"]


def test_while_nothing_can_be_saved_the_page_says_so_and_the_prompt_stays_in_the_box(
    tmp_path: Path, profile: Profile
) -> None:
    page = profile()
    with server(tmp_path) as url:
        wait_until(lambda: asked(f"{url}/healthz")[0] == 200)
        opened(page, url)
        page.get_by_label("Prompt", exact=True).fill("Do not lose me")
        page.get_by_text("Draft saved").wait_for()
        with locked(tmp_path / "dailies.db"):
            wait_until(lambda: b"store_locked" in asked(f"{url}/healthz")[1])
            page.get_by_role("button", name="Generate").click()
            page.get_by_text("Nothing was sent and nothing is charged.").wait_for()
            expect(page.get_by_label("Prompt", exact=True)).to_have_value("Do not lose me")
            expect(page.get_by_text("Your words stay where they are.")).to_be_visible()
            page.locator(".st-key-store-trouble").get_by_text("Another program is holding the database").wait_for()
            if folder := os.environ.get("DAILIES_TEST_SCREENS"):
                page.screenshot(path=f"{folder}/locked.png", full_page=True)
        page.locator(".st-key-store-trouble").wait_for(state="detached")
        page.get_by_role("button", name="Generate").click()
        page.locator("[class*=st-key-card-]").get_by_text("Do not lose me").first.wait_for()


def test_beside_a_newer_database_the_backup_of_before_is_offered_but_not_urged(
    tmp_path: Path, profile: Profile
) -> None:
    filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / "dailies.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9876'")
    with server(tmp_path) as url:
        page = opened(profile(), url)
        expect(page.get_by_text("It is of a version that this Dailies understands")).to_be_visible()
        expect(page.get_by_role("button", name="Begin empty")).to_have_count(0)
        page.get_by_role("button", name="Use the backup of").click()
        page.get_by_role("heading", name="What shall we shoot?").wait_for()
        page.locator("[class*=st-key-card-]").get_by_text("A paper boat").first.wait_for()

    assert [path.name for path in tmp_path.glob("dailies.db.before-restore-*Z")]
