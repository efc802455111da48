"""The endpoints a person can send to: the demo, the built-in one, those they added, and the environment's."""

from __future__ import annotations

import secrets as random_ids
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from db import balances, preferences, rates
from db import endpoints as rows
from db.database import Database
from db.noting import note
from db.records import Endpoint, Generation
from services.clock import utc_now
from services.endpoint import client, fields, models, urls
from services.endpoint.redact import Redactor
from services.endpoint.views import Access, EndpointView, Limits
from services.errors import EndpointSettingsError, NotFoundError
from services.secrets import Secrets
from services.settings import BUILT_IN_BASE_URL, BUILT_IN_MODEL, Settings

DEMO = "demo"
ENVIRONMENT = "environment"
BUILT_IN = "winfull"
DEMO_MODELS = ("demo-film", "demo-film-thinking", "demo-film-quiet", "demo-film-json")


class Endpoints:
    """One person's endpoints."""

    def __init__(
        self, owner: str, database: Database, settings: Settings, secrets: Secrets, demo_url: Callable[[], str]
    ) -> None:
        self._owner = owner
        self._database = database
        self._settings = settings
        self._secrets = secrets
        self._demo_url = demo_url

    def list(self) -> list[EndpointView]:
        """Return all of them: the environment's first, then the kept ones, the demo last."""
        with self._database.reading() as session:
            kept = rows.of(session, self._owner)
        views = [self._view(row) for row in kept]
        if not any(view.id == BUILT_IN for view in views):
            views.insert(0, _built_in())
        environment = self._environment()
        return [*([environment] if environment else []), *views, self._demo()]

    def get(self, endpoint_id: str) -> EndpointView:
        """Return one.

        Raises:
            NotFoundError: there is none of that id.
        """
        for view in self.list():
            if view.id == endpoint_id:
                return view
        raise NotFoundError("no such endpoint")

    def chosen(self) -> EndpointView:
        """Return the one in use: the person's choice, else the environment's, else one that has a token, else demo."""
        views = {view.id: view for view in self.list()}
        with self._database.reading() as session:
            wanted = preferences.get(session, self._owner, "endpoint")
        if wanted in views:
            return views[wanted]
        if ENVIRONMENT in views:
            return views[ENVIRONMENT]
        return next((view for view in views.values() if view.has_token), views[DEMO])

    def choose(self, endpoint_id: str) -> None:
        """Use this endpoint from now on."""
        view = self.get(endpoint_id)
        if view.built_in and not view.demo and not view.has_token:
            raise EndpointSettingsError("this endpoint wants a token first", code="no_token")
        self._remember("endpoint", endpoint_id)

    def save(  # noqa: PLR0913  # one argument a field of the form
        self,
        endpoint_id: str | None,
        *,
        name: str = "",
        base_url: str = "",
        token: str | None = None,
        model: str = "",
        max_tokens: int = 1000,
        stream: bool = True,
        extra_json: str = "",
        idle_seconds: float | None = None,
        total_seconds: float | None = None,
        concurrency: int | None = None,
        per_minute: int | None = None,
    ) -> EndpointView:
        """Keep an endpoint; without a token, the one that is set stays. `EndpointSettingsError` says what is wrong."""
        before = None if endpoint_id is None else self._row(endpoint_id)
        built_in = endpoint_id == BUILT_IN
        fields.check_limits(max_tokens, idle_seconds, total_seconds, concurrency, per_minute)
        checked = fields.checked_token(token)
        row = Endpoint(
            id=endpoint_id or random_ids.token_hex(8),
            owner=self._owner,
            name=_built_in().name if built_in else fields.checked_name(name),
            base_url=BUILT_IN_BASE_URL if built_in else urls.normalise_base_url(base_url),
            token_encrypted=before.token_encrypted if before else None,
            model=fields.checked_model(model),
            models=before.models if before else (),
            max_tokens=max_tokens,
            stream=stream,
            extra=fields.checked_extra(extra_json),
            idle_seconds=idle_seconds,
            total_seconds=total_seconds,
            concurrency=concurrency,
            per_minute=per_minute,
            built_in=built_in,
            created_at=before.created_at if before else utc_now(),
        )
        with self._secrets.steady() if checked else nullcontext():
            if checked:
                row = replace(row, token_encrypted=self._secrets.encrypt(checked))
            with self._database.transaction() as session:
                rows.save(session, row)
                if checked or before is None or before.base_url != row.base_url:
                    _forget_what_it_said(session, self._owner, row.id)
                note(session, "endpoint_saved", row.id, at=utc_now())
        return self._view(row)

    def forget(self, endpoint_id: str) -> None:
        """Remove an endpoint that was added; what it made stays."""
        with self._database.transaction() as session:
            if not rows.remove(session, self._owner, endpoint_id):
                raise NotFoundError("no such endpoint")
            _forget_what_it_said(session, self._owner, endpoint_id)
            note(session, "endpoint_removed", endpoint_id, at=utc_now())

    def forget_token(self, endpoint_id: str) -> None:
        """Erase the stored token."""
        with self._database.transaction() as session:
            if not rows.change(session, self._owner, endpoint_id, token_encrypted=None):
                raise NotFoundError("no such endpoint")
            _forget_what_it_said(session, self._owner, endpoint_id)

    def set_model(self, endpoint_id: str, model: str) -> None:
        """Ask for this model from now on. For the demo and the environment it is a remembered choice."""
        model = fields.checked_model(model)
        if endpoint_id in {DEMO, ENVIRONMENT}:
            self._remember(f"model:{endpoint_id}", model)
            return
        self._ensure_built_in(endpoint_id)
        with self._database.transaction() as session:
            if not rows.change(session, self._owner, endpoint_id, model=model):
                raise NotFoundError("no such endpoint")

    def test(self, endpoint_id: str) -> client.TestResult:
        """Ask for the list of models, which costs nothing, and remember it.

        An added endpoint that still has the form's first suggestion, and a list without it, gets a model of the list.
        """
        view = self.get(endpoint_id)
        result = client.test_endpoint(view.base_url, self._token(endpoint_id), view.model)
        if not result.models or view.demo or view.from_environment:
            return result
        self._ensure_built_in(endpoint_id)
        untouched = view.model == BUILT_IN_MODEL and not view.built_in and result.code == "model_unlisted"
        model = models.likely(result.models) if untouched else view.model
        with self._database.transaction() as session:
            rows.change(session, self._owner, endpoint_id, models=result.models, model=model)
        return replace(result, code="model_chosen") if untouched else result

    def access(self, generation: Generation) -> Access:
        """Return how to reach the endpoint a generation was made for.

        Raises:
            NotSentError: it is gone, or its token cannot be read: nothing was sent.
        """
        return self._access(generation.endpoint_id, generation.base_url, demo=generation.demo)

    def access_to(self, endpoint: EndpointView) -> Access:
        """Return how to reach an endpoint; raises as `access`."""
        return self._access(endpoint.id, endpoint.base_url, demo=endpoint.demo)

    def _access(self, endpoint_id: str, base_url: str, *, demo: bool) -> Access:
        idle, total = self._settings.idle_seconds, self._settings.total_seconds
        if demo:
            return Access(base_url=self._demo_url(), token=None, idle_seconds=idle, total_seconds=total)
        if base_url == self._environment_base_url():
            token = self._settings.token
            return Access(base_url=base_url, token=token, idle_seconds=idle, total_seconds=total)
        row = self._row(endpoint_id)
        if row is None or row.base_url != base_url:
            # The token belongs to its address: another address never gets it.
            return Access(base_url=base_url, token=None, idle_seconds=idle, total_seconds=total)
        return Access(
            base_url=row.base_url,
            token=self._secrets.decrypt(row.token_encrypted) if row.token_encrypted else None,
            idle_seconds=row.idle_seconds or idle,
            total_seconds=row.total_seconds or total,
        )

    def limits(self, endpoint_id: str) -> Limits:
        """Return how many of an endpoint may run at once, and how many be sent in a minute, as the person set it."""
        row = None if endpoint_id in {DEMO, ENVIRONMENT} else self._row(endpoint_id)
        return Limits(row.concurrency, row.per_minute) if row else Limits()

    def redactor(self) -> Redactor:
        """Return what takes every token of this person out of a text that shall leave the house."""
        with self._database.reading() as session:
            stored = [row.token_encrypted for row in rows.of(session, self._owner) if row.token_encrypted]
        tokens = [self._secrets.decrypt(token) for token in stored if self._secrets.can_read(token)]
        return Redactor([self._settings.token, *tokens])

    def _token(self, endpoint_id: str) -> str | None:
        if endpoint_id == ENVIRONMENT:
            return self._settings.token
        row = None if endpoint_id == DEMO else self._row(endpoint_id)
        return self._secrets.decrypt(row.token_encrypted) if row and row.token_encrypted else None

    def _row(self, endpoint_id: str) -> Endpoint | None:
        with self._database.reading() as session:
            return rows.get(session, self._owner, endpoint_id)

    def _ensure_built_in(self, endpoint_id: str) -> None:
        if endpoint_id == BUILT_IN and self._row(BUILT_IN) is None:
            self.save(BUILT_IN, model=BUILT_IN_MODEL)

    def _remember(self, name: str, value: str) -> None:
        with self._database.transaction() as session:
            preferences.set(session, self._owner, name, value)

    def _remembered_model(self, endpoint_id: str) -> str | None:
        with self._database.reading() as session:
            return preferences.get(session, self._owner, f"model:{endpoint_id}")

    def _environment(self) -> EndpointView | None:
        settings = self._settings
        base_url = self._environment_base_url()
        if base_url is None:
            return None
        base_url = urls.normalise_base_url(settings.base_url or BUILT_IN_BASE_URL)
        return EndpointView(
            id=ENVIRONMENT,
            name=urls.host_of(base_url) if settings.base_url else "winfull",
            base_url=base_url,
            model=settings.model or self._remembered_model(ENVIRONMENT) or BUILT_IN_MODEL,
            has_token=settings.token is not None,
            from_environment=True,
        )

    def _environment_base_url(self) -> str | None:
        settings = self._settings
        if settings.base_url is None and settings.token is None:
            return None
        return urls.normalise_base_url(settings.base_url or BUILT_IN_BASE_URL)

    def _view(self, row: Endpoint) -> EndpointView:
        stored = row.token_encrypted
        readable = stored is not None and self._secrets.can_read(stored)
        return EndpointView(
            id=row.id,
            name=row.name,
            base_url=row.base_url,
            model=row.model,
            models=row.models,
            has_token=readable,
            token_unreadable=stored is not None and not readable,
            max_tokens=row.max_tokens,
            stream=row.stream,
            extra=row.extra,
            idle_seconds=row.idle_seconds,
            total_seconds=row.total_seconds,
            concurrency=row.concurrency,
            per_minute=row.per_minute,
            built_in=row.built_in,
        )

    def _demo(self) -> EndpointView:
        model = self._settings.model or self._remembered_model(DEMO) or DEMO_MODELS[0]
        return EndpointView(
            id=DEMO,
            name="Demo",
            base_url=self._demo_url(),
            model=model,
            models=DEMO_MODELS,
            built_in=True,
            demo=True,
        )


def _forget_what_it_said(session: Any, owner: str, endpoint_id: str) -> None:
    """Another token or another address is another account: its balance and its patience are not this one's."""
    balances.forget(session, owner, endpoint_id)
    rates.forget(session, owner, endpoint_id)


def _built_in() -> EndpointView:
    return EndpointView(id=BUILT_IN, name="winfull", base_url=BUILT_IN_BASE_URL, model=BUILT_IN_MODEL, built_in=True)
