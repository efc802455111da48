"""What each case came to, collected for the table in docs/faults.md and for the report.

With `DAILIES_FAULT_RESULTS` set, the results of a run are written there as JSON.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.faults.plan import FAULTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case: how it ended and what a person reads about it. `lost_text`: something that arrived is not kept."""

    id: str
    outcome: str
    maybe_charged: bool | None
    posts: int
    lost_text: bool
    sentence_en: str
    sentence_zh: str
    canary_hits: int = 0

    def problems(self) -> list[str]:
        """Return in what it differs from the plan."""
        fault = FAULTS[self.id]
        wrong = {
            f"outcome {self.outcome}, not {fault.expect_status}": fault.outcomes is not None
            and self.outcome not in fault.outcomes,
            f"maybe_charged {self.maybe_charged}, paid: {fault.expect_paid}": fault.charged is not None
            and self.maybe_charged is not fault.charged,
            f"{self.posts} POSTs, at most {fault.max_posts}": self.posts > fault.max_posts,
            "text was lost": self.lost_text,
            "nothing is said in English": not any(sign.isalpha() and sign.isascii() for sign in self.sentence_en),
            "nothing is said in Chinese": not any("\u4e00" <= sign <= "\u9fff" for sign in self.sentence_zh),
            "the token shows": self.canary_hits > 0,
        }
        return [what for what, is_so in wrong.items() if is_so]


RESULTS: dict[str, Result] = {}
FIGURES: dict[str, float] = {}
"""Measured beside the cases, by name with its unit."""


def judged(result: Result) -> None:
    """Collect a result, right or wrong; then fail if it differs from the plan."""
    RESULTS[result.id] = result
    assert result.problems() == []


def report() -> dict[str, Any]:
    """Return everything as plain JSON values."""
    ordered = [RESULTS[id] for id in FAULTS if id in RESULTS]
    return {
        "faults": [asdict(result) | {"as_planned": not result.problems()} for result in ordered],
        "planned": len(FAULTS),
        "as_planned": sum(not result.problems() for result in ordered),
        "lost_text": sum(result.lost_text for result in ordered),
        "extra_posts": sum(max(0, result.posts - FAULTS[result.id].max_posts) for result in ordered),
        "canary_hits": sum(result.canary_hits for result in ordered) + int(FIGURES.get("canary_hits_at_the_end", 0)),
        "figures": FIGURES,
    }


def write() -> None:
    """Write the report where `DAILIES_FAULT_RESULTS` says, if it does, beside what a neighbour's process found."""
    if path := os.environ.get("DAILIES_FAULT_RESULTS"):
        file = Path(path)
        with FileLock(f"{path}.lock"):
            if file.exists() and file.stat().st_size:
                _take_in(json.loads(file.read_text("utf-8")))
            file.write_text(json.dumps(report(), ensure_ascii=False, indent=1) + "\n", "utf-8")


def _take_in(earlier: dict[str, Any]) -> None:
    for one in earlier["faults"]:
        known = {name: value for name, value in one.items() if name != "as_planned"}
        RESULTS.setdefault(one["id"], Result(**known))
    for name, value in earlier["figures"].items():
        FIGURES[name] = max(value, FIGURES.get(name, value))
