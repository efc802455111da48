"""What words of an endpoint mean: the category of a failure, and whether a text is one. Pure.

Source: PROTOCOL.md, sections 2.1, 2.4 and 7 (rule 10). Categories are the error codes pages have a sentence for.
"""

from __future__ import annotations

import html
import re
from typing import Any

MESSAGE_CHARACTERS = 500
TAIL_CHARACTERS = 64 * 1024
_HTML_CHARACTERS = 8 * 1024


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CATEGORIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "content_policy",
        _words(
            r"content[ _-]?(?:polic|filter|moderat|violat|blocked)"
            r"|policy[ _-]?violation|violat|moderat|unsafe|nsfw|sensitive"
            r"|prohibited|guardrail|safety|similarity to third"
            r"|real (?:people|person|face)|likeness|敏感|违规|违反|审核|内容安全"
            r"|不合规|不符合.{0,8}(?:规|政策|准则)|真人|\[?内容被"
        ),
    ),
    (
        "model_unavailable",
        _words(
            r"model[ _-]?not[ _-]?(?:found"
            r"|exist|available|supported)"
            r"|无可用渠道|可用渠道不存在|no[ _]available[ _](?:channel|key)"
            r"|get_channel_failed|(?:invalid|unknown|unsupported|no such)[ _]model"
            r"|模型.{0,20}(?:不存在|不可用|下线|未找到|不支持)"
            r"|model.{0,60}(?:not found|does ?n[o']t exist|unavailable|not available|deprecated|not supported"
            r"|shut down|retired)"
        ),
    ),
    (
        "insufficient_quota",
        _words(r"quota|insufficient|balance|credits?\b|billing|payment|arrears|余额|额度|积分|点数|欠费|充值"),
    ),
    (
        "rate_limited",
        _words(
            r"\b429\b|rate[ _-]?limit|too many requests|overloaded|负载已饱和|频繁|限流|并发|concurren|throttl|繁忙"
        ),
    ),
    (
        "auth",
        _words(
            r"invalid.{0,20}(?:api[ _-]?key|token\b|credential)"
            r"|unauthori[sz]ed|authenticat|api[ _-]?key|permission|forbidden"
            r"|token\b.{0,20}(?:expired|invalid)|令牌|密钥|登录|token.{0,4}(?:失效|过期)|无权|\b401\b"
        ),
    ),
    ("timeout", _words(r"time[ds]?[ _-]?out|超时|deadline exceeded")),
    ("gateway", _words(r"bad gateway|gateway|cloudflare|\b50[24]\b|\b52\d\b")),
)
_CODES = {
    -2000: "bad_request",
    -2001: "upstream_error",
    -2002: "auth",
    -2006: "content_policy",
    -2008: "upstream_error",
    -2009: "insufficient_quota",
}
_STATUS = {
    204: "no_answer",
    401: "auth",
    402: "insufficient_quota",
    403: "auth",
    404: "not_found",
    407: "auth",
    408: "timeout",
    410: "not_found",
    413: "too_large",
    414: "too_large",
    429: "rate_limited",
    431: "too_large",
    451: "content_policy",
    500: "upstream_error",
    501: "upstream_error",
    502: "gateway",
    503: "gateway",
    504: "gateway",
}
_REQUEST_ID = _words(r"\s*[(（]\s*request[ _]id\s*[:：][^)）]{0,200}[)）]")
_RETRY = _words(r"正在重试|重试中|次重试|自动重试|retrying|will retry|再次尝试")
_FAILURE = _words(
    r"生成失败|创建失败|任务失败|提交失败|请求失败|失败\s*[:：❌]"
    r"|❌|generation failed|failed to (?:generate|create|process)"
    r"|(?:video|task|request|job) (?:generation )?(?:has )?failed"
    r"|^[>\s*]*(?:error|错误|failed|失败)[*\s]*[:：]|生成超时|请求超时"
    r"|任务超时|timed? ?out|content polic|violat"
    r"|违规|违反|敏感|无法生成|不能生成|无法创建|unable to (?:generate|create|process)"
    r"|(?:can(?:no|'|’)t|could(?:n't| not)|won't) (?:generate|create|help|assist|process|fulfil|make|produce)"
    r"|was (?:moderated|rejected|blocked|refused)"
    r"|抱歉|\bsorry\b|余额不足|积分不足|额度不足|无可用渠道|no available channel"
    r"|rate limit|too many requests|quota exceeded|审核(?:未通过|不通过|失败)"
)
_POLITE = _words(r"抱歉|sorry|can(?:no|'|’)t|won't|无法|不能|unable")
_ECHO_BLOCK = _words(r"```json\s*\{[^`]{0,65536}?```")


def category_of(message: str, *, kind: Any = None, code: Any = None) -> str | None:
    """Return the category that a message, with its `type` and `code`, speaks of, or None.

    >>> category_of("当前分组 default 下对于模型 sora-2 无可用渠道")
    'model_unavailable'
    """
    if isinstance(code, int) and code in _CODES:
        return _CODES[code]
    text = f"{_short(kind)} {_short(code)} {_REQUEST_ID.sub('', message[:4000])}"
    for category, words in _CATEGORIES:
        if words.search(text):
            return category
    return "bad_request" if "invalid_request" in text else None


def category_of_status(status: int) -> str:
    """Return the category of an HTTP status when the body says nothing better."""
    if status in _STATUS:
        return _STATUS[status]
    if 300 <= status < 400:
        return "redirect"
    if 400 <= status < 500:
        return "bad_request"
    return "gateway" if 500 < status < 600 else "unknown_status"


def failure_in(content: str) -> tuple[str, str] | None:
    """Return (category, message) if the final text says that there will be no video, else None.

    Lines that speak of another try are no failure; nor is what an echoed request block says.

    >>> failure_in("❌ 生成失败: This content may violate our content policies.")
    ('content_policy', '❌ 生成失败: This content may violate our content policies.')
    """
    text = _ECHO_BLOCK.sub("\n", content[-TAIL_CHARACTERS:])
    lines = [line for line in text.split("\n") if not (_RETRY.search(line) and "稍后" not in line)]
    at = next((number for number, line in enumerate(lines) if _FAILURE.search(line)), None)
    if at is None:
        return None
    message = plain("\n".join(lines[at:]))
    category = category_of(message)
    return category or ("content_policy" if _POLITE.search(message) else "upstream_error"), message


def plain(text: str) -> str:
    """Return text as one short plain line for people: no quote marks, no request id, at most 500 characters."""
    text = re.sub(r"^\s*>\s?", "", _REQUEST_ID.sub("", text[:4000]), flags=re.MULTILINE)
    return " ".join(text.split())[:MESSAGE_CHARACTERS]


def plain_html(page: str) -> str:
    """Return the words of an HTML page as one short plain line."""
    page = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", page[:_HTML_CHARACTERS])
    return plain(html.unescape(re.sub(r"<[^<>]*>?", " ", page)))


def _short(value: Any) -> str:
    return str(value)[:200] if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
