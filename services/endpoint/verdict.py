"""What an answer comes to: state, outcome and reason. Pure.

Source: PROTOCOL.md 7, RELIABILITY.md b, DESIGN.md "Settled".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.endpoint.chunks import AnswerError, Usage, error_in, parse, usage_of
from services.endpoint.links import Link
from services.endpoint.stream import Stream
from services.endpoint.text import clean
from services.endpoint.wording import category_of, category_of_status, failure_in, plain, plain_html

REJECTED = frozenset([*range(300, 400), *range(400, 407), *range(409, 416), 421, 422, 423, 425, 428, 429, 431, 451])


@dataclass(frozen=True, slots=True)
class Answer:
    """All there is to know about one answer.

    `state` is a state word (done, failed, rejected, unknown, incomplete); `outcome` (video, link, text, refused, none)
    only with `done`. `error_code` has a sentence in the pages; `error_message` is the endpoint's own words, plain.
    """

    content: str
    reasoning: str
    progress: tuple[int, ...]
    stage: str | None
    links: tuple[Link, ...]
    task_ids: tuple[str, ...]
    finish_reason: str | None
    usage: Usage | None
    error: AnswerError | None
    done_seen: bool | str
    flags: tuple[str, ...]
    state: str
    outcome: str | None
    error_code: str | None
    error_message: str | None
    bad_lines: int = 0

    @property
    def video_urls(self) -> tuple[str, ...]:
        """The video links, byte for byte as written."""
        return tuple(link.url for link in self.links if link.kind == "video")

    @property
    def resolved_video_urls(self) -> tuple[str, ...]:
        """The video links, made absolute."""
        return tuple(link.resolved for link in self.links if link.kind == "video")

    @property
    def recovery_urls(self) -> tuple[str, ...]:
        """Where the work can be found if the answer is lost."""
        return tuple(link.resolved for link in self.links if link.kind == "recovery")


@dataclass(frozen=True, slots=True)
class Verdict:
    """State, outcome, reason."""

    state: str
    outcome: str | None = None
    code: str | None = None
    error: AnswerError | None = None


def of_status(status: int, content_type: str, body: bytes) -> Verdict:
    """Judge an answer whose HTTP status is not 200 by its error body."""
    state = "rejected" if status in REJECTED else "unknown"
    text = clean(body.decode("utf-8", "replace")).lstrip("\ufeff \t\r\n")
    usual = category_of_status(status)
    if text[:1] == "<" or "html" in content_type.lower():
        return Verdict(state, None, usual, AnswerError("http_error", usual, plain_html(text)))
    error = _body_error(text)
    if error is None:
        error = AnswerError("http_error", category_of(text) or "upstream_error", plain(text))
    category = usual if error.category == "upstream_error" or 300 <= status < 400 else error.category
    return Verdict(state, None, category, replace(error, kind="http_error", category=category))


def _body_error(text: str) -> AnswerError | None:
    try:
        value = parse(text.removeprefix("data:").partition("\n\n")[0] if text[:5] == "data:" else text)
    except ValueError:
        return None
    if isinstance(value, list):
        value = value[0] if value else None
    return error_in(value, kind="http_error", named=True) if isinstance(value, dict) else None


def of_html(page: bytes) -> Verdict:
    """Judge a web page sent with status 200: sent, and no usable answer."""
    message = plain_html(clean(page.decode("utf-8", "replace")))
    return Verdict("unknown", None, "html_answer", AnswerError("html_body", "gateway", message))


def of_stream(stream: Stream, links: tuple[Link, ...], *, head: bytes, ended: bool, broke: bool) -> Verdict:
    """Judge an answer with status 200. `ended`: it came to its end; `broke`: the connection said that it was cut."""
    if stream.over:
        message = "The answer was larger than Dailies takes"
        return Verdict("failed", None, stream.over, AnswerError("limit", stream.over, message))
    if stream.error:
        return Verdict("failed", None, stream.error.category, stream.error)
    if not stream.events and not stream.chunks:
        message = plain(clean(head.decode("utf-8", "replace")))
        code = "cut_short" if broke and head.strip() else "no_answer"
        return Verdict("unknown", None, code, AnswerError("empty_result", "unknown", message))
    if not ended:
        return Verdict("incomplete", None, "cut_short", AnswerError("truncated", "unknown", ""))
    return _of_text(stream, links)


def _of_text(stream: Stream, links: tuple[Link, ...]) -> Verdict:
    if any(link.kind == "video" for link in links):
        return Verdict("done", "video")
    content = stream.text("content")
    failure = failure_in(content)
    finish = (stream.finish or "").lower()
    if failure is None and (finish in ("content_filter", "error") or "refusal" in stream.flags):
        failure = ("upstream_error" if finish == "error" else "content_policy", plain(content[-2000:]))
    if failure:
        return Verdict("done", "refused", failure[0], AnswerError("text_failure", failure[0], failure[1]))
    if any(link.kind == "page" for link in links):
        return Verdict("done", "link")
    if content.strip():
        return Verdict("done", "text")
    return Verdict("done", "none", "empty_answer", AnswerError("empty_result", "unknown", ""))


def answer_of(stream: Stream, links: tuple[Link, ...], verdict: Verdict) -> Answer:
    """Put the answer together."""
    error = verdict.error
    return Answer(
        content=stream.text("content"),
        reasoning=stream.text("reasoning"),
        progress=stream.progress,
        stage=stream.stage,
        links=links,
        task_ids=tuple(stream.found.tasks),
        finish_reason=stream.finish,
        usage=usage_of(stream.usage) if stream.usage else None,
        error=error,
        done_seen=stream.done_seen,
        flags=tuple(sorted(stream.flags)),
        state=verdict.state,
        outcome=verdict.outcome,
        error_code=verdict.code,
        error_message=(plain(error.message) or None) if error else None,
        bad_lines=stream.bad_lines,
    )
