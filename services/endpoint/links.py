"""Links in an answer: found in its text and its fields, judged, kept in order. Pure.

Links are scored, not filtered by `.mp4`; they are kept byte-exact, never unquoted.
Source: PROTOCOL.md, 2.3 and 7.7-7.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

URL_CHARACTERS = 8192
LINKS_KEPT = 1000
FIELDS_WALKED = 10_000

_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>video|source|img|a|iframe)\b(?P<attributes>[^<>]*)>"
    r"|(?P<bang>!?)\[(?P<label>[^\[\]]*)\]\(\s*<?(?P<target>[^\s<>()\[\]]*(?:\([^\s()\[\]<>]*\)[^\s<>()\[\]]*)*)>?"
    r"""(?:\s+["'][^"'()\[\]]*["'])?\s*\)"""
    r"""|(?<![A-Za-z0-9])(?P<bare>https?://[^\s<>"'`|\\)\]，。；：！？、（）【】《》〈〉「」『』“”‘’…～\x00-\x1f]+)"""
    r"|^[ \t>]*(?P<path>/[^\s<>\"'`]{1,2000}\.(?:mp4|webm|mov|m4v))[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_INNER = re.compile(r"[^\s<]+")
_VIDEO_END = re.compile(r"\.(?:mp4|webm|mov|m4v|mkv)(?=$|[?&#/;])", re.IGNORECASE)
_GLUED = re.compile(r"\.(?:mp4|webm|mov|m4v)(?=[^\x00-\x7f])", re.IGNORECASE)
_IMAGE_END = re.compile(r"\.(?:webp|png|jpe?g|gif|avif|bmp|svg|heic|ico)$", re.IGNORECASE)
_DOCUMENT_END = re.compile(r"\.(?:html?|php|aspx?|pdf|zip|txt|md|json|js|css|xml|m3u8)$", re.IGNORECASE)
_VIDEO_SIGN = re.compile(r"mime_?type=video|/az/files/|/videos?/[^/?#]+/content\b", re.IGNORECASE)
_VIDEO_WORDS = re.compile(r"播放|观看|下载|点击这里|视频|影片|video|download|watch|play\b|\bmp4\b", re.IGNORECASE)
_OTHER_WORDS = re.compile(
    r"教程|文档|官网|充值|帮助|客服|说明|docs?\b|help|tutorial|support|top.?up|pricing|polic|terms|login", re.IGNORECASE
)
_RECOVERY_WORDS = re.compile(
    r"数据预览|原始数据|任务进度|获取进度|查询进度|data preview|raw data|task progress", re.IGNORECASE
)
_PAGE_HOSTS = re.compile(
    r"(?:^|\.)(?:(?:drive|docs)\.google\.com|youtube\.com|youtu\.be|github\.com|sora\.chatgpt\.com|chatgpt\.com"
    r"|pan\.baidu\.com|t\.me|discord\.(?:gg|com)|bilibili\.com|vimeo\.com|x\.com|twitter\.com)$"
)
# Pages told by their form, on whatever host a relay puts them: a drive's viewer, a share page, a watch page.
_PAGE_FORM = re.compile(r"/file/d/[^/]+|/(?:view|preview|edit|watch)/?$|^/s(?:hare)?/|^/p/s_", re.IGNORECASE)
_DRIVE_HOSTS = re.compile(r"^(?:drive|docs|pan|yun|disk)\.")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\s\\\x00-\x1f\x7f\ufffd]")
_KEY_BEFORE = re.compile(r"""["'](\w{1,40})["']\s{0,4}:\s{0,4}["']$""")
_INPUT_KEY = re.compile(r"prompt|input|reference|first_?frame|last_?frame|avatar|logo|icon", re.IGNORECASE)
_POSTER_KEY = re.compile(r"cover|thumb|poster|image|gif|preview", re.IGNORECASE)
_VIDEO_KEY = re.compile(r"video|download|mp4", re.IGNORECASE)
_TASK_KEY = re.compile(r"task_?id|job_?id", re.IGNORECASE)
_RANK = {"page": 0, "poster": 1, "recovery": 2, "video": 3}


