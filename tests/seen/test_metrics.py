"""The figures for Prometheus: its own parser reads them, they count what happened, and they hold no word of anybody."""

from __future__ import annotations

import http.client
import json
import os
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from db.tally import Tally
from services.runtime import Runtime
from services.seen.exposition import Family, Times, written
from services.seen.readiness import may_read
from services.seen.worker_port import WorkerPort
from services.settings import Settings
from tests.waiting import wait_until

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
CANARY = "A lighthouse that nobody else may read of"


def read(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(text: str, named: str, **labels: str) -> float:
    """The one sample of this name and these labels."""
    samples = [sample for family in read(text).values() for sample in family.samples]
    (found,) = [one.value for one in samples if one.name == named and one.labels == labels]
    return float(found)


def film(house: Runtime, prompt: str) -> str:
    """Send a prompt and wait until its answer has ended and its videos are settled."""
    me = house.for_person("local").generations
    sent = me.submit(prompt, nonce=os.urandom(8).hex())

    def settled() -> bool:
        now = me.get(sent.id)
        return now.ended_at is not None and all(video.state in ("kept", "failed") for video in now.videos)

    wait_until(settled)
    return str(sent.id)


def test_what_happened_is_counted(house: Runtime) -> None:
    film(house, f"{CANARY} [fast]")
    film(house, f"{CANARY} [401]")
    wait_until(lambda: value(house.metrics(), "dailies_ended_total", state="rejected") == 1)  # a moment after its row

    text = house.metrics()

    assert value(text, "dailies_ended_total", state="done") == 1
    assert value(text, "dailies_ended_total", state="rejected") == 1
    assert value(text, "dailies_ended_total", state="unknown") == 0
    assert value(text, "dailies_first_text_seconds_count") == 1
    assert value(text, "dailies_stream_seconds_count") == 2
    assert value(text, "dailies_fetches_total", result="kept") == 1
    assert value(text, "dailies_generations", state="streaming") == 0
    assert value(text, "dailies_workers") == 1
    assert value(text, "dailies_database_seconds_count", kind="write") > 4
    assert value(text, "dailies_database_seconds_sum", kind="read") > 0
    assert value(text, "dailies_writer_seconds_count") > 0
    assert value(text, "dailies_writer_held_bytes") == 0
    assert value(text, "dailies_ready", check="saves") == 1
    assert "lighthouse" not in text
    assert "local" not in text


def test_what_waits_is_told_with_its_age(house: Runtime) -> None:
    me = house.for_person("local").generations
    me.pause()
    me.submit(CANARY, nonce=os.urandom(8).hex())

    text = house.metrics()
    me.cancel_all_waiting()
    me.resume()

    assert value(text, "dailies_generations", state="queued") == 1
    assert 0 <= value(text, "dailies_oldest_queued_seconds") < 60


def test_the_board_and_the_alerts_ask_for_figures_that_exist(house: Runtime) -> None:
    film(house, f"{CANARY} [fast]")
    samples = {sample.name for family in read(house.metrics()).values() for sample in family.samples}
    board = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]

    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for rule in rules]

    named = {name for expr in asked for name in re.findall(r"(?:dailies|process)_[a-z_]+", expr)}
    assert len(named) > 10
    assert named <= samples


def test_every_alert_is_described() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    described = (DEPLOY.parent / "docs" / "deploy.md").read_text("utf-8")

    assert [rule["alert"] for rule in rules if f"`{rule['alert']}`" not in described] == []


def test_prometheus_reads_any_label_and_any_number() -> None:
    tally = Tally((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        tally.note(seconds)
    odd = 'a "quote", a \\ and\na line'

    text = written(
        [
            Family("one", "gauge", "Of one.", (({"name": odd}, 1e-9), ({"name": "plain"}, 2**40))),
            Times("took", "Times.", (({}, tally.told()),)),
        ]
    )

    assert value(text, "one", name=odd) == 1e-9
    assert value(text, "one", name="plain") == 2**40
    assert value(text, "took_bucket", le="0.1") == 2
    assert value(text, "took_bucket", le="+Inf") == value(text, "took_count") == 4
    assert value(text, "took_sum") == pytest.approx(7.65)


@pytest.mark.parametrize(
    ("peer", "headers", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("192.0.2.7", {}, False),
        (None, {}, False),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, False),
        ("127.0.0.1", {"forwarded": "for=192.0.2.7"}, False),
        ("192.0.2.7", {"authorization": "Bearer "}, False),
    ],
)
def test_without_a_token_the_figures_stay_on_this_machine(
    tmp_path: Path, peer: str | None, headers: dict[str, str], allowed: bool
) -> None:
    assert may_read(Settings(home=tmp_path), peer, headers) is allowed


def test_with_a_token_nothing_else_counts(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, metrics_token="a-long-secret")

    assert may_read(settings, "192.0.2.7", {"authorization": "Bearer a-long-secret"})
    assert not may_read(settings, "192.0.2.7", {"authorization": "Bearer a-long-secre"})
    assert not may_read(settings, "127.0.0.1", {})


def test_behind_a_proxy_this_machine_is_nobody(tmp_path: Path) -> None:
    assert not may_read(Settings(home=tmp_path, public_url="https://dailies.example"), "127.0.0.1", {})


def test_a_worker_answers_on_a_port_of_its_own(house: Runtime) -> None:
    port = WorkerPort(house, "127.0.0.1", 0)
    connection = http.client.HTTPConnection("127.0.0.1", port.port, timeout=120)
    try:
        said = {}
        for path in ("/healthz", "/readyz", "/metrics", "/else"):
            connection.request("GET", path)
            answer = connection.getresponse()
            said[path] = (answer.status, answer.read().decode())
            connection.close()
    finally:
        port.close()

    assert [status for status, _ in said.values()] == [200, 200, 200, 404]
    assert json.loads(said["/readyz"][1])["checks"] == {"alive": True, "saves": True, "open": True}
    assert value(said["/metrics"][1], "dailies_ready", check="alive") == 1
