"""What one row counts for in the usage totals, as SQL that both databases speak.

The totals are kept, counted anew and read by these same words (db.usage_triggers, db.usage_totals, db.usage), so that
they cannot come to mean different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import Final

HOUR, DAY = 3600, 86400
"""The two grains of the totals, in seconds."""

KEY: Final = (
    *("owner", "endpoint_id", "endpoint_name", "model", "demo", "sent", "state"),
    *("certainty", "shelf", "currency"),
)
"""What is counted together, beside the collection."""

SUMS: Final = (
    *("generations", "prompt_told", "completion_told", "total_told", "prompt_tokens", "completion_tokens"),
    *("total_tokens", "cost_nano", "videos", "keepers"),
)
"""What is added up."""

WATCHED: Final = (
    *("owner", "endpoint_id", "endpoint_name", "model", "demo", "state", "created_at", "sent_at", "charged"),
    *("prompt_tokens", "completion_tokens", "total_tokens", "cost_nano", "cost_currency"),
)
"""The columns, of generations and of past usage, that a total hangs on."""
WATCHED_OF_GENERATIONS: Final = (*WATCHED, "trashed_at", "imported_at", "favourite", "rating")

_SENT = "$r.sent_at IS NOT NULL AND $r.state <> 'not_sent'"
CERTAINTY: Final = (
    "CASE WHEN $r.demo THEN 'none'"
    " WHEN $r.charged IS NOT NULL THEN (CASE WHEN $r.charged THEN 'sure' ELSE 'not_charged' END)"
    " WHEN $r.state IN ('rejected','not_sent') OR ($r.state = 'cancelled' AND $r.sent_at IS NULL) THEN 'none'"
    " WHEN $r.state = 'done' THEN 'sure' ELSE 'maybe' END"
)
"""Whether an ended row was charged; services.usage.certainty says the same of a generation, and a test that they do."""
_COSTS: Final = f"({CERTAINTY}) IN ('sure','maybe')"

_TOKENS: Final = ("prompt", "completion", "total")
_COMMON: Final = {
    "owner": "$r.owner",
    "endpoint_id": "$r.endpoint_id",
    "endpoint_name": "$r.endpoint_name",
    "model": "$r.model",
    "demo": "$r.demo",
    "sent": f"({_SENT})",
    "state": "$r.state",
    "certainty": f"({CERTAINTY})",
    "shelf": "'gone'",
    "currency": f"(CASE WHEN {_COSTS} AND $r.cost_nano IS NOT NULL THEN COALESCE($r.cost_currency, '') ELSE '' END)",
    "generations": "1",
    **{f"{name}_told": f"(CASE WHEN $r.{name}_tokens IS NULL THEN 0 ELSE 1 END)" for name in _TOKENS},
    **{f"{name}_tokens": f"COALESCE($r.{name}_tokens, 0)" for name in _TOKENS},
    "cost_nano": f"(CASE WHEN {_COSTS} THEN COALESCE($r.cost_nano, 0) ELSE 0 END)",
    "videos": "0",
    "keepers": "0",
}
# Hidden from SQLite's planner: by the index on the state it would walk through every kept video.
_KEPT_VIDEOS = "(SELECT count(*) FROM videos v WHERE v.generation_id = $r.id AND COALESCE(v.state, '') = 'kept')"


@dataclass(frozen=True, slots=True)
class Kind:
    """A table whose rows are counted: which of them, and what each column of a total is of one, with `$r` for it."""

    table: str
    counted: str
    words: dict[str, str]
    watched: tuple[str, ...]
    collected: bool

    def of(self, name: str, row: str) -> str:
        """Return what a column of a total is of this row (`NEW`, `OLD`, an alias)."""
        return Template(self.words[name]).substitute(r=row)

    def is_counted(self, row: str) -> str:
        """Return the condition that this row is in the totals at all: it has ended, and was not brought in."""
        return Template(self.counted).substitute(r=row)


GENERATIONS: Final = Kind(
    table="generations",
    counted="($r.state NOT IN ('held','queued','sending','streaming') AND $r.imported_at IS NULL)",
    words=_COMMON
    | {
        "shelf": "(CASE WHEN $r.trashed_at IS NULL THEN 'kept' ELSE 'trash' END)",
        "videos": _KEPT_VIDEOS,
        "keepers": "(CASE WHEN $r.favourite OR COALESCE($r.rating, 0) >= 4 THEN 1 ELSE 0 END)",
    },
    watched=WATCHED_OF_GENERATIONS,
    collected=True,
)
PAST: Final = Kind(table="past_usage", counted="(1 = 1)", words=_COMMON, watched=WATCHED, collected=False)


def epoch(row: str, dialect: str) -> str:
    """Return when a row was made, in whole seconds since 1970."""
    if dialect == "sqlite":
        return f"CAST(strftime('%s', {row}.created_at) AS INTEGER)"
    return f"CAST(floor(extract(epoch FROM {row}.created_at)) AS BIGINT)"
