"""How far an answer is by its text alone: for who sees what another process has kept, and not its events. Pure."""

from __future__ import annotations

from services.endpoint.links import Links
from services.endpoint.scan import Found, Scanner


class Gauge:
    """Reads progress and stage off pieces of kind "c" (content) and "r" (reasoning), as they come.

    >>> gauge = Gauge()
    >>> gauge.feed([("r", "> 进度：36%")])
    >>> gauge.progress
    36
    """

    def __init__(self) -> None:
        links = Links("")
        self._found = Found(links)
        self._content = Scanner(self._found, links, any_stage=False)
        self._thought = Scanner(self._found, Links(""), any_stage=True)

    def feed(self, pieces: list[tuple[str, str]]) -> None:
        """Read on."""
        for kind, text in pieces:
            (self._content if kind == "c" else self._thought).push(text)

    @property
    def progress(self) -> int | None:
        """The newest progress in percent; None while the text claims none."""
        told = (*self._found.progress[-1:], *self._thought.peek().progress, *self._content.peek().progress)
        return told[-1] if told else None

    @property
    def stage(self) -> str | None:
        """The stage the text names; None while it names none."""
        return self._content.peek().stage or self._thought.peek().stage or self._found.stage
