"""What was paid is taken along exactly, unknown as unknown, and comes in again without counting here."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import update

from db.states import State
from db.tables import GenerationRow
from services.takeaway.cost import read_cost
from tests.takeaway.house import House, records, unzipped, zipped
from tests.usage.told import everything

RULE: dict[str, Any] = {
    "rule": {
        "id": "p1", "endpoint_id": "e-of-this-house", "model": "=sora-*", "basis": "per_call", "price": "0.30",
        "completion_price": None, "currency": "CNY", "valid_from": "2026-01-01", "note": "our secret discount",
    },
    "exact": "0.30", "missing": None,
}  # fmt: skip
KNOWN: dict[str, Any] = {"cost_nano": 300_000_000, "cost_currency": "CNY", "cost_rule": RULE}


def paid(house: House, prompt: str, state: State = State.DONE, /, **cost: Any) -> str:
    id = house.made(prompt, state=state, filmed=state is State.DONE)
    with house.database.transaction() as session:
        session.execute(update(GenerationRow).where(GenerationRow.id == id).values(notes="", **cost))
    return id


def test_cost_currency_certainty_and_rule_are_in_every_list(house: House) -> None:
    paid(house, "sure", **KNOWN)
    paid(house, "maybe", State.FAILED, **KNOWN)
    paid(house, "nobody knows")
    paid(house, "refused", State.REJECTED)
    paid(house, "not after all", charged=False, **KNOWN)

    data = house.taken()

    said = {one["prompt"]: one["cost"] for one in records(data)}
    rule = {name: value for name, value in RULE["rule"].items() if name not in ("id", "endpoint_id", "note")}
    assert said["sure"] == {"is": "sure", "amount": "0.3", "currency": "CNY", "rule": rule, "missing": None}
    assert said["maybe"] == {**said["sure"], "is": "maybe"}
    nothing = {"amount": None, "currency": None, "rule": None, "missing": None}
    assert said["nobody knows"] == {"is": "unknown", **nothing}
    assert said["refused"] == {"is": "none", **nothing}
    assert (said["not after all"]["is"], said["not after all"]["amount"]) == ("none", None)
    files = unzipped(data)
    rows = list(csv.DictReader(io.StringIO(files["generations.csv"].decode("utf-8-sig"))))
    cells = {row["prompt"]: (row["cost"], row["currency"], row["cost_is"], row["cost_rule"]) for row in rows}
    assert cells["sure"] == ("0.3", "CNY", "sure", "'=sora-* per_call 0.30 CNY 2026-01-01"), "no cell is a formula"
    assert cells["nobody knows"] == ("", "", "unknown", "")
    texts = {name: content.decode() for name, content in files.items() if name.endswith(".txt")}
    assert [text for text in texts.values() if text.startswith("sure\n") and "\nCost: 0.3 CNY\n" in text]
    assert [text for text in texts.values() if text.startswith("nobody") and "\nCost: unknown\n" in text]
    assert not [name for name, content in files.items() if b"discount" in content or b"of-this-house" in content]


def test_what_comes_in_keeps_its_cost_counts_nowhere_and_twice_is_once(house: House) -> None:
    id = paid(house, "sure", **KNOWN)
    maybe = paid(house, "maybe", State.INCOMPLETE, cost_nano=1, cost_currency="USD")
    data, ann = house.taken(), house.as_("ann")
    before = everything(house.database, "ann")

    assert ann.bring(zipped(unzipped(data))).new == 2
    assert ann.bring(zipped(unzipped(data))).new == 0

    assert everything(house.database, "ann") == before
    said = {one["prompt"]: one["cost"] for one in records(ann.taken())}
    assert said["sure"] == {"is": "sure", "amount": "0.3", "currency": "CNY", "rule": None, "missing": None}
    assert (said["maybe"]["is"], said["maybe"]["amount"]) == ("maybe", "0.000000001")
    assert ann.ids("cost:>0") == ann.ids("cost:unknown") == []
    assert house.get(id).cost_rule == RULE
    assert house.get(maybe).cost_nano == 1


def test_a_zip_from_before_there_were_costs_comes_in(house: House) -> None:
    paid(house, "old", **KNOWN)
    files = unzipped(house.taken())
    (one,) = records(house.taken())
    del one["cost"]
    files["generations.jsonl"] = json.dumps(one).encode() + b"\n"
    files = {name: content for name, content in files.items() if not name.endswith((".json", ".txt"))}
    ann = house.as_("ann")
    assert ann.bring(zipped(files)).new == 1
    (said,) = records(ann.taken())
    assert (said["cost"]["is"], said["cost"]["amount"]) == ("unknown", None)


@pytest.mark.parametrize(
    "said",
    [
        {"amount": "NaN", "currency": "CNY"}, {"amount": "-1", "currency": "CNY"},
        {"amount": "1e99", "currency": "CNY"},
        {"amount": "1", "currency": "$"}, {"amount": "1"}, {"amount": {"a": 1}, "currency": "CNY"}, {"currency": "CNY"},
    ],
)  # fmt: skip
def test_what_is_no_amount_of_a_currency_is_unknown(said: dict[str, Any]) -> None:
    assert read_cost(said) == {"cost_nano": None, "cost_currency": None}
