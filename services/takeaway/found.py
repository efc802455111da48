"""What a source holds: our own records, or films with whatever lies beside them. One generation at a time."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

from services.endpoint.text import clean
from services.errors import ImportRefusedError
from services.takeaway.arrival import MAX_PROMPT, Film, Incoming, read_record
from services.takeaway.export import RECORDS
from services.takeaway.record import RULE
from services.takeaway.sources import FILMS, Source

MAX_LINE: Final = 16 * 1024**2
MAX_BESIDE: Final = 16 * 1024**2
_PROMPTS: Final = ("prompt", "text", "caption", "description", "title")


@dataclass(frozen=True, slots=True)
class Bare:
    """A film with no record of ours beside it: the prompt as far as one is told, and the model."""

    file: str
    prompt: str
    model: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that says nothing, or of something that had not ended."""


def found_in(source: Source, now: dt.datetime) -> Iterator[Incoming | Bare | Unread]:
    """Yield what can be brought in.

    Raises:
        ImportRefusedError: nothing can (import_nothing), or a record is larger than any honest one (import_bomb).
    """
    lists = [name for name in source.files if PurePosixPath(name).name == RECORDS]
    films = [name for name in source.files if PurePosixPath(name).suffix.lower() in FILMS]
    if not lists and not films:
        raise ImportRefusedError("neither records nor videos", code="import_nothing")
    if lists:
        for name in lists:
            yield from _of_list(source, name, now)
    else:
        yield from _of_films(source, films, now)


def _of_list(source: Source, name: str, now: dt.datetime) -> Iterator[Incoming | Unread]:
    """Yield the records of a JSONL; files are named from where it lies."""
    folder = PurePosixPath(name).parent
    with source.open(name) as file:
        while line := file.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise ImportRefusedError("a record without measure", code="import_bomb")
            if line.strip():
                record = read_record(_json(line), now)
                yield Unread() if record is None else _placed(record, folder)


def _of_films(source: Source, films: list[str], now: dt.datetime) -> Iterator[Incoming | Bare | Unread]:
    """Yield each film with what lies beside it; several films of one record are one generation."""
    kept: dict[str, Incoming] = {}
    there: dict[str, dict[str, str]] = defaultdict(
        dict
    )  # record -> name of a film as the record says it -> as it lies here
    pictures = {PurePosixPath(name).name: name for name in source.files if name.endswith(".jpg")}
    for name in sorted(films):
        said = _beside(source, name, ".json")
        record = read_record(said, now)
        if record is None:
            yield _bare(source, name, said if isinstance(said, dict) else {})
            continue
        kept.setdefault(record.id, record)
        there[record.id][PurePosixPath(name).name] = name
    for id, record in sorted(kept.items(), key=lambda one: str(one[1].columns["created_at"])):
        films_here = tuple(_from(film, there[id]) for film in record.films)
        still = replace(record.still, file=pictures.get(f"{record.still.sha256}.jpg", "")) if record.still else None
        yield replace(record, films=films_here, still=still)


def _from(film: Film, there: dict[str, str]) -> Film:
    """Return a film of a record under the name it has here."""
    name = there.get(PurePosixPath(film.file).name, "")
    poster = str(PurePosixPath(name).with_suffix(".jpg")) if name else ""
    return replace(film, file=name, poster=poster)


def _placed(record: Incoming, folder: PurePosixPath) -> Incoming:
    def below(name: str) -> str:
        return str(folder / name) if name else ""

    films = tuple(replace(film, file=below(film.file), poster=below(film.poster)) for film in record.films)
    still = replace(record.still, file=below(record.still.file)) if record.still else None
    return replace(record, films=films, still=still)


def _bare(source: Source, name: str, said: dict[str, Any]) -> Bare:
    words = next((value for key in _PROMPTS if isinstance(value := said.get(key), str) and value.strip()), "")
    text = words or _text_beside(source, name)
    model = said.get("model")
    return Bare(
        file=name,
        prompt=clean((text or PurePosixPath(name).stem)[:MAX_PROMPT]),
        model=clean(model[:200]) if isinstance(model, str) else "",
    )


def _text_beside(source: Source, film: str) -> str:
    data = _data_beside(source, film, ".txt")
    return data.decode("utf-8-sig", "replace").partition(RULE)[0].strip()


def _beside(source: Source, film: str, extension: str) -> object:
    data = _data_beside(source, film, extension)
    return _json(data) if data else None


def _data_beside(source: Source, film: str, extension: str) -> bytes:
    name = str(PurePosixPath(film).with_suffix(extension))
    if source.files.get(name, MAX_BESIDE + 1) > MAX_BESIDE:
        return b""
    with source.open(name) as file:
        return file.read(MAX_BESIDE)


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
