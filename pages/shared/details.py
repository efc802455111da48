"""The parts of the Generation page below the video: answer, facts, request, raw answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from pages.shared.dialect_report import dialect_report
from pages.shared.i18n import gettext as _
from pages.shared.picture_beside import facts as facts_of
from pages.shared.picture_box import picture_box
from pages.shared.plain import plain
from pages.shared.words import OURS, clock, endpoint_name, moment, size, tokens
from pages.shared.zone import offset_minutes
from services.prompts.reference import from_dict

if TYPE_CHECKING:
    from services.generations import Generation
    from services.generations.use_cases import Generations


def answer(generation: Generation) -> None:
    """Show the prompt, the text that came, and what the endpoint itself said about a failure. All foreign: st.code."""
    st.header(_("Prompt"))
    st.code(generation.prompt, language=None, wrap_lines=True)
    _picture(generation)
    if generation.error_message:
        st.header(_("What happened") if generation.error_code in OURS else _("What the endpoint said"))
        st.code(generation.error_message, language=None, wrap_lines=True)
    if generation.reasoning:
        with st.expander(_("Reasoning"), icon=":material/psychology:"):
            st.code(generation.reasoning, language=None, wrap_lines=True)
    if generation.content:
        st.header(_("Answer"))
        st.code(
            generation.content,
            language=None,
            wrap_lines=True,
            height=260 if len(generation.content) > 900 else "content",
        )
    _links(generation)


def _picture(generation: Generation) -> None:
    kept = from_dict((generation.fields or {}).get("picture")) if generation.picture else None
    if kept is not None:
        picture_box(kept.id, facts_of(kept, demo=generation.demo), key=f"picture-{generation.id}")


def _links(generation: Generation) -> None:
    kept = {video.source_url for video in generation.videos if video.state == "kept"}
    for link in generation.links:
        url = str(link.get("resolved") or link.get("url") or "")
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname and url not in kept and "@" not in parts.netloc:
            st.link_button(plain(f"{parts.hostname}{parts.path}", 70), url, icon=":material/open_in_new:")


def facts(generation: Generation) -> None:
    """Show tokens and times; what is not known is called unknown."""
    st.header(_("Figures"))
    offset = offset_minutes()
    rows = [
        (_("Tokens in the prompt"), tokens(generation.prompt_tokens)),
        (_("Tokens in the answer"), tokens(generation.completion_tokens)),
        (_("Tokens in total"), tokens(generation.total_tokens)),
        (_("Took"), clock(generation.duration_seconds)),
        (_("Created"), moment(generation.created_at, offset)),
        (_("Sent"), moment(generation.sent_at, offset) if generation.sent_at else _("never")),
        (_("Ended"), moment(generation.ended_at, offset) if generation.ended_at else _("not yet")),
        (_("Endpoint"), endpoint_name(generation.endpoint_name, demo=generation.demo)),
        (_("Model"), generation.model),
        *[(_("Task id"), task) for task in generation.task_ids[:5]],
        *[
            (_("Video"), _video_facts(video.width, video.height, video.duration_seconds, video.size_bytes))
            for video in generation.videos
        ],
    ]
    lines = [f"| {name} | {plain(value, 120)} |" for name, value in rows]
    st.markdown("\n".join([f"| {_('Figure')} | {_('Value')} |", "|:--|:--|", *lines]))


def _video_facts(width: int | None, height: int | None, seconds: float | None, size_bytes: int | None) -> str:
    known = [
        f"{width}×{height}" if width and height else "",
        clock(seconds) if seconds is not None else "",
        size(size_bytes) if size_bytes is not None else "",
    ]
    return " · ".join(fact for fact in known if fact) or _("unknown")


def request_and_raw(generation: Generation, generations: Generations) -> None:
    """Show what was sent, without its token, and offer what came back, byte for byte."""
    if generation.request:
        with st.expander(_("Request"), icon=":material/data_object:"):
            st.code(json.dumps(generation.request, indent=2, ensure_ascii=False), language="json", wrap_lines=True)
            if generation.picture:
                st.caption(_("Where the picture is named, its bytes went out: data:image/jpeg;base64, and so on."))
        with st.expander(_("Copy as curl"), icon=":material/terminal:"):
            st.caption(_("The token is not in it: set DAILIES_TOKEN in your shell."))
            if generation.picture:
                st.caption(_("It reads the picture from picture.jpg in the folder you run it in."))
                address = f"/app/static/picture/{generation.picture}?download=1"
                st.link_button(_("Download picture.jpg"), address, icon=":material/download:")
            st.code(generations.curl(generation.id), language="bash", wrap_lines=True)
    if generation.sent_at is not None:
        st.download_button(
            _("Download raw answer"),
            lambda: generations.raw(generation.id) or b"",
            file_name=f"dailies-{generation.id}.txt",
            mime="text/plain",
            key="raw",
            icon=":material/download:",
            on_click="ignore",
        )
        dialect_report(generation)
