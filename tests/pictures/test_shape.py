"""What is cut off a picture."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.pictures.shape import SHAPES, crop_box, fitted

SIDES = st.integers(1, 20_000)


@given(SIDES, SIDES, st.sampled_from([*SHAPES, "whole"]), st.floats(-2, 3))
def test_the_part_lies_inside_is_as_large_as_can_be_and_has_the_shape(
    width: int, height: int, shape: str, at: float
) -> None:
    left, top, right, bottom = crop_box(width, height, shape, at)

    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left == width or bottom - top == height
    if shape in SHAPES:
        across, down = SHAPES[shape]
        assert abs((right - left) * down - (bottom - top) * across) <= max(across, down)


@given(SIDES, SIDES, st.integers(1, 5000))
def test_nothing_is_made_larger_and_no_side_is_too_long(width: int, height: int, longest: int) -> None:
    wide, tall = fitted(width, height, longest)

    assert 1 <= wide <= width
    assert 1 <= tall <= height
    assert max(wide, tall) <= longest
