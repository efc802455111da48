"""From what came, and how it stopped, to how a generation ends (RELIABILITY b). Pure."""

from __future__ import annotations

from db.records import Ending
from db.states import Outcome, State
from services.endpoint.answer import Answer
from services.errors import CancelledError, EndpointError, NotSentError

STOPPED = {
    "idle": "No byte came for longer than the idle limit.",
    "total": "The answer took longer than the total limit.",
    "shutdown": "Dailies was stopped while the answer was coming.",
    "user": "Stopped by you.",
}


def without_answer(error: EndpointError, *, why: str | None, sent: bool, duration_seconds: float) -> Ending:
    """Return the ending of a POST that never got as far as an answer."""
    if why == "user" or isinstance(error, CancelledError):
        state, code = State.CANCELLED, "cancelled"
    elif isinstance(error, NotSentError) or not sent:
        state, code = State.NOT_SENT, error.code if isinstance(error, NotSentError) else "not_sent"
    else:
        state, code = State.UNKNOWN, why or error.code
    return Ending(
        state=state,
        error_code=code,
        error_message=STOPPED.get(why or "") or error.message[:500],
        http_status=error.http_status,
        duration_seconds=duration_seconds,
    )


def with_answer(answer: Answer, *, why: str | None, http_status: int, duration_seconds: float) -> Ending:
    """Return the ending of a POST that was answered, whole or in part."""
    state, code, message = State(answer.state), answer.error_code, answer.error_message
    if why == "user":
        state, code, message = State.CANCELLED, "cancelled", STOPPED["user"]
    elif why is not None and state in {State.INCOMPLETE, State.UNKNOWN}:
        code, message = why, STOPPED[why]
    elif code == "cut_short" and not message:
        message = "The connection closed before the answer was whole."
    usage = answer.usage
    return Ending(
        state=state,
        outcome=Outcome(answer.outcome) if answer.outcome else None,
        content=answer.content,
        reasoning=answer.reasoning,
        progress=tuple(answer.progress),
        stage=answer.stage,
        links=tuple(link.as_dict() for link in answer.links),
        task_ids=tuple(answer.task_ids),
        flags=tuple(answer.flags),
        finish_reason=answer.finish_reason,
        prompt_tokens=usage.prompt_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
        total_tokens=usage.total_tokens if usage else None,
        usage=usage.raw if usage else None,
        http_status=http_status,
        error_code=code,
        error_message=message,
        duration_seconds=duration_seconds,
    )
