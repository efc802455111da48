"""Prometheus's text format (0.0.4): a family has a name, a kind, a sentence of help, and samples with labels.

Not its client library: that brings 14 MB into the server for what is one page here (docs/adr/0023). A test reads what
this writes with that library's own parser.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from db.tally import Told

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """One figure, once for each set of labels."""

    name: str
    kind: Literal["gauge", "counter"]
    help: str
    samples: tuple[tuple[Labels, float], ...]


@dataclass(frozen=True, slots=True)
class Times:
    """Times in buckets, once for each set of labels."""

    name: str
    help: str
    samples: tuple[tuple[Labels, Told], ...]


def written(families: Iterable[Family | Times]) -> str:
    """Return all of them as Prometheus reads them.

    >>> print(written([Family("dailies_streams", "gauge", "Answers that come now.", (({}, 2),))]), end="")
    # HELP dailies_streams Answers that come now.
    # TYPE dailies_streams gauge
    dailies_streams 2
    """
    lines: list[str] = []
    for family in families:
        kind = "histogram" if isinstance(family, Times) else family.kind
        lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {kind}"]
        if isinstance(family, Times):
            for labels, told in family.samples:
                lines += _buckets(family.name, labels, told)
        else:
            lines += [_sample(family.name, labels, value) for labels, value in family.samples]
    return "\n".join(lines) + "\n"


def _buckets(name: str, labels: Labels, told: Told) -> list[str]:
    lines, below = [], 0
    for bound, count in zip((*told.bounds, float("inf")), told.counts, strict=True):
        below += count
        edge = "+Inf" if bound == float("inf") else f"{bound:g}"
        lines.append(_sample(f"{name}_bucket", {**labels, "le": edge}, below))
    return [*lines, _sample(f"{name}_sum", labels, told.total), _sample(f"{name}_count", labels, below)]


def _sample(name: str, labels: Labels, value: float) -> str:
    named = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{named}}} {value:.15g}" if named else f"{name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