@dataclass(frozen=True, slots=True)
class Link:
    """One link: as written, made absolute, and what it leads to (`video`, `page`, `recovery`, `poster`)."""

    url: str
    resolved: str
    kind: str

    def as_dict(self) -> dict[str, str]:
        """Return the link as it goes into JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link as found. `how`: video, poster, image, label or bare; `words`: what stands before or on it."""

    url: str
    how: str
    words: str = ""
    at_end: bool = False


def find(text: str) -> Iterator[Candidate]:
    """Yield what looks like a link in a text, in order; `at_end` marks one that nothing closed."""
    at, inside_video = 0, False
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match["tag"]:
            inside_video = (match["close"] == "") if match["tag"].lower() == "video" else inside_video
            yield from _in_tag(match, text)
        elif match["target"] is not None:
            yield Candidate(match["target"], "image" if match["bang"] else "label", match["label"])
        elif match["path"]:
            yield Candidate(match["path"], "bare")
        elif inside_video and (inner := _INNER.match(text, match.start())):
            at = inner.end()
            yield Candidate(inner[0], "video", at_end=at == len(text))
        else:
            yield _bare(match, text)


def _in_tag(match: re.Match[str], text: str) -> Iterator[Candidate]:
    tag = match["tag"].lower()
    for name, double, single, plain in _ATTRIBUTE.findall(match["attributes"]):
        url, name = double or single or plain, name.lower()
        if name == "poster" or (name == "src" and tag == "img"):
            yield Candidate(url, "poster")
        elif name == "src":
            yield Candidate(url, "bare" if tag == "iframe" else "video")
        elif name == "href" and tag == "a":
            yield Candidate(url, "label", text[match.end() : match.end() + 80].partition("<")[0])


def _bare(match: re.Match[str], text: str) -> Candidate:
    url = match["bare"]
    at_end = match.end() == len(text)
    if glued := _GLUED.search(url):
        url, at_end = url[: glued.end()], False
    before = text[max(0, match.start() - 60) : match.start()]
    if key := _KEY_BEFORE.search(before):
        return Candidate(url, _how_of_key(key[1], ""), at_end=at_end)
    words = before.rpartition("\n")[2].rpartition("。")[2][-24:]
    return Candidate(url.rstrip(".,;:!?*_~"), "bare", words, at_end)


def walk(value: Any) -> tuple[list[Candidate], list[str]]:
    """Return the links and task ids in the fields of a JSON value; what was put in (prompt, references) is left out."""
    links: list[Candidate] = []
    tasks: list[str] = []
    stack: list[tuple[str, str, Any]] = [("", "", value)]
    for _ in range(FIELDS_WALKED):
        if not stack:
            break
        key, kind, item = stack.pop()
        if isinstance(item, dict):
            kind = str(item.get("type") or item.get("mime_type") or "")[:40].lower()
            stack.extend((str(k), kind, v) for k, v in reversed(item.items()) if not _INPUT_KEY.search(str(k)))
        elif isinstance(item, list):
            stack.extend((key, kind, v) for v in reversed(item))
        elif isinstance(item, str) and _TASK_KEY.fullmatch(key):
            tasks.append(item)
        elif isinstance(item, str) and (item[:8].lower().startswith(("http://", "https://")) or _is_path(item, key)):
            links.append(Candidate(item, _how_of_key(key, kind)))
    return links, tasks


def _is_path(text: str, key: str) -> bool:
    return text[:1] == "/" and "url" in key.lower() and len(text) < URL_CHARACTERS


