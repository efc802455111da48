"""Templates of one's own on their page: keep, use, go back a version, put away, read and write files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.batch_view import problems_table
from pages.shared.compose_desk import desk, laid
from pages.shared.i18n import gettext as _
from pages.shared.i18n import language, ngettext
from pages.shared.notice import notice
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import moment
from pages.shared.zone import offset_minutes
from services.prompts import template_files
from services.prompts.composition import Composition
from services.prompts.desk import begun_with
from services.prompts.variables import variables
from services.prompts.vocabulary import language_of

if TYPE_CHECKING:
    from services.prompts.templates import Template

_NEW = ""


def keep_section() -> None:
    """Keep what lies on the desk of Create, as a new template or as the next version of one."""
    on_it = _on_create()
    if not on_it.text.strip():
        st.caption(_("Create is empty just now."))
        return
    st.code(on_it.text, language=None, wrap_lines=True, height=120)
    names = {_NEW: _("A new template"), **{one.id: _said(one) for one in mine().templates.all()}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(_("Keep it as"), list(names), key="template-as", format_func=names.__getitem__)
        if chosen == _NEW:
            st.text_input(_("Name"), key="template-name", max_chars=200)
        st.button(_("Keep"), key="template-keep", icon=":material/bookmark_add:", on_click=_keep, args=(chosen,))


def own_template(template: Template) -> None:
    """Show one template with all that can be done with it."""
    spoken = language_of(language())
    with st.expander(f"{plain(_said(template), 80)} · {_('version {number}').format(number=template.version)}"):
        composition = template.composition(spoken)
        st.code(composition.text, language=None, wrap_lines=True)
        blanks = [variable.name for variable in variables(composition)]
        if blanks:
            st.caption(_("To fill in: {names}").format(names=plain(", ".join(blanks), 200)))
        with st.container(horizontal=True):
            st.button(
                _("Use it"),
                key=f"use-{template.id}",
                type="primary",
                icon=":material/edit:",
                on_click=_use,
                args=(template,),
            )
            st.button(
                _("Put away"),
                key=f"away-{template.id}",
                icon=":material/archive:",
                on_click=_put_away,
                args=(template.id,),
            )
        if template.version > 1:
            _versions(template)


def _versions(template: Template) -> None:
    past = {one.template.version: one for one in mine().templates.versions(template.id)}
    past.pop(template.version, None)
    if not past:
        return
    said = {number: f"{number} · {moment(one.kept_at, offset_minutes())}" for number, one in past.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            _("Earlier versions"), list(said), key=f"version-{template.id}", format_func=said.__getitem__
        )
        st.button(
            _("Bring it back"),
            key=f"back-{template.id}",
            icon=":material/history:",
            on_click=_bring_version_back,
            args=(template.id, number),
        )
    st.code(past[number].template.composition(language_of(language())).text, language=None, wrap_lines=True)


def undo_put_away() -> None:
    """Offer to take back what was put away last."""
    id = st.session_state.get("template_away")
    if not id:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="template-put-away"):
        st.markdown(_("The template is put away, with all its versions."), width="stretch")
        st.button(_("Undo"), key="template-undo", icon=":material/undo:", on_click=_bring_back, args=(id,))


def files_section(kept: Sequence[Template]) -> None:
    """Offer the templates as files, and read such files: all of a file, or nothing."""
    with st.container(horizontal=True):
        for kind, write in (("json", template_files.to_json), ("csv", template_files.to_csv)):
            st.download_button(
                _("Download as {kind}").format(kind=kind.upper()),
                partial(write, kept),
                file_name=f"dailies-templates.{kind}",
                key=f"templates-{kind}",
                icon=":material/download:",
                on_click="ignore",
                disabled=not kept,
            )
    given = st.file_uploader(
        _("Read templates from a file (JSON or CSV)"), type=["json", "csv"], key="templates-file", max_upload_size=5
    )
    if given is None:
        return
    read = mine().templates.read_file(given.getvalue())
    if read.value is None:
        problems_table(read.problems)
        return
    count = len(read.value)
    st.button(
        ngettext("Keep {count} template", "Keep {count} templates", count).format(count=count),
        key="templates-take",
        type="primary",
        icon=":material/bookmark_add:",
        on_click=_take_in,
        args=(read.value,),
    )


def _said(template: Template) -> str:
    return template.said(language_of(language()))


@whole
def _keep(chosen: str) -> None:
    composition = _on_create()
    name = st.session_state.get("template-name", "")
    templates = mine().templates
    if chosen == _NEW:
        done = tried(lambda: templates.save(name, composition))
    else:
        done = tried(lambda: templates.change(chosen, composition))
    if done:
        st.session_state["template-name"] = ""
        notice(_("Kept. It is in the list below."))


def _on_create() -> Composition:
    """Return what lies on Create, its blanks still blanks."""
    on_it = desk()
    return Composition(on_it.fields, on_it.language, on_it.edit)


@whole
def _use(template: Template) -> None:
    """Lay a template on Create, fields and all; what lay there can be put back."""
    now = desk()
    laid(begun_with(template.composition(now.language), now))
    st.session_state.template_laid = True


@whole
def _put_away(id: str) -> None:
    if tried(lambda: mine().templates.forget(id)):
        st.session_state.template_away = id


@whole
def _bring_back(id: str) -> None:
    st.session_state.pop("template_away", None)
    tried(lambda: mine().templates.bring_back(id))


@whole
def _bring_version_back(id: str, version: int) -> None:
    if tried(lambda: mine().templates.bring_version_back(id, version)):
        notice(_("Version {number} is the newest again; the others are kept.").format(number=version))


@whole
def _take_in(read: Sequence[Template]) -> None:
    counted: list[int] = []
    if tried(lambda: counted.append(mine().templates.take_in(read))):
        count = counted[0]
        notice(
            ngettext(
                "{count} template kept; the others were known.", "{count} templates kept; the others were known.", count
            ).format(count=count)
        )
