"""Words in square brackets in a prompt that choose what the demo endpoint answers."""

from __future__ import annotations

import re

MARKS: tuple[tuple[str, str], ...] = (
    ("slow", "Takes ten times as long"),
    ("fast", "Answers at once"),
    ("reject", "Refused for its content"),
    ("cut", "The connection breaks in the middle"),
    ("no video", "Ends well, but without a video"),
    ("page link", "Gives a link to a page, not to a video"),
    ("429", "Too many requests: refused before it starts"),
    ("401", "The token is not accepted"),
    ("500", "The server fails before it answers"),
    ("503", "No channel is available for the model"),
    ("dead link", "The video link does not work"),
    ("html", "A web page comes instead of an answer"),
    ("empty", "An empty answer"),
    ("error", "An error is reported in the middle"),
    ("silent", "Starts, then says nothing more"),
    ("two videos", "Two videos in one answer"),
    ("json", "One plain JSON answer, not a stream"),
    ("thinking", "Progress comes as reasoning"),
    ("quiet", "Only signs of life until the video is ready"),
    ("long", "A very long text before the video"),
    ("chinese", "Speaks Chinese, as many endpoints do"),
)

ALIASES = {
    "慢": "slow", "快": "fast", "拒绝": "reject", "中断": "cut", "无视频": "no video", "网页链接": "page link",
    "限流": "429", "死链": "dead link", "网页": "html", "空": "empty", "错误": "error", "沉默": "silent",
    "两个视频": "two videos", "思考": "thinking", "安静": "quiet", "长": "long", "中文": "chinese",
}  # fmt: skip

_TROUBLE = frozenset(
    {"reject", "cut", "no video", "page link", "429", "401", "500", "503"}
    | {"dead link", "html", "empty", "error", "silent"}
)
_WORDS = frozenset(mark for mark, _ in MARKS)
_MARK = re.compile(r"[\[【［]\s*([^\[\]【】［］]{1,20}?)\s*[\]】］]")


def marks_in(prompt: str) -> frozenset[str]:
    """Return the marks in a prompt; case and the kind of bracket do not matter.

    >>> sorted(marks_in("A boat [Slow] 【死链】 [other]"))
    ['dead link', 'slow']
    """
    found = (ALIASES.get(word, " ".join(word.lower().split())) for word in _MARK.findall(prompt))
    return frozenset(word for word in found if word in _WORDS)


def asks_for_trouble(prompt: str) -> bool:
    """Tell whether a mark in the prompt makes it end without a video.

    >>> asks_for_trouble("A boat [slow]"), asks_for_trouble("A boat [429]")
    (False, True)
    """
    return bool(marks_in(prompt) & _TROUBLE)


def without_marks(prompt: str) -> str:
    """Return the prompt with its marks taken out.

    >>> without_marks("A boat [slow] at [5s] dusk")
    'A boat at [5s] dusk'
    """
    kept = _MARK.sub(lambda match: "" if marks_in(match[0]) else match[0], prompt)
    return " ".join(kept.split())
