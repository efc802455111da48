"""What is typed into an endpoint is checked by the service, whatever the page let through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.endpoint import fields
from services.errors import EndpointSettingsError


@pytest.mark.parametrize(
    ("check", "typed", "code"),
    [
        (fields.checked_name, " \n", "name_blank"),
        (fields.checked_name, "n" * 201, "field_too_long"),
        (fields.checked_model, "", "model_blank"),
        (fields.checked_model, "m" * 201, "field_too_long"),
        (fields.checked_token, "t" * 4097, "field_too_long"),
        (fields.checked_token, "two words", "token_invalid"),
        (fields.checked_extra, "[" * 100_001, "field_too_long"),
        (fields.checked_extra, "[" * 99_999, "extra_invalid"),
        (fields.checked_extra, "[1]", "extra_invalid"),
        (fields.checked_extra, "{", "extra_invalid"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(check: Callable[[str], Any], typed: str, code: str) -> None:
    with pytest.raises(EndpointSettingsError) as refused:
        check(typed)

    assert refused.value.code == code


@pytest.mark.parametrize("limits", [(0,), (1, -1.0), (1, 0.0), (1, float("nan")), (1, None, None, 0)])
def test_a_limit_is_a_positive_number(limits: tuple[Any, ...]) -> None:
    with pytest.raises(EndpointSettingsError, match="positive"):
        fields.check_limits(*limits)


def test_what_can_be_kept_is_kept_clean() -> None:
    assert fields.checked_name(" 我的\x00 ") == "我的\ufffd"
    assert fields.checked_model(" sora-2 ") == "sora-2"
    assert fields.checked_token("") is None
    assert fields.checked_extra('{"size": "1280x720"}') == {"size": "1280x720"}
    fields.check_limits(1, None, 1.5, 3)
