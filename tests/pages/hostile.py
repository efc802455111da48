"""An endpoint whose every word is an attack, and a data folder filled by it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from services.prompts.cards import Block, Cards
from services.prompts.composition import Composition, Edit
from services.prompts.desk import Desk
from services.prompts.fields import Beat, Fields, Line, Person, Place, Sound
from services.prompts.presets import built_in
from services.prompts.sending import composed
from services.runtime import ForPerson, Runtime, start
from services.settings import Settings

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text("utf-8").splitlines()


class Canary:
    """A server that nobody may ever ask; `asked` says who did."""

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self.origin = f"http://127.0.0.1:{port}"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("access-control-allow-origin", "*")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _serving(handler: type[_Handler]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def listening_canary() -> Iterator[Canary]:
    """A server that answers everything, so that nothing fails for another reason than that nobody asked."""
    canaries: list[Canary] = []

    class Handler(_Handler):
        def do_GET(self) -> None:
            canaries[0].asked.append(self.path)
            self.reply(200, "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>")

        def do_POST(self) -> None:
            self.do_GET()

    with _serving(Handler) as port:
        canaries.append(Canary(port))
        yield canaries[0]


def payloads(canary: Canary) -> list[str]:
    """Return every attack, its remote address being the canary's; three together, for each page takes a second."""
    ready = [payload.replace("CANARY", canary.origin) for payload in PAYLOADS]
    return [" ".join(ready[start : start + 3]) for start in range(0, len(ready), 3)]


def _events(payload: str) -> bytes:
    """Return a stream that says an attack wherever something can be said."""
    link = f"https://videos.example/{payload.replace(' ', '%20')}"
    deltas: list[dict[str, Any]] = [
        {"reasoning_content": f"> {payload}\n> 进度：36%\n"},
        {"content": f"task_id: {payload}\n{payload}\n[{payload}]({link}) {link}.mp4\n"},
    ]
    chunks = [{"id": payload, "model": payload, "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    chunks.append({"id": payload, "choices": [{"index": 0, "delta": {}, "finish_reason": payload}]})
    return b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"


@contextmanager
def hostile_endpoint(attacks: list[str]) -> Iterator[str]:
    """An endpoint that says back each prompt as an attack; a prompt that begins with "no " is refused with it."""

    class Handler(_Handler):
        def do_GET(self) -> None:
            models = {"data": [{"id": attack[:200]} for attack in attacks]}
            self.reply(200, "application/json", json.dumps(models).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            prompt = body["messages"][0]["content"]
            if prompt.startswith("no "):
                said = {"error": {"message": prompt[3:], "type": prompt[3:], "code": prompt[3:]}}
                self.reply(400, "application/json", json.dumps(said).encode())
            else:
                self.reply(200, "text/event-stream", _events(prompt))

    with _serving(Handler) as port:
        yield f"http://127.0.0.1:{port}/v1"


def hostile_desk(attacks: list[str]) -> Desk:
    """Return a composer with attacks in every field that takes one's own words, and in the choices of a blank."""
    own, everything = tuple(attacks[:5]), "".join(attacks)
    fields = Fields(
        looks=own,
        place=Place("{pick|![x](http://evil.example/x.png),b} " + everything, own, own),
        cast=(Person(attacks[0], own),),
        beats=(Beat(everything, 90.0),),
        moves=own,
        light=own,
        mood=own,
        dialogue=(Line(attacks[0], everything, attacks[1]),),
        sound=Sound(own, own, own),
        on_screen=own[:2],
        keep=everything,
    )
    return Desk(fields)


def filmed(runtime: Runtime, me: ForPerson, attack: str, parent_id: str | None) -> str:
    """Have the demo endpoint make a video of an attack: what plays and compares shows it too."""
    sent = me.generations.submit(
        f"{attack} [fast]",
        nonce=f"film {attack}"[:64],
        endpoint_id="demo",
        parent_id=parent_id,
        worker=runtime.worker,
        composed=composed(hostile_desk([attack] * 5), built_in()),
    )
    runtime.execute(sent.id)
    assert [video.state for video in me.generations.get(sent.id).videos] == ["kept"]
    return sent.id


def mark(me: ForPerson, generation_id: str, attacks: list[str]) -> None:
    """Say attacks wherever a person may say something of a video."""
    names = [attack[:60] for attack in attacks if attack[:60].strip()]
    me.marks.note(generation_id, "\n".join(attacks)[:4000])
    me.marks.set_tags(generation_id, names[:5])
    me.marks.set_collections(generation_id, [me.marks.make_collection(names[0])])
    me.saved_searches.save(names[1], attacks[1][:200])


def fill(home: Path, attacks: list[str]) -> list[str]:
    """Fill a data folder with a generation an attack, one still waiting, and two with a video; return the ids."""
    settings = Settings(home=home, undo_seconds=0.0, free_floor_bytes=0, connect_seconds=0.5)
    with hostile_endpoint(attacks) as base_url:
        runtime = start(settings, executes=False)
        try:
            me = runtime.for_person("local")
            sent = []
            for number, attack in enumerate(attacks):
                endpoint = me.endpoints.save(
                    None, name=attack[:80], base_url=base_url, token="t" * 20, model=attack[:200]
                )
                if number == 0:
                    me.endpoints.choose(endpoint.id)
                    me.endpoints.test(endpoint.id)
                prompt = f"no {attack}" if number % 3 == 2 else attack
                generation = me.generations.submit(
                    prompt, nonce=str(number), endpoint_id=endpoint.id, worker=runtime.worker
                )
                runtime.execute(generation.id)
                sent.append(generation.id)
            films = [filmed(runtime, me, attacks[0], sent[0]), filmed(runtime, me, attacks[1], None)]
            mark(me, films[0], attacks)
            own = Composition(hostile_desk(attacks).fields, "en", Edit(" ".join(attacks), ""))
            me.templates.save(attacks[0][:200], own)
            me.cards.take_in(Cards((Person(attacks[0], tuple(attacks)),), (Block(attacks[1][:200], attacks[1]),)))
            form = {"batch-lines": "\n".join(attacks), "batch-axis-0": attacks[0], "batch-variations": attacks[1]}
            me.preferences.set("batch_form", json.dumps(form))
            me.generations.pause()
            sent.append(me.generations.submit("".join(attacks), nonce="waiting").id)
            me.composing.put(Desk(), hostile_desk(attacks))
            me.preferences.set("compose_open", "1")
            me.drafts.save("".join(attacks))
            me.aside.keep(hostile_desk(attacks))
            return [*sent, *films]
        finally:
            runtime.close()
