"""Draw one film: `python -m services.demo.render order.json film.mp4`. The server process never imports this."""

from __future__ import annotations

import hashlib
import json
import math
import random
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from services.demo.finish import finishes
from services.demo.palette import Look, look_of

FRAMES, RATE = 96, 24
FONT = Path(__file__).parent / "fonts" / "NotoSansSC-subset.otf"
Colour = tuple[int, int, int]


STILL_AT = 0.4


def still(prompt: str, size: tuple[int, int]) -> Image.Image:
    """Return one picture of a film, without the words that lie over it."""
    look, seed = look_of(prompt), _seed(prompt, 0)
    backdrop = _backdrop(look, (size[0] * 5 // 4, size[1] * 5 // 4), random.Random(seed))  # noqa: S311 # nosec B311 - a picture
    picture = _frame(backdrop, look, size, STILL_AT, seed)
    for finish in finishes(prompt):
        picture = finish(picture, seed)
    return picture


def render(prompt: str, path: Path, *, number: int = 0, portrait: bool = False) -> None:
    """Write four seconds of H.264 whose picture comes from the prompt; whole or not at all."""
    size = (360, 640) if portrait else (640, 360)
    look = look_of(prompt)
    seed, finishing = _seed(prompt, number), finishes(prompt)
    backdrop = _backdrop(look, (size[0] * 5 // 4, size[1] * 5 // 4), random.Random(seed))  # noqa: S311 # nosec B311 - a picture
    title = _caption(prompt, size)
    part = path.with_suffix(f".{random.SystemRandom().randrange(10**9)}.part")
    with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as film:
        stream: Any = film.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "24"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base, stream.codec_context.thread_count = Fraction(1, RATE), 1
        for index in range(FRAMES):
            picture = _frame(backdrop, look, size, index / FRAMES, seed)
            for finish in finishing:
                picture = finish(picture, seed + index)
            picture.paste(title, (0, 0), title)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")))
        film.mux(stream.encode())
    part.replace(path)


def _seed(prompt: str, number: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{prompt}{number}".encode("utf-8", "replace")).digest()[:8])


def _backdrop(look: Look, size: tuple[int, int], chance: random.Random) -> Image.Image:
    width, height = size
    stops = np.array(look.colours, dtype=np.float32)
    rows = np.linspace(0, len(stops) - 1, height)
    low = np.minimum(rows.astype(int), len(stops) - 2) if len(stops) > 1 else np.zeros(height, int)
    mix = (rows - low)[:, None]
    column = stops[low] * (1 - mix) + stops[np.minimum(low + 1, len(stops) - 1)] * mix
    column *= np.linspace(look.top, look.bottom, height)[:, None]
    picture = Image.fromarray(np.repeat(np.clip(column, 0, 255).astype(np.uint8)[:, None], width, 1))
    draw = ImageDraw.Draw(picture, "RGBA")
    sun, radius = (chance.uniform(0.55, 0.8) * width, chance.uniform(0.28, 0.4) * height), height // 11
    light = (255, 250, 225)
    picture.paste(Image.new("RGB", picture.size, light), (0, 0), _halo(size, sun, radius * 3.6))
    draw.ellipse((sun[0] - radius, sun[1] - radius, sun[0] + radius, sun[1] + radius), fill=(*light, 225))
    if "city" in look.things:
        _city(draw, size, look, chance)
    elif "sea" not in look.things:
        _hills(draw, size, look, chance)
    return picture


def _halo(size: tuple[int, int], centre: tuple[float, float], reach: float) -> Image.Image:
    """Return a soft light round the sun as a mask; dithered, or eight bits would show it as rings."""
    across, down = np.arange(size[0]) - centre[0], np.arange(size[1]) - centre[1]
    far = np.clip(np.hypot(across[None, :], down[:, None]) / reach, 0, 1)
    noise = np.random.default_rng(0).random(far.shape)
    return Image.fromarray((80 * (1 - far) ** 2 + noise).astype(np.uint8))


def _shade(colour: Colour, factor: float) -> Colour:
    return (int(colour[0] * factor), int(colour[1] * factor), int(colour[2] * factor))


def _hills(draw: Any, size: tuple[int, int], look: Look, chance: random.Random) -> None:
    width, height = size
    for layer in range(3):
        base, phase = height * (0.58 + layer * 0.11), chance.uniform(0, 6)
        waves = [
            (x, base + math.sin(x / 70 + phase) * 16 + math.sin(x / 31 + phase * 2) * 6) for x in range(0, width + 8, 8)
        ]
        draw.polygon([*waves, (width, height), (0, height)], fill=_shade(look.colours[-1], 0.72 - layer * 0.16))


def _city(draw: Any, size: tuple[int, int], look: Look, chance: random.Random) -> None:
    width, height = size
    for layer in range(2):
        x = -10
        while x < width:
            wide, tall = chance.randint(34, 62), int(height * chance.uniform(0.25, 0.5) * (1 - layer * 0.25))
            top = int(height * 0.86) - tall
            draw.rectangle((x, top, x + wide, height), fill=_shade(look.colours[-1], 0.5 - layer * 0.2))
            for spot in range(top + 8, height, 13):
                for lane in range(x + 7, x + wide - 7, 11):
                    if chance.random() < 0.35:
                        draw.rectangle((lane, spot, lane + 4, spot + 5), fill=(255, 222, 150, 190))
            x += wide + 3


def _frame(backdrop: Image.Image, look: Look, size: tuple[int, int], at: float, seed: int) -> Image.Image:
    width, height = size
    eased = at * at * (3 - 2 * at)
    across, down, zoom = look.move(eased)
    seen = (width * 1.25 / zoom, height * 1.25 / zoom)
    left, top = (width * 1.25 - seen[0]) * across, (height * 1.25 - seen[1]) * down
    box = (left, top, left + seen[0], top + seen[1])
    picture = backdrop.resize(size, Image.Resampling.BILINEAR, box=box)
    draw = ImageDraw.Draw(picture, "RGBA")
    for thing in look.things:
        if thing in _THINGS:
            _THINGS[thing](draw, size, look, at, random.Random(seed))  # noqa: S311 # nosec B311 - a picture
    return picture


def _sea(draw: Any, size: tuple[int, int], look: Look, at: float, chance: random.Random) -> None:
    width, height = size
    for layer in range(5):
        base = height * (0.6 + layer * 0.085)
        phase = at * 6.28 * (1 + layer % 2) + layer * 1.7
        waves = [(x, base + math.sin(x / (44 + layer * 9) + phase) * (4 + layer * 1.6)) for x in range(0, width + 8, 8)]
        draw.polygon([*waves, (width, height), (0, height)], fill=(*_shade(look.colours[-1], 0.86 - layer * 0.12), 235))


def _boat(draw: Any, size: tuple[int, int], look: Look, at: float, chance: random.Random) -> None:
    x, y = size[0] * (0.25 + at * 0.35), size[1] * 0.66 + math.sin(at * 12) * 4
    u = size[1] / 16 if size[0] > size[1] else size[0] / 10
    draw.polygon([(x - 2 * u, y), (x + 2 * u, y), (x + 1.2 * u, y + u), (x - 1.2 * u, y + u)], fill=(250, 246, 235))
    draw.polygon([(x - 1.1 * u, y - 0.15 * u), (x, y - 2.4 * u), (x + 1.1 * u, y - 0.15 * u)], fill=(255, 255, 255))
    draw.polygon([(x, y - 2.4 * u), (x + 1.1 * u, y - 0.15 * u), (x, y - 0.15 * u)], fill=(214, 208, 196))


def _fall(draw: Any, size: tuple[int, int], at: float, chance: random.Random, *, snow: bool) -> None:
    width, height = size
    for _ in range(80):
        x, y, speed = chance.random() * width, chance.random(), chance.randint(1, 2) if snow else chance.randint(4, 6)
        down = (y + at * speed) % 1.0 * height
        if snow:
            x, r = x + math.sin(at * 6 + y * 20) * 8, 1.5 + y * 2
            draw.ellipse((x - r, down - r, x + r, down + r), fill=(255, 255, 255, 220))
        else:
            draw.line((x, down, x - 4, down + 16), fill=(225, 238, 255, 130), width=1)


def _rain(draw: Any, size: tuple[int, int], look: Look, at: float, chance: random.Random) -> None:
    _fall(draw, size, at, chance, snow=False)


def _snow(draw: Any, size: tuple[int, int], look: Look, at: float, chance: random.Random) -> None:
    _fall(draw, size, at, chance, snow=True)


def _stars(draw: Any, size: tuple[int, int], look: Look, at: float, chance: random.Random) -> None:
    for _ in range(70):
        x, y, phase = chance.random() * size[0], chance.random() * size[1] * 0.5, chance.random() * 6.28
        bright = int(150 + 100 * math.sin(at * 12.56 + phase))
        draw.rectangle((x, y, x + 1.5, y + 1.5), fill=(255, 255, 240, max(40, bright)))


def _fire(draw: Any, size: tuple[int, int], look: Look, at: float, chance: random.Random) -> None:
    for _ in range(60):
        x, y, r = chance.gauss(0.5, 0.12) * size[0], chance.random(), chance.uniform(2, 6)
        up = size[1] * (0.85 - (y + at * 2) % 1.0 * 0.6)
        draw.ellipse((x - r, up - r * 1.5, x + r, up + r * 1.5), fill=(255, chance.randint(110, 215), 50, 190))


def _dog(draw: Any, size: tuple[int, int], look: Look, at: float, chance: random.Random) -> None:
    u = min(size) / 14
    x, y = size[0] * (0.15 + at * 0.6), size[1] * 0.72 - abs(math.sin(at * 25)) * u * 0.5
    coat = (64, 44, 36)
    draw.rounded_rectangle((x - 1.6 * u, y - u, x + 1.4 * u, y + 0.3 * u), u * 0.6, fill=coat)
    draw.ellipse((x + u, y - 1.9 * u, x + 2.3 * u, y - 0.6 * u), fill=coat)
    draw.polygon([(x + 1.1 * u, y - 1.5 * u), (x + 1.2 * u, y - 2.4 * u), (x + 1.7 * u, y - 1.8 * u)], fill=coat)
    draw.line((x - 1.5 * u, y - 0.8 * u, x - 2.4 * u, y - 1.5 * u), fill=coat, width=int(u / 3))
    for leg, side in ((-1.3, 1), (-0.9, -1), (0.7, 1), (1.1, -1)):
        swing = math.sin(at * 50) * side * 0.4 * u
        draw.line((x + leg * u, y, x + leg * u + swing, y + 1.2 * u), fill=coat, width=int(u / 3))


_THINGS = {"stars": _stars, "sea": _sea, "boat": _boat, "dog": _dog, "fire": _fire, "rain": _rain, "snow": _snow}


def _caption(prompt: str, size: tuple[int, int]) -> Image.Image:
    """Return the lower third and the DEMO mark as one transparent layer, drawn once."""
    width, height = size
    layer = Image.new("RGBA", size)
    shade = np.zeros((height, width, 4), np.uint8)
    shade[int(height * 0.68) :, :, 3] = np.linspace(0, 165, height - int(height * 0.68)).astype(np.uint8)[:, None]
    layer.alpha_composite(Image.fromarray(shade))
    draw, font = ImageDraw.Draw(layer), ImageFont.truetype(str(FONT), 20)
    lines = _wrap(" ".join(prompt.split())[:160], font, width - 48)
    for row, line in enumerate(lines):
        draw.text((24, height - 24 - 27 * (len(lines) - row)), line, font=font, fill=(255, 255, 255, 245))
    mark = ImageFont.truetype(str(FONT), 13)
    draw.rounded_rectangle((width - 76, 16, width - 16, 40), 12, fill=(0, 0, 0, 110))
    draw.text((width - 46, 28), "DEMO", font=mark, fill=(255, 255, 255, 235), anchor="mm")
    return layer


def _wrap(text: str, font: Any, width: int) -> list[str]:
    lines = [""]
    for word in _words(text):
        if font.getlength(lines[-1] + word) > width:
            if len(lines) == 2:
                return [lines[0], lines[1].rstrip() + "…"]
            lines.append("")
        lines[-1] = (lines[-1] + word).lstrip()
    return lines


def _words(text: str) -> list[str]:
    """Break after a space and after each wide character."""
    words = [""]
    for letter in text:
        words[-1] += letter
        if letter == " " or ord(letter) > 0x2E80 or len(words[-1]) > 24:
            words.append("")
    return words


if __name__ == "__main__":
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    render(order["prompt"], Path(sys.argv[2]), number=order["number"], portrait=order["portrait"])
