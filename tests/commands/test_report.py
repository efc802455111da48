"""What `--json` prints: exactly the promised keys, and honest words about money."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from db.records import Generation, Video
from db.states import Outcome, State, VideoState
from services.generations.report import as_report, maybe_charged

PROJECT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)

KEPT = Video(
    id="v1", generation_id="g1", source_url="https://host.example/a.mp4", state=VideoState.KEPT, attempts=1,
    sha256="ab", media_type="video/mp4", size_bytes=1000, duration_seconds=4.0, width=640, height=360, poster=True,
    error_code=None, error_message=None, created_at=NOW, kept_at=NOW,
)  # fmt: skip
DONE = Generation(
    seq=1, id="g1", owner="local", nonce="n", parent_id=None, state=State.DONE, outcome=Outcome.VIDEO, priority=0,
    prompt="纸船", fields=None, endpoint_id="e", endpoint_name="Demo", base_url="http://x", model="sora-2", demo=True,
    request=None, content="text", reasoning="", progress=(0, 36, 36, 100, 36), stage=None, links=(), task_ids=("t",),
    flags=(), finish_reason="stop", prompt_tokens=None, completion_tokens=None, total_tokens=None, usage=None,
    http_status=200, error_code=None, error_message=None, worker="w", cancel_requested=False, created_at=NOW,
    release_at=None, enqueued_at=NOW, sent_at=NOW, first_byte_at=NOW, ended_at=NOW, duration_seconds=1.0,
    videos=(KEPT,),
)  # fmt: skip


def nowhere(video: Video) -> Path | None:
    return None


def test_the_object_has_exactly_the_promised_keys() -> None:
    report = as_report(DONE, lambda video: Path("/data/v1.mp4"))

    assert " ".join(report) == (
        "id state outcome prompt model content reasoning progress links videos task_ids finish_reason usage error "
        "maybe_charged"
    )
    assert report["videos"] == [
        {
            "source_url": "https://host.example/a.mp4", "state": "kept", "path": "/data/v1.mp4", "sha256": "ab",
            "bytes": 1000, "duration_seconds": 4.0, "width": 640, "height": 360,
        }
    ]  # fmt: skip
    assert json.loads(json.dumps(report)) == report


def test_equal_neighbours_of_the_progress_are_told_once() -> None:
    assert as_report(DONE, nowhere)["progress"] == [0, 36, 100, 36]


def test_usage_that_nobody_told_is_null_and_a_zero_stays_a_zero() -> None:
    assert as_report(DONE, nowhere)["usage"] is None
    assert as_report(replace(DONE, total_tokens=0), nowhere)["usage"] == {
        "prompt_tokens": None,
        "completion_tokens": None,
        "total_tokens": 0,
    }


def test_an_error_carries_its_code_status_and_message() -> None:
    failed = replace(DONE, state=State.REJECTED, outcome=None, error_code="auth", http_status=401, error_message=None)

    report = as_report(failed, nowhere)

    assert report["error"] == {"code": "auth", "http_status": 401, "message": ""}
    assert report["outcome"] is None


@pytest.mark.parametrize("state", list(State))
def test_whether_it_may_have_cost_money(state: State) -> None:
    surely_not = {State.HELD, State.QUEUED, State.NOT_SENT, State.REJECTED}
    expected = None if state in {State.SENDING, State.STREAMING} else state not in surely_not

    assert maybe_charged(replace(DONE, state=state)) is expected


def test_cancelled_before_sending_cost_nothing() -> None:
    assert maybe_charged(replace(DONE, state=State.CANCELLED, sent_at=None)) is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["submit"], "Missing argument 'PROMPT'"),
        (["submit", "x", "--token-env", "DAILIES_NO_SUCH_TOKEN"], "DAILIES_NO_SUCH_TOKEN is not set"),
        (["list", "--state", "lost"], "'lost' is not one of"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(words: list[str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.commands", *words], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
