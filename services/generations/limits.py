"""What is checked before a prompt is kept: it must be sendable, and there must be room to keep what comes."""

from __future__ import annotations

import shutil

from services.endpoint.text import clean
from services.errors import DiskFullError, PromptError
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


def check_room(settings: Settings) -> None:
    """Refuse to start something paid that could not be kept.

    Raises:
        DiskFullError: less free space than `free_floor_bytes`.
    """
    free_bytes = shutil.disk_usage(settings.home).free
    if free_bytes < settings.free_floor_bytes:
        raise DiskFullError(f"{free_bytes // 2**20} MB free, {settings.free_floor_bytes // 2**20} MB wanted")
