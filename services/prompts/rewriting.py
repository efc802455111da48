"""How a chat model is asked to write a prompt anew, and what of its answer is the prompt. Pure.

Source: PRODUCT.md, section 4: an enhancer makes explicit what is implied; it invents nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from services.prompts.vocabulary import Language

Length = Literal["short", "medium", "detailed"]
LENGTHS: Final[tuple[Length, ...]] = ("short", "medium", "detailed")
MAX_INSTRUCTIONS_CHARS: Final = 4_000
_AIM: Final[Mapping[Length, Mapping[Language, str]]] = {
    "short": {"en": "one or two sentences, at most 60 words", "zh": "一两句话，不超过100字"},
    "medium": {"en": "one paragraph, 60 to 120 words", "zh": "一段，100到200字"},
    "detailed": {"en": "several short paragraphs, 120 to 250 words", "zh": "几个短段落，200到400字"},
}
INSTRUCTIONS: Final[Mapping[Language, str]] = {
    "en": (
        "You rewrite prompts for a video model. Keep every fact, name, spoken line and word on screen as it is. Make"
        " explicit what is implied: one shot, one camera move, one subject action, light with its source, three to"
        " five named colours, a sound. Use visible nouns and verbs instead of praise. Invent no new story, no new"
        " people. Answer with the prompt alone."
    ),
    "zh": (
        "你为视频模型改写提示词。保留每个事实、名字、台词和画面文字。把隐含的写明：一个镜头、一种运镜、一个主体动作、"
        "光线及其来源、三到五种具体颜色、一种声音。用看得见的名词和动词，不用赞美词。不编新情节，不加新人物。只回答提示词本身。"
    ),
}
_FENCE: Final = re.compile(r"\A```[a-zA-Z]*\n(.*?)\n?```\Z", re.DOTALL)
_QUOTES: Final = (('"', '"'), ("“", "”"), ("「", "」"))


def request(
    text: str, model: str, length: Length, instructions: str, language: Language, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the body of the request: what to do, then the prompt as it is.

    >>> [each["role"] for each in request("A boat", "gpt", "short", "", "en", {})["messages"]]
    ['system', 'user']
    """
    told = (instructions.strip() or INSTRUCTIONS[language])[:MAX_INSTRUCTIONS_CHARS]
    aim = {"en": f"Length: {_AIM[length]['en']}.", "zh": f"长度：{_AIM[length]['zh']}。"}[language]
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "system", "content": f"{told}\n{aim}"}, {"role": "user", "content": text}],
        "stream": True,
    }
    body.update((name, value) for name, value in extra.items() if name not in body)
    return body


def said(answer: str) -> str:
    """Return the prompt of an answer: without a code fence or quotes around the whole.

    >>> said('```\\nA boat\\n```'), said('"A boat"'), said('He says "go"')
    ('A boat', 'A boat', 'He says "go"')
    """
    text = answer.strip()
    fenced = _FENCE.match(text)
    text = fenced[1].strip() if fenced else text
    for opening, closing in _QUOTES:
        inner = text[1:-1]
        if (
            len(text) > 1
            and text[0] == opening
            and text[-1] == closing
            and opening not in inner
            and closing not in inner
        ):
            return inner.strip()
    return text
