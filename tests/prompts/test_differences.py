"""Before and after: the two texts can be put together again from the segments, and marks are few."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.prompts.differences import MAX_TOKENS, Segment, segments
from tests.prompts.some import FEW


def rebuilt(found: tuple[Segment, ...], without: str) -> str:
    return "".join(each.text for each in found if each.kind != without)


@FEW
@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_are_in_the_segments(before: str, after: str) -> None:
    found = segments(before, after)
    assert rebuilt(found, "added") == before
    assert rebuilt(found, "removed") == after
    assert all(each.text for each in found)


@FEW
@given(st.text(max_size=60))
def test_equal_texts_have_no_marks(text: str) -> None:
    assert all(each.kind == "same" for each in segments(text, text))


def test_words_are_whole_and_chinese_goes_by_characters() -> None:
    assert segments("a red boat", "a reddish boat") == (
        Segment("same", "a "),
        Segment("removed", "red"),
        Segment("added", "reddish"),
        Segment("same", " boat"),
    )
    assert segments("一条红船", "一条蓝船") == (
        Segment("same", "一条"),
        Segment("removed", "红"),
        Segment("added", "蓝"),
        Segment("same", "船"),
    )


def test_a_blank_between_two_changes_belongs_to_them() -> None:
    assert segments("old grey boat", "new red boat")[:2] == (
        Segment("removed", "old grey"),
        Segment("added", "new red"),
    )


def test_endless_texts_are_told_as_replaced() -> None:
    long = "word " * MAX_TOKENS
    assert [each.kind for each in segments(long, long + "x")] == ["removed", "added"]
