"""Near-same prompts: what a person would call the same is above the line, what they would not is below."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompts.likeness import NEAR, fingerprint, likeness, near, normalised, signature, similarity
from tests.prompts.some import FEW

LIGHTHOUSE = "A lighthouse on a rock at dusk, waves break, slow push-in, 35 mm film, low warm sun, gulls far away"
DUMPLINGS = "写实真人，奶奶在厨房里包饺子，热气升起，暖光，缓慢推进，35毫米胶片，雨打窗"

SAME = [
    (LIGHTHOUSE, LIGHTHOUSE.upper() + "!!"),
    (LIGHTHOUSE, LIGHTHOUSE.replace(",", " ;").replace(" ", "  ")),
    (DUMPLINGS, DUMPLINGS.replace("，", " ")),
    ("Café ＡＢＣ", "cafe abc"),
]
NEARLY = [
    (LIGHTHOUSE, LIGHTHOUSE.replace("gulls", "two gulls")),
    (LIGHTHOUSE, LIGHTHOUSE.replace("dusk", "dawn")),
    (LIGHTHOUSE, LIGHTHOUSE.replace("waves break, ", "") + ", waves break"),
    (DUMPLINGS, DUMPLINGS.replace("雨打窗", "雨声")),
    (DUMPLINGS, DUMPLINGS + "，安静"),
]
APART = [
    (LIGHTHOUSE, "A lighthouse on a rock"),
    (LIGHTHOUSE, "Two dancers on a roof at night, handheld, 16 mm film, neon, rain, a train far away"),
    (DUMPLINGS, "写实真人，爷爷在院子里修自行车，阳光，固定机位，16毫米胶片，鸟鸣"),
    (DUMPLINGS, LIGHTHOUSE),
    ("", "a"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_after_folding_has_one_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), NEARLY)
def test_a_small_change_is_near_same(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)
    assert similarity(one, other) >= NEAR


@pytest.mark.parametrize(("one", "other"), APART)
def test_another_film_is_not(one: str, other: str) -> None:
    assert similarity(one, other) < 0.7


@FEW
@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_even_and_between_nothing_and_all(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    if normalised(one):
        assert similarity(one, one) == 1


def test_candidates_come_nearest_first() -> None:
    found = near(LIGHTHOUSE, [(1, DUMPLINGS), (2, NEARLY[0][1]), (3, LIGHTHOUSE)])
    assert [thing for thing, _ in found] == [3, 2]


def test_two_hundred_candidates_are_scored_while_one_types() -> None:
    wanted = signature(LIGHTHOUSE)
    candidates = [f"{LIGHTHOUSE} number {number}" for number in range(200)]
    best = min(_seconds(lambda: [likeness(wanted, signature(text)) for text in candidates]) for _ in range(3))
    assert best < 0.25


def _seconds(work: object) -> float:
    start = time.thread_time()
    assert callable(work)
    work()
    return time.thread_time() - start
