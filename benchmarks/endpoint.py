"""The endpoint of the benchmarks, a process of its own: `python -m benchmarks.endpoint PORT [FILM]`.

It streams what the prompt's words ask for (`rate=10 count=60 shown=10000`), each delta stamped with the moment of its
emission as `n12t1700000000.123456; `; with `film=1` a link to FILM comes last. `GET /streams` tells what became of each
stream, `GET /floor` is the bare page.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SETTLE_SECONDS = 1.0  # between the text shown beforehand and the first stamped delta
HEAD = b"HTTP/1.1 %d OK\r\ncontent-type: %s\r\naccess-control-allow-origin: *\r\nconnection: close\r\n"
FILLER = "A paper boat crosses a puddle in soft window light, and the camera follows it slowly.\n"

FLOOR = b"""<!doctype html><meta charset="utf-8"><title>floor</title>
<textarea aria-label="Prompt"></textarea><button>Generate</button><pre id="text"></pre>
<script>
const text = document.getElementById("text").appendChild(document.createTextNode(""));
document.querySelector("button").onclick = async () => {
  const content = document.querySelector("textarea").value;
  const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content }] });
  const answer = await fetch("/v1/chat/completions", { method: "POST", body });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\\n\\n");
    rest = events.pop();
    for (const event of events) {
      if (event === "data: [DONE]") return;
      text.appendData(JSON.parse(event.slice(6)).choices[0].delta.content);
    }
  }
};
</script>"""

streams: dict[str, dict[str, Any]] = {}


def wanted(prompt: str) -> dict[str, float]:
    """Return the numbers a prompt's `name=number` words ask for."""
    pairs = (word.split("=", 1) for word in prompt.split() if "=" in word)
    return {"rate": 10.0, "count": 10.0, "shown": 0.0, "silent": 0.0, "film": 0.0} | {
        name: float(value) for name, value in pairs
    }


def event(text: str) -> bytes:
    """Return one delta as one HTTP chunk that holds one server-sent event."""
    said = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    return chunk(b"data: " + json.dumps(said).encode() + b"\n\n")


def chunk(data: bytes) -> bytes:
    """Return one piece of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


async def emit(writer: asyncio.StreamWriter, ask: dict[str, float], seen: dict[str, Any]) -> None:
    """Write the deltas, each at its own moment: lateness of one does not move the next."""
    if ask["shown"]:
        writer.write(event((FILLER * 200)[: int(ask["shown"])] + "\n"))
        await asyncio.sleep(SETTLE_SECONDS)
    began = time.monotonic()
    for number in range(int(ask["count"])):
        await asyncio.sleep(max(0.0, began + number / ask["rate"] - time.monotonic()))
        end = "; \n" if number % 10 == 9 else "; "
        seen["last"] = time.time()
        writer.write(event(f"n{number}t{seen['last']:.6f}{end}"))
        seen["emitted"] = number + 1
    if ask["film"]:
        writer.write(event(f"\n[film](http://127.0.0.1:{sys.argv[1]}/film/{seen['posted']}.mp4)\n"))
    await asyncio.sleep(ask["silent"])
    writer.write(chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
    await writer.drain()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
    """Stream one answer, and note when the other side hung up."""
    prompt = json.loads(body)["messages"][0]["content"]
    seen = streams.setdefault(prompt, {"posts": 0, "emitted": 0, "closed": None})
    seen["posts"] += 1
    seen["posted"] = time.time()
    writer.write(HEAD % (200, b"text/event-stream") + b"transfer-encoding: chunked\r\n\r\n")
    emitting = asyncio.create_task(emit(writer, wanted(prompt), seen))
    with contextlib.suppress(OSError):
        while await reader.read(65536):
            pass
    seen["closed"] = time.time()
    emitting.cancel()
    with contextlib.suppress(asyncio.CancelledError, OSError):
        await emitting


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request on one connection."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")
        lengths = [int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")]
        body = await reader.readexactly(lengths[0]) if lengths else b""
        path = urlsplit(lines[0].split()[1]).path
        if lines[0].startswith("POST"):
            await answer(reader, writer, body)
        elif path == "/floor":
            writer.write(HEAD % (200, b"text/html") + b"\r\n" + FLOOR)
        elif path.startswith("/film/"):
            film = Path(sys.argv[2]).read_bytes()
            writer.write(HEAD % (200, b"video/mp4") + b"content-length: %d\r\n\r\n" % len(film) + film)
        elif path == "/streams":
            writer.write(HEAD % (200, b"application/json") + b"\r\n" + json.dumps(streams).encode())
        else:
            writer.write(HEAD % (404, b"text/plain") + b"\r\n")
        await writer.drain()
    writer.close()


async def main(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
