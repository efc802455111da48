"""Stacks: takes and near-same runs of one model together, the best on top, nothing lost and nothing by chance."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from db.library_records import Card
from db.states import State
from services.library.stacks import stacked
from tests.library.some import NOW

LONG = "A lighthouse keeper climbs the spiral stair at dusk while rain runs down the windows"


def card(id: str, prompt: str = LONG, **said: Any) -> Card:
    usual: dict[str, Any] = {
        "seq": 1, "id": id, "state": State.DONE, "outcome": None, "prompt": prompt, "content": "", "notes": "",
        "model": "m", "demo": False, "total_tokens": None, "duration_seconds": None, "created_at": NOW,
        "favourite": False, "rating": None, "trashed_at": None,
    }  # fmt: skip
    return Card(**(usual | said))


def ids(cards: list[Card]) -> list[str]:
    return ["".join(one.id for one in stack) for stack in stacked(cards)]


def test_the_same_and_nearly_the_same_words_lie_together_the_best_on_top() -> None:
    near = LONG.replace("dusk", "dawn")
    assert ids([card("a"), card("x", "Two dancers on a roof"), card("b", near, rating=4), card("c", LONG.upper())]) == [
        "bac",
        "x",
    ]
    assert ids([card("a"), card("b", rating=5), card("c", favourite=True)]) == ["cba"]


def test_other_models_short_prompts_and_what_still_runs_lie_by_themselves() -> None:
    assert ids([card("a"), card("b", model="n")]) == ["a", "b"]
    assert ids([card("a", "Heron 1 at dusk"), card("b", "Heron 2 at dusk")]) == ["a", "b"]
    assert ids([card("a", "Heron at dusk"), card("b", "heron, at DUSK!")]) == ["ab"]
    assert ids([card("a", state=State.STREAMING), card("b"), card("c", state=State.QUEUED)]) == ["a", "b", "c"]
    assert ids([card("a", ""), card("b", "")]) == ["a", "b"]


@given(st.lists(st.sampled_from([LONG, LONG + " again", "短い", "", "Two dancers on a roof at night in the rain"])))
def test_no_card_is_lost_or_doubled(prompts: list[str]) -> None:
    cards = [card(f"{number} ", prompt) for number, prompt in enumerate(prompts)]
    assert sorted(one.id for stack in stacked(cards) for one in stack) == sorted(one.id for one in cards)
