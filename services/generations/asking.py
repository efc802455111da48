"""The request of a prompt as it will leave, for the row that is kept and for what is told before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.endpoint import client
from services.prompts.desk import fields_of
from services.prompts.sending import Outgoing, merged

if TYPE_CHECKING:
    from services.endpoint.views import EndpointView
    from services.usage.estimates import Asked


def body_for(endpoint: EndpointView, sent: Outgoing) -> dict[str, Any]:
    """Return the body of the request to an endpoint; a picture stands in it by its name."""
    return client.build_body(
        prompt=sent.prompt,
        model=sent.model,
        max_tokens=endpoint.max_tokens,
        stream=endpoint.stream,
        extra=merged(endpoint.extra, sent.extra),
        picture=sent.picture,
    )


def asked_by(sent: Outgoing, body: dict[str, Any]) -> Asked:
    """Return what an estimate is made of."""
    from services.usage.estimates import Asked  # not needed before something is sent

    return Asked(sent.model, body, sent.prompt, fields_of(sent.fields).controls)
