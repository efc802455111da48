"""An endpoint as others see it: pages without its token, a running generation with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """An endpoint as pages see it: whether a token is set, never the token."""

    id: str
    name: str
    base_url: str
    model: str
    models: tuple[str, ...] = ()
    has_token: bool = False
    token_unreadable: bool = False
    max_tokens: int = 1000
    stream: bool = True
    extra: dict[str, Any] = field(default_factory=dict)
    idle_seconds: float | None = None
    total_seconds: float | None = None
    concurrency: int | None = None
    per_minute: int | None = None
    built_in: bool = False
    demo: bool = False
    from_environment: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How many streams at once and how many sent in a minute a person allows an endpoint; None: not set."""

    at_once: int | None = None
    per_minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a running generation needs of its endpoint. `repr` never shows the token."""

    base_url: str
    token: str | None = field(repr=False)
    idle_seconds: float
    total_seconds: float
