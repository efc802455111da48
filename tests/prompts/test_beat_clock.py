"""The beat clock: seconds of beats and speech against the seconds of the clip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompts.beat_clock import Bar, Rates, beat_clock, fit_beats, speech_seconds, split
from services.prompts.compose import compose
from services.prompts.fields import EMPTY, Beat, Fields, Line
from tests.prompts.some import FEW, QUAY


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", 0), ("...", 0), ("We made it back", 1.6), ("我们终于到家了啊啊", 2.0), ("我说OK我说OK我", 5 / 4.5 + 2 / 2.5)],
)
def test_speech_takes_its_time(text: str, seconds: float) -> None:
    assert speech_seconds(text) == pytest.approx(seconds)


def test_rates_can_be_set() -> None:
    assert speech_seconds("one two three four", Rates(english_words_per_second=4)) == 1


def test_beats_and_lines_fill_two_bars_side_by_side() -> None:
    fields = Fields(beats=(Beat("a", 2), Beat("b"), Beat("c", 3)), dialogue=(Line("A", "one two three four five"),))
    clock = beat_clock(fields, 4)
    assert clock.bars == (
        Bar("a", 0, 2, "beat", fits=True),
        Bar("c", 2, 5, "beat", fits=False),
        Bar("one two three four five", 0, 2, "speech", fits=True),
    )
    assert (clock.beats_seconds, clock.speech_seconds, clock.fits, clock.needed_seconds) == (5, 2, False, 5)


def test_nothing_is_claimed_while_the_length_is_unknown() -> None:
    clock = beat_clock(QUAY, None)
    assert clock.fits is None
    assert {bar.fits for bar in clock.bars} == {None}
    assert beat_clock(EMPTY, 4).fits is True


@FEW
@given(st.lists(st.floats(0.1, 20).map(lambda n: round(n, 1)), min_size=1, max_size=6), st.integers(1, 15))
def test_shortened_beats_fill_the_clip_exactly(lengths: list[float], seconds: int) -> None:
    fields = Fields(beats=tuple(Beat(str(length), length) for length in lengths))
    fitted = fit_beats(fields, seconds)
    total = sum(beat.seconds or 0 for beat in fitted.beats)
    if sum(lengths) > seconds:
        assert total == pytest.approx(seconds)
    else:
        assert fitted == fields
    assert all(beat.seconds and beat.seconds > 0 for beat in fitted.beats)


def test_what_is_too_long_is_split_into_shots_that_fit() -> None:
    fields = Fields(
        beats=(Beat("a", 3), Beat("b", 2), Beat("c", 4)),
        dialogue=(Line("A", "one two three four five"), Line("B", "six seven eight nine ten eleven")),
        on_screen=("END",),
        continuity="Same room.",
    )
    shots = split(fields, 4)
    assert [[beat.text for beat in shot.beats] for shot in shots] == [["a"], ["b"], ["c"]]
    assert [[line.speaker for line in shot.dialogue] for shot in shots] == [["A"], ["B"], []]
    assert [shot.on_screen for shot in shots] == [(), (), ("END",)]
    assert all(compose(shot, "en").startswith("Same room.") for shot in shots)
    assert split(EMPTY, 4) == (EMPTY,)
