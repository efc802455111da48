"""Settings, Backup: one made by a click, its failure told everywhere, a token that cannot be read asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from streamlit.testing.v1 import AppTest

from db import endpoints
from db.database import Database
from services.backup.store import all_of, folder_of
from services.runtime import ForPerson, Runtime
from tests.pages.test_pages import PROJECT, words
from tests.waiting import wait_until


@pytest.fixture
def settings_page(runtime: Runtime, me: ForPerson) -> AppTest:
    me.preferences.set("language", "en")
    app = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=60).run()
    return app.switch_page("settings.py").run()


def finished(runtime: Runtime) -> None:
    wait_until(lambda: runtime.backups.progress is None)


def test_a_click_makes_a_backup_and_the_page_says_when_and_how_to_put_it_back(
    settings_page: AppTest, runtime: Runtime
) -> None:
    before = len(all_of(runtime.settings))

    settings_page.button(key="backup-now").click().run()
    finished(runtime)
    settings_page.run()

    made = all_of(runtime.settings)[0]
    assert not settings_page.exception
    assert len(all_of(runtime.settings)) >= max(1, before)
    assert "Newest backup: " in words(settings_page)
    assert f"python3 run.py restore {made.name}" in words(settings_page)
    assert str(folder_of(runtime.settings)) in words(settings_page)


def test_check_everything_says_that_all_is_well(settings_page: AppTest, runtime: Runtime) -> None:
    settings_page.button(key="backup-verify").click().run()
    finished(runtime)
    settings_page.run()

    assert not settings_page.exception
    assert "Everything checked: " in words(settings_page)
    assert "All is well." in words(settings_page)


def test_a_failed_backup_is_told_on_every_page_until_one_works(settings_page: AppTest, runtime: Runtime) -> None:
    folder = folder_of(runtime.settings)
    aside = Path(f"{folder}.aside")
    if folder.exists():
        folder.rename(aside)
    folder.write_text("a file where the folder should be")
    settings_page.button(key="backup-now").click().run()
    finished(runtime)
    settings_page.switch_page("library.py").run()
    told = words(settings_page)
    folder.unlink()
    if aside.exists():
        aside.rename(folder)
    runtime.backups.back_up_now()
    finished(runtime)
    settings_page.run()

    assert "The last backup failed. The backup folder cannot be used." in told
    assert "The last backup failed" not in words(settings_page)


def test_a_token_that_cannot_be_read_is_asked_for_again(
    runtime: Runtime, me: ForPerson, settings_page: AppTest
) -> None:
    saved = me.endpoints.save(None, name="Mine", base_url="https://api.example", token="sk-canary-token", model="m")
    database = Database(runtime.settings.store_url)
    with database.transaction() as session:
        endpoints.change(session, "local", saved.id, token_encrypted=Fernet(Fernet.generate_key()).encrypt(b"sk-other"))
    database.close()

    settings_page.run()
    shown = [expander.label for expander in settings_page.expander]
    warned = [str(warning.value) for warning in settings_page.warning]
    me.endpoints.forget(saved.id)

    assert not settings_page.exception
    assert any("needs its token again" in label for label in shown)
    assert any("cannot be read" in text for text in warned)
