"""A canary token goes through everything, and is found nowhere afterwards but encrypted."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, inspect, text

from services.clock import utc_now
from services.generations.report import as_report
from services.library.browsing import View
from services.runtime import ForPerson, start
from services.settings import Settings
from services.usage.reading import Reach
from tests.secrets.canary import CANARY, found_in, run_everything
from tests.secrets.echo import echoing

if TYPE_CHECKING:
    pass

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    yield out
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(level)


def everything_said(me: ForPerson, ids: list[str]) -> bytes:
    said = [repr(me.endpoints.list()).encode(), repr(me.usage.sums(me.usage.span(Reach.MONTH, utc_now()))).encode()]
    for id in ids:
        generation = me.generations.get(id)
        said += [repr(generation).encode(), json.dumps(as_report(generation, lambda video: None)).encode()]
        said += [me.generations.curl(id).encode(), me.generations.raw(id) or b""]
    with zipfile.ZipFile(io.BytesIO(b"".join(me.takeaway.pieces(me.selections.of_view(View()))))) as taken:
        said += [name.encode() + taken.read(name) for name in taken.namelist()]
    return b"\n".join(said)


def rows_of(url: str) -> bytes:
    """Return every value of every table, compressed ones opened."""
    engine = create_engine(url)
    said = []
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608  # its own table names
                said += [repr(value).encode() + opened(value) for value in row]
    engine.dispose()
    return b"\n".join(said)


def opened(value: object) -> bytes:
    if not isinstance(value, (bytes, memoryview)):
        return str(value).encode()
    data = bytes(value)
    try:
        return data + zlib.decompress(data)
    except zlib.error:
        return data


def files_of(home: Path) -> Iterator[tuple[Path, bytes]]:
    for path in home.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def test_a_token_that_everything_echoes_is_kept_nowhere(tmp_path: Path, log: io.StringIO) -> None:
    with echoing() as base_url:
        runtime = start(Settings(home=tmp_path, undo_seconds=0.0, free_floor_bytes=0), executes=False)
        try:
            me = runtime.for_person("local")
            ids = run_everything(runtime, me, base_url)
            said = everything_said(me, ids)
            logging.getLogger("somebody").error("the header was %s", {"Authorization": f"Bearer {CANARY}"})
        finally:
            runtime.close()

    assert said.count(b"[redacted]") >= 20
    assert found_in(said) == []
    assert found_in(log.getvalue().encode()) == []
    assert found_in(rows_of(f"sqlite:///{tmp_path / 'dailies.db'}")) == []
    assert {path: found for path, data in files_of(tmp_path) if (found := found_in(data))} == {}


def test_a_crash_in_the_middle_keeps_no_token_either(tmp_path: Path) -> None:
    """Deltas are rows then, joined by the next start: a token cut over two of them must not be put together."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from services.runtime import start\n"
        "from services.settings import Settings\n"
        "from services.endpoint.answer import AnswerReader\n"
        "home, base_url, token = Path(sys.argv[1]), sys.argv[2], sys.argv[3]\n"
        "runtime = start(Settings(home=home, base_url=base_url, token=token, undo_seconds=0.0, free_floor_bytes=0),"
        " executes=False)\n"
        "sent = runtime.for_person('local').generations.submit('answer', nonce='n', worker=runtime.worker)\n"
        "print(runtime.worker, sent.id, flush=True)\n"
        "import threading, time\n"
        "threading.Thread(target=runtime.execute, args=(sent.id,), daemon=True).start()\n"
        "deadline = time.monotonic() + 20\n"
        "while time.monotonic() < deadline:\n"
        "    if runtime.for_person('local').generations.get(sent.id).ended_at: break\n"
        "os.kill(os.getpid(), 9)\n"
    )
    with echoing() as base_url:
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path), base_url, CANARY], cwd=PROJECT, capture_output=True, check=False
        )
    assert done.returncode == -9, done.stderr

    assert {path: found for path, data in files_of(tmp_path) if (found := found_in(data))} == {}
    assert found_in(done.stderr + done.stdout) == []


def test_the_command_line_tells_no_token(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    with echoing() as base_url:
        for prompt in ("answer", "refuse"):
            done = subprocess.run(
                [sys.executable, "-m", "services.commands", "submit", prompt, "--json", "--base-url", base_url,
                 "--token-env", "MINE"],
                cwd=PROJECT,
                env={**clean, "DAILIES_HOME": str(tmp_path), "MINE": CANARY},
                capture_output=True,
                check=False,
            )  # fmt: skip
            assert b"[redacted]" in done.stdout
            assert found_in(done.stdout + done.stderr) == []
