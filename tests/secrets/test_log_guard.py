"""No secret reaches a log, whoever writes it and however it is dressed."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import log_guard
from services.secrets import Secrets
from services.settings import Settings

TOKEN = "canary-Token/1234567890"


@pytest.fixture
def written(tmp_path: Path) -> Iterator[io.StringIO]:
    """What a handler of a logger that propagates nothing wrote, as Streamlit's and uvicorn's are."""
    log_guard.install(Settings(home=tmp_path, token=TOKEN, database_url="postgresql://me:pass-word-99@host/db"))
    out = io.StringIO()
    logger = logging.getLogger("somebody.elses")
    handler = logging.StreamHandler(out)
    logger.addHandler(handler)
    logger.propagate = False
    yield out
    logger.removeHandler(handler)


def test_a_secret_is_taken_out_of_messages_arguments_and_tracebacks(written: io.StringIO) -> None:
    logger = logging.getLogger("somebody.elses")
    logger.warning(f"plain {TOKEN}")  # noqa: G004  # the worst case
    logger.warning("argument %s %d", TOKEN, 7)
    logger.warning("object %s", {"Authorization": f"Bearer {TOKEN}"})
    logger.warning("mapping %(a)s", {"a": TOKEN})
    logger.warning("database pass-word-99, sk-somebodyelses0")
    try:
        int(f"InvalidHeader: {TOKEN}")
    except ValueError:
        logger.exception("it broke", stack_info=True)

    said = written.getvalue()
    assert TOKEN not in said
    assert "pass-word-99" not in said
    assert "sk-somebodyelses0" not in said
    assert said.count("[redacted]") == 7
    assert "argument [redacted] 7" in said
    assert "InvalidHeader: [redacted]" in said


def test_what_has_no_secret_is_left_as_it_was(written: io.StringIO) -> None:
    logger = logging.getLogger("somebody.elses")
    records: list[logging.LogRecord] = []
    logger.addFilter(lambda record: not records.append(record))  # type: ignore[func-returns-value]  # keep it, let it pass

    logger.warning("%s - %d", "GET /", 200)

    assert (records[0].msg, records[0].args) == ("%s - %d", ("GET /", 200))


def test_a_stored_token_is_known_from_its_first_use(written: io.StringIO, tmp_path: Path) -> None:
    secrets = Secrets(Settings(home=tmp_path))
    secrets.encrypt("typed-just-now-77")

    logging.getLogger("somebody.elses").warning("typed-just-now-77")

    assert written.getvalue() == "[redacted]\n"


def test_settings_do_not_print_their_secrets(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, token=TOKEN, secret_key="k" * 20, database_url="postgresql://me:pw@host/db")

    assert TOKEN not in repr(settings)
    assert "kkkk" not in repr(settings)
    assert "pw@" not in repr(settings)
