"""A chat model for the guide's pictures: it knows two rewrites by heart and answers the way relays do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

MODEL: Final = "omni-1"  # takes words and is asked for films too, so that one endpoint serves both pictures
BEFORE: Final = {
    "en": "A lighthouse at dusk, waves below, slow push in",
    "zh": "黄昏的灯塔，下面是海浪，缓缓推近",
}
AFTER: Final = {
    "en": (
        "A white lighthouse on a black rock at dusk, waves break below and throw up spray, slow push in at eye level."
        " The lamp is the only warm light against a slate-blue sky. Teal, slate, amber. Wind, gulls far away."
    ),
    "zh": (
        "黄昏的白色灯塔立在黑色礁石上，下面是海浪，浪花溅起，平视，缓缓推近。"
        "灯光是石板蓝天空下唯一的暖光。青、石板蓝、琥珀色。风声，远处海鸥。"
    ),
}


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Name the one model."""
        self._say("application/json", json.dumps({"data": [{"id": MODEL, "object": "model"}]}))

    def do_POST(self) -> None:
        """Answer with the rewrite in the language of what was asked, in one piece and then its usage."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][-1]["content"]
        text = AFTER["zh" if "灯塔" in asked else "en"]
        usage = {"prompt_tokens": 214, "completion_tokens": 88, "total_tokens": 302}
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": "stop"}
        parts: list[dict[str, object]] = [{"choices": [choice]}, {"choices": [], "usage": usage}]
        lines = [*(json.dumps({"object": "chat.completion.chunk", **part}) for part in parts), "[DONE]"]
        self._say("text/event-stream", "".join(f"data: {line}\n\n" for line in lines))

    def _say(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def writer() -> Iterator[str]:
    """Run it on this machine; yield its base URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as answering:
        thread = threading.Thread(target=answering.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{answering.server_port}/v1"
        finally:
            answering.shutdown()
            thread.join()
