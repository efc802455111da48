"""Every recorded relay, served over real HTTP and run as `run.py submit` runs it: the report holds what is there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from services.generations.report import as_report
from services.runtime import start
from services.settings import Settings

DATA = Path(__file__).parents[1] / "endpoint" / "data" / "transcripts"
NAMES = sorted(path.stem for path in DATA.glob("*.sse"))


@contextmanager
def serving(body: bytes, status: int, content_type: str) -> Iterator[str]:
    """Answer every POST with one recorded body; no file can be fetched."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def report_of(name: str, home: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run one transcript; return its report and its sidecar."""
    sidecar = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    http = sidecar["http"]
    with serving((DATA / f"{name}.sse").read_bytes(), http["status"], http["content_type"]) as base_url:
        runtime = start(
            Settings(
                home=home, base_url=base_url, undo_seconds=0.0, free_floor_bytes=0, video_hosts=("nowhere.example",)
            ),
            executes=False,
        )
        try:
            mine = runtime.for_person("local").generations
            sent = mine.submit(f"transcript {name}", nonce=name, worker=runtime.worker)
            runtime.execute(sent.id)
            return as_report(mine.get(sent.id), lambda video: None), sidecar
        finally:
            runtime.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_relay_is_read_as_its_sidecar_says(name: str, tmp_path: Path) -> None:
    report, sidecar = report_of(name, tmp_path)
    expected = sidecar["expected"]

    assert report["progress"] == expected["progress_percents"]
    assert report["usage"] == expected["usage"]
    assert report["finish_reason"] == expected["finish_reason"]
    assert report["task_ids"] == expected["task_ids"]
    assert [link for link in report["links"] if link in expected["video_urls"]] == expected["video_urls"]
    assert len(report["videos"]) == len(expected["video_urls"])
    assert not {video["source_url"] for video in report["videos"]} & set(expected["not_video_urls"])
    assert set(expected.get("recovery_urls", ())) <= set(report["links"])
    for text in expected["final_text_contains"]:
        assert text in report["content"]
    for text in expected["reasoning_contains"]:
        assert text in report["reasoning"]


def wanted(outcome: str, error: dict[str, Any] | None, status: int) -> set[tuple[str, str | None]]:
    """Return what the design's "Settled" list makes of a sidecar's verdict."""
    kind = (error or {}).get("kind")
    if kind == "http_error":
        return {("rejected", None)} if status < 500 else {("unknown", None)}
    if kind == "html_body":
        return {("unknown", None)}
    if kind == "text_failure":
        return {("done", "refused")}
    if kind in {"stream_error_chunk", "json_envelope_error"}:
        return {("failed", None)}
    by_outcome: dict[str, set[tuple[str, str | None]]] = {
        "video": {("done", "video")},
        "link_only": {("done", "link")},
        "no_video": {("done", "text"), ("done", "none")},
        "interrupted": {("incomplete", None)},
    }
    return by_outcome[outcome]


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_relay_ends_as_the_design_says(name: str, tmp_path: Path) -> None:
    report, sidecar = report_of(name, tmp_path)
    expected = sidecar["expected"]
    assert (report["state"], report["outcome"]) in wanted(
        expected["outcome"], expected["error"], sidecar["http"]["status"]
    )
    if expected["error"]:
        assert report["error"] is not None
