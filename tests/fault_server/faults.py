"""The plan: what each fault must come to. A copy of the rows of the project's fault list that concern the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the state it must end in, how often it may POST, and the limits (seconds) to drive it with."""

    id: str
    expect_status: str
    expect_paid: str
    max_posts: int
    limits: dict[str, float]

    @property
    def state(self) -> str:
        """The state word of the application."""
        return self.expect_status.replace("-", "_")


FAULTS = tuple(Fault(**row) for row in json.loads((Path(__file__).parent / "faults.json").read_text("utf-8")))
