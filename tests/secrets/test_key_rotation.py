"""A change of keys loses no token, wherever it is interrupted, and a lost key is no crash."""

from __future__ import annotations

import contextlib
import os
import random
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from db.database import Database
from services.endpoint.profiles import Endpoints
from services.errors import SecretError
from services.key_rotation import rotate
from services.secrets import Secrets
from services.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
TOKEN = "sk-canary-0123456789"


def endpoints_of(database: Database, settings: Settings, owner: str = "local") -> Endpoints:
    return Endpoints(owner, database, settings, Secrets(settings), lambda: "http://127.0.0.1:1")


def saved(endpoints: Endpoints, token: str = TOKEN) -> str:
    return endpoints.save(None, name="One", base_url="https://api.example", token=token, model="sora-2").id


def key_lines(home: Path) -> list[bytes]:
    return (home / "secret.key").read_bytes().split()


def test_after_a_rotation_only_the_new_key_reads_the_tokens(database: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    mine, theirs = endpoints_of(database, settings), endpoints_of(database, settings, "someone")
    ids = [saved(mine), saved(theirs, "another-token-1")]
    old = Fernet(key_lines(tmp_path)[0])

    rotated = rotate(database, Secrets(settings))

    assert (rotated.renewed, rotated.unreadable) == (2, 0)
    assert len(key_lines(tmp_path)) == 1
    assert [mine._token(ids[0]), theirs._token(ids[1])] == [TOKEN, "another-token-1"]
    row = mine._row(ids[0])
    assert row is not None
    with pytest.raises(InvalidToken):
        old.decrypt(row.token_encrypted or b"")


def test_a_rotation_that_was_killed_leaves_everything_readable_and_is_finished_by_the_next(
    database: Database, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    mine = endpoints_of(database, settings)
    first = saved(mine)
    Secrets(settings).add_key()  # killed here: two keys, every token under the older one
    second = saved(mine, "a-newer-token")

    assert len(key_lines(tmp_path)) == 2
    assert [mine._token(first), mine._token(second)] == [TOKEN, "a-newer-token"]
    rotate(database, Secrets(settings))
    assert len(key_lines(tmp_path)) == 1
    assert [mine._token(first), mine._token(second)] == [TOKEN, "a-newer-token"]


def test_kill_9_at_any_moment_of_a_rotation_loses_no_token(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    url = f"sqlite:///{tmp_path / 'dailies.db'}"
    database = Database(url)
    database.upgrade()
    mine = endpoints_of(database, settings)
    ids = [saved(mine, f"{TOKEN}-{number}") for number in range(20)]
    code = (
        "import sys; from pathlib import Path; from db.database import Database\n"
        "from services.key_rotation import rotate; from services.secrets import Secrets\n"
        "from services.settings import Settings\n"
        "database, secrets = Database(sys.argv[1]), Secrets(Settings(home=Path(sys.argv[2])))\n"
        "print('begun', flush=True)\n"
        "while True: rotate(database, secrets)\n"
    )
    chance = random.Random(7)
    for _ in range(6):
        child = subprocess.Popen([sys.executable, "-c", code, url, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(chance.uniform(0.0, 0.4))
        child.kill()
        child.communicate()
        assert [mine._token(id) for id in ids] == [f"{TOKEN}-{number}" for number in range(20)]
    rotate(database, Secrets(settings))
    assert len(key_lines(tmp_path)) == 1
    database.close()


def test_tokens_saved_while_keys_change_stay_readable(database: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    mine = endpoints_of(database, settings)
    ids = [saved(mine)]
    stop = threading.Event()

    def save() -> None:
        while not stop.is_set():
            ids.append(saved(mine))

    thread = threading.Thread(target=save)
    thread.start()
    for _ in range(8):
        rotate(database, Secrets(settings))
    stop.set()
    thread.join()

    assert {mine._token(id) for id in ids} == {TOKEN}


def test_a_key_in_the_environment_takes_the_files_or_the_old_ones_place(database: Database, tmp_path: Path) -> None:
    in_file = Settings(home=tmp_path)
    first = saved(endpoints_of(database, in_file))
    given = Settings(home=tmp_path, secret_key="one long passphrase")
    assert endpoints_of(database, given)._token(first) == TOKEN

    rotated = rotate(database, Secrets(given))
    assert (rotated.renewed, rotated.file_gone) == (1, True)
    assert not (tmp_path / "secret.key").exists(), "the key it was stored under before is left nowhere"
    newer = Settings(home=tmp_path, secret_key="another passphrase", old_secret_key="one long passphrase")
    again = rotate(database, Secrets(newer))
    assert (again.renewed, again.file_gone) == (1, False)

    alone = Settings(home=tmp_path, secret_key="another passphrase")
    assert endpoints_of(database, alone)._token(first) == TOKEN


@pytest.mark.parametrize(
    "damage", [b"", b"rubbish", b"\x00" * 44, Fernet.generate_key()], ids=["empty", "rubbish", "zeros", "another key"]
)
def test_a_token_no_key_reads_wants_to_be_entered_again_and_is_no_crash(
    database: Database, tmp_path: Path, damage: bytes
) -> None:
    settings = Settings(home=tmp_path)
    mine = endpoints_of(database, settings)
    lost = saved(mine)
    (tmp_path / "secret.key").write_bytes(damage)

    view = mine.get(lost)
    assert (view.has_token, view.token_unreadable) == (False, True)
    with pytest.raises(SecretError):
        mine._token(lost)
    assert rotate(database, Secrets(settings)).unreadable == 1

    mine.save(lost, name="One", base_url="https://api.example", token=TOKEN, model="sora-2")
    view = mine.get(lost)
    assert (view.has_token, view.token_unreadable, mine._token(lost)) == (True, False, TOKEN)


def test_what_is_called_readable_is_what_fernet_reads(tmp_path: Path) -> None:
    secrets = Secrets(Settings(home=tmp_path))
    stored = secrets.encrypt(TOKEN)

    assert secrets.can_read(stored)
    for spoilt in (
        b"",
        b"x",
        stored[:-4],
        stored[:20] + b"A" + stored[21:],
        Fernet(Fernet.generate_key()).encrypt(b"x"),
    ):
        assert not secrets.can_read(spoilt)
        with pytest.raises(SecretError):
            secrets.decrypt(spoilt)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_nobody_else_may_read_the_key_file_not_even_one_that_was_left_open(tmp_path: Path) -> None:
    secrets = Secrets(Settings(home=tmp_path))
    stored = secrets.encrypt(TOKEN)
    file = tmp_path / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    file.chmod(0o644)
    assert secrets.decrypt(stored) == TOKEN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secrets.add_key()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    done = subprocess.run(
        [sys.executable, "-m", "services.commands", "rotate-key"],
        cwd=PROJECT,
        env={**clean, "DAILIES_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("A new key is in use")
    assert len(key_lines(tmp_path)) == 1


def test_a_key_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret.key.lock").mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    done = subprocess.run(
        [sys.executable, "-m", "services.commands", "rotate-key"],
        cwd=PROJECT,
        env={**clean, "DAILIES_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("home_unusable: The data folder cannot be used.")
    assert "Traceback" not in done.stderr
