"""Cast cards and continuity blocks: the very same words each time, kept in files."""

from __future__ import annotations

import json

import pytest

from services.prompts.cards import (
    MAX_CARDS,
    Block,
    Cards,
    from_json,
    missing_traits,
    to_json,
    with_block,
    with_person,
)
from services.prompts.compose import compose
from services.prompts.fields import EMPTY, Person

MEI = Person("Mei", ("woman of 30", "红色雨衣"))


def test_a_card_goes_out_word_for_word_in_either_language() -> None:
    fields = with_block(with_person(EMPTY, MEI), Block("Quay", "Same quay, same morning."))
    for text in (compose(fields, "en"), compose(fields, "zh")):
        assert missing_traits(text, MEI) == ()
        assert text.startswith("Same quay, same morning.")
    assert with_person(fields, Person("MEI", ("old",))).cast == (Person("MEI", ("old",)),)
    assert len(with_person(fields, Person("Bo", ("old",))).cast) == 2


def test_cards_come_back_as_they_were_kept() -> None:
    cards = Cards((MEI,), (Block("Quay", "Same quay."),))
    assert from_json(to_json(cards)).value == cards


@pytest.mark.parametrize(
    ("kept", "code"),
    [
        ("[", "cards_not_ours"),
        ("{}", "cards_not_ours"),
        ({"cast": "Mei"}, "cards_not_ours"),
        ({"cast": [{"traits": ["tall"]}]}, "card_no_name"),
        ({"cast": [{"name": "Mei"}]}, "card_empty"),
        ({"continuity": [{"name": "Quay", "text": " "}]}, "card_empty"),
        ({"cast": [{"name": "Mei", "traits": ["x"]}] * (MAX_CARDS + 1)}, "cards_too_many"),
    ],
)
def test_a_mistake_in_a_file_of_cards_is_said(kept: object, code: str) -> None:
    read = from_json(kept if isinstance(kept, str) else json.dumps(kept))
    assert (read.value, [each.code for each in read.problems]) == (None, [code])
    assert "{" not in str(read.problems[0])
