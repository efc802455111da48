"""May it be sent? Asked in the transaction that keeps it; without a budget this is one look-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from db import generations as rows
from services.clock import utc_now
from services.endpoint.views import EndpointView
from services.errors import BudgetError


def check_budgets(
    session: Any, owner: str, endpoint: EndpointView, kept: Sequence[Mapping[str, Any]], collection: str
) -> None:
    """Return if no budget stops these rows from being kept: all of them, or none. `collection`: its name, or "".

    What the nonce of the first has made before is not sent anew, so it is never stopped. The demo costs nothing.

    Raises:
        BudgetError: a budget is used up, or would be passed.
    """
    if endpoint.demo or not rows.has_budget(session, owner):
        return
    from services.budgets.gate import check, wanted_of  # no budget, no gate

    try:
        check(session, owner, wanted_of(endpoint.id, collection, endpoint.max_tokens, kept), utc_now())
    except BudgetError:
        if rows.created_at(session, owner, kept[0]["nonce"]) is None:
            raise
