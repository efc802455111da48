"""The words of the craft, in English and Chinese: lists to pick from, and the dictionary between the two languages.

A word is known by its English form: that is what fields keep. What is no word of ours is a person's own and stays as it
is in either language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from services.prompts.data import load

Language = Literal["en", "zh"]
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a list. `group` splits long lists: `size` and `angle` of shots, `bed` and `music` of sounds."""

    list: str
    en: str
    zh: str
    hint: str
    hint_zh: str
    group: str

    def said(self, language: Language) -> str:
        """Return the word itself."""
        return self.zh if language == "zh" else self.en

    def hinted(self, language: Language) -> str:
        """Return what it means, in a few plain words."""
        return self.hint_zh if language == "zh" else self.hint


def language_of(code: str) -> Language:
    """Return the language of prompts nearest to a language of the pages.

    >>> language_of("zh_CN"), language_of("en"), language_of("")
    ('zh', 'en', 'en')
    """
    return "zh" if code.lower().startswith("zh") else "en"


@cache
def _lists() -> Mapping[str, tuple[Word, ...]]:
    lists = load("vocabulary")["lists"]
    return MappingProxyType({name: tuple(Word(name, **entry) for entry in entries) for name, entries in lists.items()})


LISTS: Final = tuple(_lists())


@cache
def words(name: str, group: str = "") -> tuple[Word, ...]:
    """Return a list, or one group of it, in its own order; empty if there is no such list.

    >>> [word.en for word in words("lens_and_focus", "camera")]
    ['phone camera', 'CCTV lens']
    """
    return tuple(word for word in _lists().get(name, ()) if group in ("", word.group))


@cache
def groups(name: str) -> tuple[str, ...]:
    """Return the groups of a list, in the order of their first words."""
    return tuple(dict.fromkeys(word.group for word in words(name)))


@cache
def _dictionary(name: str) -> Mapping[str, Word]:
    chosen: Iterable[Word] = words(name) if name else (word for each in _lists().values() for word in each)
    known: dict[str, Word] = {}
    for word in chosen:
        known.setdefault(_key(word.en), word)
        known.setdefault(_key(word.zh), word)
    return known


def _key(value: str) -> str:
    return _SPACES.sub(" ", value).strip().casefold()


def find(value: str, name: str = "") -> Word | None:
    """Return the word that this is, in either language; None if it is a person's own.

    Some words stand in two lists with two Chinese forms (overcast is a light and a weather): `name` says which one.
    """
    return _dictionary(name).get(_key(value))


def key(value: str, name: str = "") -> str:
    """Return a value as fields keep it: the English form of a word, anything else as it is.

    >>> key("中景"), key("MEDIUM  shot"), key("我的猫")
    ('medium shot', 'medium shot', '我的猫')
    """
    word = find(value, name)
    return word.en if word else value.strip()


def say(value: str, language: Language, name: str = "") -> str:
    """Return a value in a language; a person's own words stay untouched.

    >>> say("overcast", "zh", "time_weather_air"), say("overcast", "zh", "lighting"), say("grandma's quilt", "zh")
    ('阴天', '阴天散射光', "grandma's quilt")
    """
    word = find(value, name)
    return word.said(language) if word else value.strip()
