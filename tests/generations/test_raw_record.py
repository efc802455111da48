"""A better reader improves old rows, on both stores; a report holds what helps and nothing that hurts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from db import deltas, generations, videos
from db.database import Database
from db.records import Ending, Generation
from db.states import ENDED, State, VideoState
from services.endpoint.redact import Redactor
from services.errors import NotFoundError
from services.generations.raw_record import RawRecord
from services.runtime import start
from services.settings import Settings
from tests.db.rows import NOW, add
from tests.endpoint.saying import DONE, STOP, body_of, said
from tests.secrets.echo import echoing

PROJECT = Path(__file__).resolve().parents[2]
TOKEN = "sk-canary-0123456789"
LINK = "https://videos.example/tmp/boat.mp4"
PROMPT = "A paper boat crosses a puddle,\nmacro, soft window light"
ANSWER = body_of(said(f"Done: [video]({LINK})\n"), said("a lighthouse"), STOP, DONE)


def kept(database: Database, body: bytes = ANSWER, ending: Ending | None = None, **changes: Any) -> Generation:
    """Keep a generation as an older reader left it: its bytes whole, hardly anything understood."""
    with database.transaction() as session:
        made = add(session, PROMPT, worker="w", **changes)
        assert generations.claim(session, made.id, "w", NOW)
        generations.mark_streaming(session, made.id, "w", 200, NOW)
        deltas.append(session.connection(), [], [(made.seq, 0.5, body[:40]), (made.seq, 1.5, body[40:])])
        poor = ending or Ending(state=State.INCOMPLETE, error_code="cut_short", content="Done")
        assert generations.end(session, made.id, "w", poor, NOW)
    return now(database, made.id)


def now(database: Database, id: str) -> Generation:
    with database.reading() as session:
        found = generations.get(session, None, id)
    assert found is not None
    return found


def record_of(database: Database, owner: str = "local") -> RawRecord:
    return RawRecord(owner, database, lambda: Redactor([TOKEN]))


def test_a_better_reading_is_shown_first_and_kept_only_when_told(database: Database) -> None:
    old = kept(database)
    record = record_of(database)

    change = record.look(old.id)
    assert (change.before["state"], change.after["state"]) == (State.INCOMPLETE, State.DONE)
    assert (change.after["outcome"], change.new_videos) == ("video", (LINK,))
    assert now(database, old.id) == old

    assert record.apply(change)
    new = now(database, old.id)
    assert (new.state, new.outcome, new.finish_reason, new.error_code) == (State.DONE, "video", "stop", None)
    assert [(video.source_url, video.state) for video in new.videos] == [(LINK, VideoState.PENDING)]
    with database.reading() as session:
        assert [found.id for found in generations.page(session, "local", limit=9, text="lighthouse")] == [old.id]
    assert record.look(old.id).is_empty


def test_a_row_that_changed_meanwhile_is_left_alone(database: Database) -> None:
    old = kept(database)
    record = record_of(database)
    first, second = record.look(old.id), record.look(old.id)

    assert record.apply(first)
    assert not record.apply(second)
    with database.reading() as session:
        assert len(videos.of(session, old.id)) == 1


def test_what_a_person_or_a_limit_ended_stays_ended_so(database: Database) -> None:
    cut = body_of(said("half a word"))
    for code, state in (("cancelled", State.CANCELLED), ("idle", State.INCOMPLETE), ("worker_lost", State.INCOMPLETE)):
        old = kept(database, cut, Ending(state=state, error_code=code, error_message="as it was"))
        record = record_of(database)
        record.apply(record.look(old.id))
        new = now(database, old.id)
        assert (new.state, new.error_code, new.content) == (state, code, "half a word")


def test_a_cancelled_one_stays_cancelled_though_its_answer_was_whole(database: Database) -> None:
    old = kept(database, ANSWER, Ending(state=State.CANCELLED, error_code="cancelled"))
    record = record_of(database)

    assert record.apply(record.look(old.id))
    new = now(database, old.id)
    assert (new.state, [video.source_url for video in new.videos]) == (State.CANCELLED, [LINK])


def test_what_is_in_flight_is_not_read_again_and_no_end_is_taken_back(database: Database) -> None:
    with database.transaction() as session:
        made = add(session, worker="w")
        generations.claim(session, made.id, "w", NOW)
        deltas.append(session.connection(), [], [(made.seq, 0.1, ANSWER)])
    with pytest.raises(NotFoundError):
        record_of(database).look(made.id)

    old = kept(database)
    for state in set(State) - ENDED:
        with database.transaction() as session, pytest.raises(ValueError, match="never goes back"):
            generations.keep_reading(session, old, {"state": state})


def test_what_was_redacted_never_comes_back(database: Database) -> None:
    """The bytes hold an old token cut in two; the redactor no longer knows it."""
    body = body_of(said("key: old-tok"), said("en-12345 "), said(f"[video]({LINK})"), STOP, DONE)
    old = kept(database, body, Ending(state=State.DONE, content="key: [redacted] "))
    record = record_of(database)
    change = record.look(old.id)

    assert change.withheld
    assert not record.apply(change)
    assert now(database, old.id) == old


def test_everything_that_is_kept_is_found_in_order_and_only_by_its_owner(database: Database) -> None:
    ids = [kept(database).id for _ in range(3)]
    theirs = kept(database, owner="someone")

    assert list(record_of(database).ids()) == ids
    assert list(record_of(database, "someone").ids()) == [theirs.id]
    with pytest.raises(NotFoundError):
        record_of(database).look(theirs.id)
    with pytest.raises(NotFoundError):
        record_of(database).report(theirs.id, with_prompt=True)


def test_a_report_holds_the_bytes_and_how_they_were_read(database: Database) -> None:
    old = kept(database, ending=Ending(state=State.DONE, flags=("cut_line", "header:cf-ray"), content_type="text/x"))

    report = json.loads(record_of(database).report(old.id, with_prompt=False))

    assert report["raw"] == {"encoding": "utf-8", "data": ANSWER.decode()}
    assert (report["flags"], report["header_names"]) == (["cut_line"], ["cf-ray"])
    assert (report["content_type"], report["prompt"]) == ("text/x", None)
    assert report["arrivals"] == [[0, 0.5], [40, 1.5]]
    assert "api.example" not in json.dumps(report)


@pytest.mark.parametrize("echo", [[PROMPT], ["```json\n" + json.dumps({"prompt": PROMPT}) + "\n```"], list(PROMPT)])
def test_the_prompt_is_in_a_report_only_if_its_writer_says_so(database: Database, echo: list[str]) -> None:
    body = body_of(*map(said, echo), STOP, DONE)
    old = kept(database, body, Ending(state=State.DONE, content="".join(echo)))
    record = record_of(database)

    without = record.report(old.id, with_prompt=False).decode()
    for word in ("puddle", "window"):
        assert word not in without
        letters = json.loads(without)["raw"]["data"].split('"content": "')[1:]
        assert word not in "".join(letter.split('"')[0] for letter in letters)
    assert json.loads(record.report(old.id, with_prompt=True))["prompt"] == PROMPT


def test_a_report_holds_no_token_that_is_known_by_now(database: Database) -> None:
    old = kept(database, body_of(said(f"your key {TOKEN}"), STOP, DONE))

    assert TOKEN not in record_of(database).report(old.id, with_prompt=True).decode()


def test_bytes_that_are_no_text_are_kept_as_they_are(database: Database) -> None:
    old = kept(database, b"\xff\xfe\x00data: rubbish, forty bytes of it and more\n\n")

    assert json.loads(record_of(database).report(old.id, with_prompt=False))["raw"]["encoding"] == "base64"


def test_an_answer_without_a_byte_can_be_reported_too(database: Database) -> None:
    with database.transaction() as session:
        made = add(session)

    assert json.loads(record_of(database).report(made.id, with_prompt=False))["raw"]["data"] == ""
    with pytest.raises(NotFoundError):
        record_of(database).look(made.id)


def test_the_command_shows_and_applies_and_sends_nothing(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}

    def replay(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "services.commands", "replay", *words],
            cwd=PROJECT,
            env={**clean, "DAILIES_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    database = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    database.upgrade()
    old = kept(database)
    database.close()

    assert replay().returncode == 2
    assert replay("nothing-there").returncode == 2
    shown = replay("--all").stdout
    assert f"new video: {LINK}" in shown
    assert "1 read again, 1 would change" in shown
    applied = json.loads(replay(old.id, "--apply", "--json").stdout)
    assert (applied["applied"], applied["after"]["state"]) == (True, "done")
    assert replay("--all").stdout == "1 read again, 0 would change (--apply keeps it).\n"


def test_what_today_is_kept_reads_the_same_again(tmp_path: Path) -> None:
    """The endpoint echoes its token in every way: reading again brings back none of it, and changes nothing."""
    with echoing() as base_url:
        settings = Settings(home=tmp_path, base_url=base_url, token=TOKEN * 2, undo_seconds=0.0, free_floor_bytes=0)
        runtime = start(settings, executes=False)
        try:
            me = runtime.for_person("local")
            for prompt in ("answer", "refuse", "page", "cut"):
                sent = me.generations.submit(prompt, nonce=prompt, worker=runtime.worker)
                runtime.execute(sent.id)
                change = me.raw_record.look(sent.id)
                assert (prompt, change.withheld, change.before, change.after) == (prompt, False, {}, {})
                assert TOKEN * 2 not in me.raw_record.report(sent.id, with_prompt=True).decode()
        finally:
            runtime.close()
