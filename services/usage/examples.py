"""Prices to see the form by. They are made up, are nobody's prices, and are never applied by themselves."""

from __future__ import annotations

from typing import Final

from services.prompts.marks import N_
from services.usage.prices import Draft

NOTE: Final = N_("A made-up example")

EXAMPLES: Final = {
    N_("Each video costs the same"): Draft(model="sora-2*", basis="per_call", price="0.30", currency="CNY"),
    N_("Each second of video costs"): Draft(model="sora-2-pro*", basis="per_second", price="0.10", currency="USD"),
    N_("A chat model, by its tokens"): Draft(
        model="gpt-*", basis="per_token", price="2.50", completion_price="10", currency="USD"
    ),
    N_("Nobody knows"): Draft(model="veo*", basis="unknown"),
}
