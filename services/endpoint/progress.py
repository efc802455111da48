"""What a line of an answer says about how far the work is. Pure; source: PROTOCOL.md, section 7, rule 9."""

from __future__ import annotations

import re

_WORDS = re.compile(r"进度|progress|已生成|正在生成|生成中|completed|已完成|正在渲染|渲染中|percent", re.IGNORECASE)
_LABEL = re.compile(r"进度|progress", re.IGNORECASE)
_QUOTED = re.compile(r"\s*(?:>|\[[\w =/.-]{1,40}\])")
_ALONE = re.compile(r"[\s>.\W]{0,12}\d{1,3}\.\.")
_ECHO = re.compile(r"""[\s>*{]*["']?(?:prompt|提示词|image_url|images?|negative_prompt)["']?\s*[:：]""", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\d-])(\d{1,3})(?:\.\d{1,9})?(?:\s{0,3}[%％]|(\.\.))"
    r"""|(?:进度|progress)["'*\s:：=]{0,8}(\d{1,3})(?:\.\d{1,9})?["']?(?=\s{0,8}(?:$|[,}]|/\s?100\b))""",
    re.IGNORECASE,
)
_NOISE = re.compile(r"""https?://[^\s<>"'`]+|<[^<>]*>""", re.IGNORECASE)
_STAGE_EDGE = re.compile(r"^[\s>*#]+|[\s.…*]+$")
_NO_STAGE = re.compile(r"[\s>*]*(?:sid|ID|任务ID|task_id|类型)\s*[:：]", re.IGNORECASE)
STAGE_CHARACTERS = 80


def is_echo(line: str) -> bool:
    """Tell whether a line repeats what was asked (`"prompt": …`): nothing in it is news.

    >>> is_echo('  "prompt": "50% off, see https://a.example/b.mp4",')
    True
    """
    return _ECHO.match(line) is not None


def has_label(line: str) -> bool:
    """Tell whether the line names progress; numbers alone on later lines then belong to it (`44..`)."""
    return _LABEL.search(line) is not None


def percents(line: str, *, labelled: bool = False) -> list[int]:
    """Return the percentages a line claims, in order, 0-100, decimals floored.

    Only lines with a progress word, a `>` or a `[stage]` in front count, so "50% off" does not. `labelled` says that
    an earlier line named progress: a line of numbers like `44..61..` then counts as well.

    >>> percents("> 🏃 进度：36.9%")
    [36]
    >>> percents(">🏃 进度 36..44..61..")
    [36, 44, 61]
    >>> percents("a shop, 50% off")
    []
    """
    if not any(sign in line for sign in ("%", "％", "..")) and not _LABEL.search(line):
        return []
    named = _LABEL.search(line) is not None
    dots = named or (labelled and _ALONE.match(line) is not None)
    if not (dots or _QUOTED.match(line) or _WORDS.search(line)):
        return []
    found: list[int] = []
    for match in _NUMBER.finditer(_NOISE.sub(" ", line)):
        number = int(match[1] or match[3])
        if number <= 100 and (dots or not match[2]):
            found.append(number)
    return found


def stage_in(line: str, *, any_line: bool) -> str | None:
    """Return the stage a line names, for display, or None. In content only quoted and `[stage]` lines name one.

    >>> stage_in("> 排队中...", any_line=False)
    '排队中'
    """
    if len(line) > 2000 or not (any_line or _QUOTED.match(line)) or _NO_STAGE.match(line):
        return None
    text = _NOISE.sub("", line)
    if text[:1] == "[" and " (" in text:  # Modified_Sora2api sends its stages without line ends: the newest is the last
        text = "[" + text.rpartition("[")[2]
    text = _STAGE_EDGE.sub("", text).replace("**", "")
    if "](" in text or not any(sign.isalpha() for sign in text):
        return None
    return text[:STAGE_CHARACTERS]
