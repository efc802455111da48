"""What the demo endpoint says: one generator of lines for each dialect (PROTOCOL 2.1 A, C, H and plain JSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.demo.marks import without_marks

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORDS: dict[str, dict[bool, str]] = {  # key: {speaks Chinese: words}; the Chinese ones are those of real relays
    "queued": {True: "排队中", False: "Queued"},
    "working": {True: "生成中", False: "Generating"},
    "progress": {True: "进度", False: "Progress"},
    "finished": {True: "生成完成 ✅", False: "Generation finished ✅"},
    "failed": {True: "生成失败 ❌", False: "Generation failed ❌"},
    "watch": {True: "在线播放▶️", False: "Watch it ▶️"},
    "page": {True: "打开网页", False: "Open the page"},
    "policy": {
        True: "原因: 该提示词违反了内容政策，未生成。",
        False: "Reason: This prompt violates our content policy and was not generated.",
    },
    "nothing": {
        True: "演示结束了，这次没有视频。",
        False: "The demo has finished, and there is no video this time.",
    },
    "task": {True: "任务ID", False: "Task ID"},
}
MODELS = ("demo-film", "demo-film-thinking", "demo-film-quiet", "demo-film-json")
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Order:
    """One request as the demo understands it. `links` are the addresses it will announce."""

    task: str
    model: str
    prompt: str
    marks: frozenset[str]
    links: tuple[str, ...]
    created: int

    @property
    def chinese(self) -> bool:
        """Whether to answer in Chinese: the prompt is, or its mark asks for it."""
        return speaks_chinese(self.prompt, self.marks)

    def say(self, key: str) -> str:
        """Return words in the prompt's language."""
        return _WORDS[key][self.chinese]

    @property
    def usage(self) -> dict[str, int]:
        """Return plausible token counts; they depend on the prompt's length only."""
        asked = 8 + max(1, len(self.prompt.encode()) // 4)
        said = 240 + len(self.prompt) % 40
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def speaks_chinese(prompt: str, marks: frozenset[str]) -> bool:
    """Tell whether to answer in Chinese: the prompt is, or its mark asks for it."""
    return "chinese" in marks or bool(_CHINESE.search(without_marks(prompt)))


def dialect(order: Order) -> str:
    """Return thinking, quiet, json or split; a mark wins over the model's name."""
    for word in ("thinking", "quiet", "json"):
        if word in order.marks or order.model.endswith(f"-{word}"):
            return word
    return "split"


def lines(order: Order) -> Iterator[tuple[float, bytes]]:
    """Yield (seconds to wait first at pace 1, bytes to send)."""
    yield from {"thinking": _thinking, "quiet": _quiet, "split": _split}[dialect(order)](order)


def ending(order: Order) -> str:
    """Return the last words of an answer: links, a page, a refusal or nothing to click."""
    if "reject" in order.marks:
        return f"\n\n> {order.say('failed')}\n> {order.say('policy')}"
    if "page link" in order.marks:
        return (
            f"\n\n> {order.say('finished')}\n[{order.say('page')}](https://drive.google.com/file/d/{order.task}/view)"
        )
    if "no video" in order.marks:
        return f"\n\n> {order.say('nothing')}"
    return f"\n\n> {order.say('finished')}\n" + "\n".join(f"[{order.say('watch')}]({link})" for link in order.links)


def completion(order: Order) -> dict[str, Any]:
    """Return the whole answer as one `chat.completion`."""
    message = {"role": "assistant", "content": f"> {order.say('task')}: `{order.task}`{ending(order)}"}
    return _head(order, "chat.completion") | {
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": order.usage,
    }


def _head(order: Order, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{order.task}", "object": kind, "created": order.created, "model": order.model}


def _data(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False, separators=(',', ':'))}\n\n".encode("utf-8", "replace")


def _chunk(order: Order, delta: dict[str, Any], finish: str | None = None) -> bytes:
    body = _head(order, "chat.completion.chunk")
    body["choices"] = [{"index": 0, "delta": delta, "finish_reason": finish}]
    if finish:
        body["usage"] = order.usage
    return _data(body)


def _close(order: Order) -> Iterator[tuple[float, bytes]]:
    yield 0.0, _chunk(order, {}, "stop")
    yield 0.0, DONE


def _failure(order: Order) -> bytes:
    message = f"The demo stopped on purpose (request id: {order.task})"
    return _data({"error": {"message": message, "type": "server_error", "param": None, "code": "generation_failed"}})


def _split(order: Order) -> Iterator[tuple[float, bytes]]:
    yield 0.0, _chunk(order, {"role": "assistant", "content": ""})
    echo = json.dumps({"prompt": order.prompt[:400], "mode": "demo"}, ensure_ascii=False, indent=2)
    text = f"```json\n{echo}\n```\n\n> ID: `{order.task}`\n> {order.say('queued')}"
    for token in re.findall(r"\s*[A-Za-z0-9_]+|\s*.", text, re.DOTALL):
        yield 0.002, _chunk(order, {"content": token})
    if "long" in order.marks:
        for number in range(100):
            yield 0.005, _chunk(order, {"content": f"\n> note {number}: " + "the demo talks at length, as asked; " * 3})
    yield 0.3, _chunk(order, {"content": f"\n> {order.say('working')}"})
    for step in (f"\n\n>🏃 {order.say('progress')} 12..", "36..", "61..", "81..", "97.."):
        yield 0.65, _chunk(order, {"content": step})
        if step == "61.." and order.marks & {"cut", "error", "silent"}:
            yield 0.0, _failure(order) if "error" in order.marks else b""
            return
    yield 0.2, _chunk(order, {"content": ending(order)})
    yield from _close(order)


def _thinking(order: Order) -> Iterator[tuple[float, bytes]]:
    start = "**Generation Process Begins**\n\nInitializing generation request...\n"
    yield 0.0, _chunk(order, {"role": "assistant", "content": None, "reasoning_content": start})
    for percent in (0, 8, 36, 61, 87):
        said = f"\n**Video Generation Progress**: {percent}% (running)\n"
        yield 0.7, _chunk(order, {"content": None, "reasoning_content": said})
        if percent == 61 and order.marks & {"cut", "error", "silent"}:
            yield 0.0, _failure(order) if "error" in order.marks else b""
            return
    videos = "\n".join(f"<video src='{link}' controls></video>" for link in order.links)
    plain = order.marks & {"reject", "no video", "page link"}
    yield 0.3, _chunk(order, {"content": ending(order) if plain else f"```html\n{videos}\n```"})
    yield from _close(order)


def _quiet(order: Order) -> Iterator[tuple[float, bytes]]:
    yield 0.0, b": keep-alive\n\n"
    for _ in range(8):
        yield 0.5, b": keep-alive\n\n"
    if order.marks & {"cut", "silent", "error"}:
        yield 0.0, _failure(order) if "error" in order.marks else b""
        return
    videos = "\n".join(f'<video controls="controls">\n{link}\n</video>' for link in order.links)
    plain = order.marks & {"reject", "no video", "page link"}
    yield 0.0, _chunk(order, {"role": "assistant", "content": ending(order) if plain else f"\n{videos}\n"})
    yield from _close(order)
