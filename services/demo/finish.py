"""How a look finishes a picture: grain, grey, paper, pixels. The demo's idea of a style, by the words of the prompt."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

Finish = Callable[[Image.Image, int], Image.Image]


def finishes(prompt: str) -> tuple[Finish, ...]:
    """Return what is done to each picture of a film of this prompt; nothing for most."""
    return tuple(finish for words, finish in _FINISHES if re.search(words, prompt, re.IGNORECASE))


def _grey(picture: Image.Image, seed: int) -> Image.Image:
    return ImageEnhance.Contrast(ImageOps.grayscale(picture).convert("RGB")).enhance(1.35)


def _sepia(picture: Image.Image, seed: int) -> Image.Image:
    return ImageOps.colorize(ImageOps.grayscale(picture), (38, 24, 14), (250, 232, 200), (168, 122, 78))


def _faded(picture: Image.Image, seed: int) -> Image.Image:
    warm = Image.blend(picture, Image.new("RGB", picture.size, (214, 160, 96)), 0.22)
    return ImageEnhance.Color(warm).enhance(0.8)


def _grain(picture: Image.Image, seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, 13, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(np.asarray(picture, np.float32) + noise, 0, 255).astype(np.uint8))


def _lines(picture: Image.Image, seed: int) -> Image.Image:
    seen = np.asarray(picture, np.float32).copy()
    seen[::3] *= 0.62
    seen[:, 4:, 0] = seen[:, :-4, 0]  # red runs ahead, as on worn tape
    return Image.fromarray(seen.astype(np.uint8))


def _pixels(picture: Image.Image, seed: int) -> Image.Image:
    small = picture.resize((max(1, picture.width // 9), max(1, picture.height // 9)), Image.Resampling.BOX)
    return small.quantize(24).convert("RGB").resize(picture.size, Image.Resampling.NEAREST)


def _flat(picture: Image.Image, seed: int) -> Image.Image:
    strong = ImageEnhance.Color(picture.filter(ImageFilter.BoxBlur(2))).enhance(1.15)
    return ImageOps.posterize(ImageEnhance.Brightness(strong).enhance(1.12), 3)


def _wet(picture: Image.Image, seed: int) -> Image.Image:
    soft = ImageOps.posterize(picture.filter(ImageFilter.GaussianBlur(4)), 4).filter(ImageFilter.BoxBlur(1))
    return Image.blend(soft, Image.new("RGB", picture.size, (252, 248, 240)), 0.28)


def _drawn(picture: Image.Image, seed: int) -> Image.Image:
    edges = ImageOps.invert(ImageOps.grayscale(picture.filter(ImageFilter.SMOOTH)).filter(ImageFilter.FIND_EDGES))
    return ImageOps.autocontrast(edges, cutoff=2).convert("RGB")


def _bars(picture: Image.Image, seed: int) -> Image.Image:
    wide = picture.copy()
    bar = picture.height // 8
    wide.paste((0, 0, 0), (0, 0, picture.width, bar))
    wide.paste((0, 0, 0), (0, picture.height - bar, picture.width, picture.height))
    return wide


def _dark_edges(picture: Image.Image, seed: int) -> Image.Image:
    across, down = np.linspace(-1, 1, picture.width), np.linspace(-1, 1, picture.height)
    light = np.clip(1.12 - 0.55 * (across[None, :] ** 2 + down[:, None] ** 2), 0.25, 1.0)
    return Image.fromarray((np.asarray(picture, np.float32) * light[:, :, None]).astype(np.uint8))


_FINISHES: tuple[tuple[str, Finish], ...] = (
    (r"film noir|security camera|black.and.white|monochrome|水墨|黑白|ink.wash", _grey),
    (r"whiteboard|pencil|sketch|line drawing|白板|素描", _drawn),
    (r"1970s|super 8|faded|sepia", _faded),
    (r"shadow puppet|daguerreotype|皮影", _sepia),
    (r"pixel art|8-bit|16-bit|像素", _pixels),
    (r"paper cut|cut-out|anime\b|cel.shad|cartoon|stop motion|clay|infographic|剪纸|动漫|定格", _flat),
    (r"watercolou?r|oil painting|gouache|storybook|水彩|油画", _wet),
    (r"35 mm|16 mm|film noir|super 8|1970s|security camera|胶片|监控", _grain),
    (r"\bVHS\b|camcorder|scan lines|security camera|录像带", _lines),
    (r"65 mm|anamorphic|widescreen|music video|epic|宽银幕", _bars),
    (r"fashion film|film noir|shadow puppet|macro documentary|low-key|时装", _dark_edges),
)
