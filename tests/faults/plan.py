"""The list of faults and what each must come to: a copy of the project's, corrected where a case shows it to be."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

UNCHARGED = {
    "kill9-before-insert": "no",  # the list says "unknown" for all kills: these two come before anything is sent
    "kill9-after-insert-before-post": "no",
}
WITHOUT_ROW = {"kill9-before-insert": "draft kept"}
"""There can be no row to have a state: the draft must hold the prompt (issue 3, part 1)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the state it must end in, what it may cost, how often it may POST, what a person is told."""

    id: str
    stage: str
    expect_status: str
    expect_paid: str
    max_posts: int
    user_sees: str
    limits: dict[str, float] = field(default_factory=dict)

    @property
    def outcomes(self) -> frozenset[str] | None:
        """Return the endings that are right; None where the list leaves it to `user_sees`."""
        if self.id in WITHOUT_ROW:
            return frozenset({WITHOUT_ROW[self.id]})
        if self.expect_status.startswith("see "):
            return None
        words = re.split(r"/| or ", self.expect_status.replace("not-sent", "not_sent").replace("; video: ", "; video "))
        return frozenset(words)

    @property
    def charged(self) -> bool | None:
        """Return what `maybe_charged` must be; None where the list does not say."""
        paid = UNCHARGED.get(self.id, self.expect_paid)
        return {"yes": True, "unknown": True, "no": False}.get(paid)


FAULTS = {row["id"]: Fault(**row) for row in json.loads((Path(__file__).parent / "faults.json").read_text("utf-8"))}


def of_stage(*stages: str) -> list[Fault]:
    """Return the faults of these stages, in the order of the list."""
    return [fault for fault in FAULTS.values() if fault.stage in stages]