def _how_of_key(key: str, kind: str) -> str:
    if _INPUT_KEY.search(key):
        return "input"
    if _VIDEO_KEY.search(key) and not re.search(r"cover|thumb|poster", key, re.IGNORECASE):
        return "video"
    if _POSTER_KEY.search(key) or "image" in kind:
        return "poster"
    return "video" if key.lower() == "url" or "video" in kind else "bare"


class Links:
    """The links of one answer, each once, those from fields before those from text."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url if "://" in base_url else f"https://{base_url}")
        self._scheme = parts.scheme or "https"
        self._origin = f"{self._scheme}://{parts.netloc.rpartition('@')[2]}"
        self._fields: dict[str, Link] = {}
        self._text: dict[str, Link] = {}

    def add(self, candidate: Candidate, *, from_field: bool = False, sure: bool = True) -> None:
        """Judge a candidate and keep it. Not `sure` (nothing closed it in a cut answer): a page at most."""
        link = self.judge(candidate)
        kept = self._fields if from_field else self._text
        if link is None or (len(kept) >= LINKS_KEPT and link.resolved not in kept):
            return
        if not sure and link.kind == "video":
            link = Link(link.url, link.resolved, "page")
        old = kept.get(link.resolved)
        if old is None or _RANK[link.kind] > _RANK[old.kind]:
            kept[link.resolved] = Link(old.url if old else link.url, link.resolved, link.kind)

    def judge(self, candidate: Candidate) -> Link | None:
        """Return the link a candidate is, or None (no http address, something put in by us)."""
        url = candidate.url.strip()
        resolved = None if candidate.how == "input" or len(url) > URL_CHARACTERS else self._absolute(url)
        kind = _kind(resolved, candidate.how, candidate.words) if resolved else None
        return Link(url, resolved, kind) if resolved and kind else None

    def all(self, more: list[Link] | None = None) -> tuple[Link, ...]:
        """Return every link, `more` (not yet kept ones) at the end."""
        merged = dict(self._fields)
        for link in [*self._text.values(), *(more or [])]:
            old = merged.get(link.resolved)
            if old is None:
                merged[link.resolved] = link
            elif _RANK[link.kind] > _RANK[old.kind]:
                merged[link.resolved] = Link(old.url, old.resolved, link.kind)
        return tuple(merged.values())

    def _absolute(self, url: str) -> str | None:
        if not url or _FORBIDDEN.search(url):
            return None
        url = url.replace("&amp;", "&")
        if url[:8].lower().startswith(("http://", "https://")):
            return url
        if url.startswith("//"):
            return f"{self._scheme}:{url}"
        if url.startswith("/"):
            return self._origin + url
        if _SCHEME.match(url) or not _VIDEO_END.search(url):
            return None
        return f"{self._origin}/{url.removeprefix('./')}"


def _kind(resolved: str, how: str, words: str) -> str | None:
    try:
        parts = urlsplit(resolved)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if not host:
        return None
    if "asyncdata" in host or _RECOVERY_WORDS.search(words):
        return "recovery"
    if how == "poster" or _IMAGE_END.search(parts.path) or "mime_type=image" in parts.query.lower():
        return "poster"
    if _PAGE_HOSTS.search(host) or (how != "video" and _is_page(host, parts.path)):
        return "page"
    return _kind_of_file(parts.path, parts.query, how, words)


def _is_page(host: str, path: str) -> bool:
    return not _VIDEO_END.search(path) and bool(_PAGE_FORM.search(path) or _DRIVE_HOSTS.search(host))


def _kind_of_file(path: str, query: str, how: str, words: str) -> str:
    document = _DOCUMENT_END.search(path) is not None
    if how == "video" or _VIDEO_END.search(path):
        return "video"
    if not document and (_VIDEO_END.search(query) or _VIDEO_SIGN.search(f"{path}?{query}")):
        return "video"
    named = _VIDEO_WORDS.search(words) and not _OTHER_WORDS.search(words)
    if named and not document and path not in ("", "/"):
        return "video"
    return "poster" if how == "image" else "page"
