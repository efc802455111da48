"""The words: whole in both languages, and a dictionary that goes both ways."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from services.prompts import vocabulary
from services.prompts.fields import LIST_OF
from services.prompts.vocabulary import LISTS, Word, find, groups, key, say, words

EVERY = [word for name in LISTS for word in words(name)]
LEAST = {
    "shot_types": 37, "camera_moves": 41, "lighting": 39, "lens_and_focus": 31, "palette": 30, "mood": 34,
    "audio": 46, "style": 34, "pace_and_cuts": 26, "time_weather_air": 32, "colours": 30, "manner": 16,
}  # fmt: skip


def test_no_list_became_shorter_than_the_one_we_were_given() -> None:
    assert [name for name, least in LEAST.items() if len(words(name)) < least] == []


def test_each_word_has_both_languages_and_both_hints_and_no_stray_blanks() -> None:
    for word in EVERY:
        for text in (word.en, word.zh, word.hint, word.hint_zh, word.group):
            assert text, word
            assert text == text.strip(), word
        assert any("\u4e00" <= sign <= "\u9fff" for sign in word.hint_zh), word
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in word.en + word.hint), word


@pytest.mark.parametrize("name", LISTS)
def test_within_a_list_the_dictionary_goes_both_ways(name: str) -> None:
    for language in ("en", "zh"):
        doubled = [said for said, times in Counter(word.said(language) for word in words(name)).items() if times > 1]
        assert doubled == []
    for word in words(name):
        assert say(word.en, "zh", name) == word.zh
        assert say(word.zh, "en", name) == word.en
        assert key(word.zh, name) == word.en


def test_a_persons_own_words_are_untouched() -> None:
    assert say("the blue hour of my childhood", "zh") == "the blue hour of my childhood"
    assert find("slow  PUSH-IN") == find("缓慢推进")


def test_each_pickable_part_of_the_fields_has_a_list() -> None:
    assert set(LIST_OF.values()) <= set(LISTS)
    assert words("no such list") == ()
    assert groups("audio") == ("bed", "effect", "music", "rule", "voice")


def test_a_word_of_the_data_file_is_a_word_of_ours() -> None:
    file = Path(vocabulary.__file__).parent / "data" / "vocabulary.json"
    kept = json.loads(file.read_text("utf-8"))
    assert kept["version"] == 1
    assert sum(len(entries) for entries in kept["lists"].values()) == len(EVERY)
    assert all(isinstance(word, Word) for word in EVERY)
