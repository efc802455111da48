"""What is checked of a prompt before it is kept: it must be sendable."""

from __future__ import annotations

from services.endpoint.text import clean
from services.errors import PromptError
from services.settings import Settings


def checked_prompt(text: str, settings: Settings) -> str:
    """Return the prompt as it will be sent.

    Raises:
        PromptError: blank, or over `prompt_max_bytes` of UTF-8.
    """
    prompt = clean(text).strip()
    if not prompt:
        raise PromptError("there is nothing to send", code="prompt_blank")
    size_bytes = len(prompt.encode())
    if size_bytes > settings.prompt_max_bytes:
        raise PromptError(f"{size_bytes} bytes, at most {settings.prompt_max_bytes}", code="prompt_too_long")
    return prompt
