"""Templates of one's own: kept in all their versions, put away and brought back, read from files and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from secrets import token_hex

from db import composing
from db.composing import KeptTemplate
from db.database import Database
from services.clock import utc_now
from services.endpoint.text import clean
from services.errors import NotFoundError, TemplateError
from services.prompts import template_files, templates
from services.prompts.checked import Checked
from services.prompts.composition import Composition
from services.prompts.template_files import MAX_NAME_CHARS
from services.prompts.templates import Template, next_version


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a template and when it was kept."""

    template: Template
    kept_at: dt.datetime


@dataclass(frozen=True, slots=True)
class OwnTemplates:
    """One person's templates."""

    owner: str
    database: Database

    def all(self) -> list[Template]:
        """Return the newest version of each, the one changed last first."""
        with self.database.reading() as session:
            kept = composing.templates(session, self.owner)
        return [template for one in kept if (template := _read(one.body))]

    def get(self, template_id: str) -> Template:
        """Return a template of one's own, or a built-in one, by its id.

        Raises:
            NotFoundError: there is none.
        """
        known = {template.id: template for template in (*templates.built_in(), *self.all())}
        if template_id not in known:
            raise NotFoundError("no such template")
        return known[template_id]

    def versions(self, template_id: str) -> list[Version]:
        """Return every version of a template, newest first."""
        with self.database.reading() as session:
            kept = composing.versions(session, self.owner, template_id)
        return [Version(template, one.created_at) for one in kept if (template := _read(one.body))]

    def save(self, name: str, composition: Composition, *, hint: str = "") -> Template:
        """Keep what is in the composer as a new template.

        Raises:
            TemplateError: no name (code template_no_name), too long a name (template_long_name) or nothing in it
                (template_empty).
        """
        template = templates.own(token_hex(8), _checked_name(name), composition, clean(hint))
        return self._keep(_not_empty(template))

    def change(self, template_id: str, composition: Composition) -> Template:
        """Keep what is in the composer as the next version; the same as before is no new version.

        Raises:
            NotFoundError: no such template of one's own.
            TemplateError: there is nothing in it (code template_empty).
        """
        before = self._mine(template_id)
        after = next_version(before, composition)
        return before if after is before else self._keep(_not_empty(after))

    def bring_version_back(self, template_id: str, version: int) -> Template:
        """Make an earlier version the newest again, as a version of its own.

        Raises:
            NotFoundError: no such version.
        """
        kept = {one.template.version: one.template for one in self.versions(template_id)}
        if version not in kept:
            raise NotFoundError("no such version")
        return self._keep(replace(kept[version], version=max(kept) + 1))

    def forget(self, template_id: str) -> None:
        """Put a template away; `bring_back` undoes it."""
        with self.database.transaction() as session:
            composing.forget_template(session, self.owner, template_id, utc_now())

    def bring_back(self, template_id: str) -> None:
        """Undo `forget`."""
        with self.database.transaction() as session:
            composing.forget_template(session, self.owner, template_id, None)

    def read_file(self, data: bytes) -> Checked[tuple[Template, ...]]:
        """Return the templates of a JSON or CSV file, or everything that is wrong with it; nothing is kept yet."""
        begins = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
        if not begins.startswith((b"{", b"[")):
            return template_files.from_csv(data)
        return template_files.from_json(data.decode("utf-8-sig", "replace"))

    def take_in(self, read: Sequence[Template]) -> int:
        """Keep templates of a file, in one transaction: what is new, or other than before; return how many.

        One that differs from the one of the same id becomes its next version, so nothing of one's own is lost.
        """
        known = {template.id: template for template in self.all()}
        changed = [template for template in read if not _alike(known.get(template.id), template)]
        at = utc_now()
        with self.database.transaction() as session:
            for template in changed:
                kept = composing.versions(session, self.owner, template.id)
                version = kept[0].version + 1 if kept else template.version
                composing.add_version(session, self.owner, _kept(replace(template, version=version), at))
        return len(changed)

    def _mine(self, template_id: str) -> Template:
        found = next((one for one in self.all() if one.id == template_id), None)
        if found is None:
            raise NotFoundError("no such template of one's own")
        return found

    def _keep(self, template: Template) -> Template:
        """Keep a version; if another window was quicker with this number, take the next."""
        with self.database.transaction() as session:
            while not composing.add_version(session, self.owner, _kept(template, utc_now())):
                template = replace(template, version=template.version + 1)
        return template


def _alike(known: Template | None, template: Template) -> bool:
    return known is not None and replace(template, version=known.version) == known


def _checked_name(name: str) -> str:
    name = " ".join(clean(name).split())
    if not name:
        raise TemplateError("a template needs a name", code="template_no_name")
    if len(name) > MAX_NAME_CHARS:
        raise TemplateError(f"{len(name)} characters, at most {MAX_NAME_CHARS}", code="template_long_name")
    return name


def _not_empty(template: Template) -> Template:
    if not any(each.text.strip() for each in template.compositions.values()):
        raise TemplateError("there is nothing in it", code="template_empty")
    return template


def _kept(template: Template, at: dt.datetime) -> KeptTemplate:
    return KeptTemplate(template.id, template.version, template_files.to_json([template]), at)


def _read(body: str) -> Template | None:
    read = template_files.from_json(body).value
    return read[0] if read else None
