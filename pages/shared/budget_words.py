"""Budgets in plain words: which one, how much of it is taken, when it begins anew, what to do when it is used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext, together
from pages.shared.money_words import nano_said
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.words import moment
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.budgets.kept import Budget, Standing


def named(budget: Budget) -> str:
    """Return what a budget is for: today, all you send."""
    said = _("Today, {what}") if budget.period == "day" else _("This month, {what}")
    return said.format(what=scope(budget))


def scope(budget: Budget) -> str:
    """Return which part of what is sent a budget is for."""
    name = plain(budget.scope_name, 60)
    if budget.endpoint_id:
        return _("what goes to {name}").format(name=name)
    if budget.collection_id:
        return _("the collection {name}").format(name=name)
    return _("all you send") if budget.owner == mine().owner else _("all they send")


def amount(budget: Budget, figure: int, *, unit: bool = True) -> str:
    """Return a figure of a budget: 20 generations, 1.50 USD."""
    if budget.measure == "money":
        return nano_said(figure, budget.currency if unit else "").strip()
    if not unit:
        return f"{figure:,}"
    if budget.measure == "tokens":
        return ngettext("{count} token", "{count} tokens", figure).format(count=f"{figure:,}")
    return ngettext("{count} generation", "{count} generations", figure).format(count=f"{figure:,}")


def how_far(standing: Standing) -> str:
    """Return how much of a budget is used, waits, and is allowed, as a sentence."""
    budget = standing.budget
    if standing.limit is None:
        said = (
            _("{used} used, {pending} more on the way or waiting; no limit until it begins anew.")
            if standing.pending
            else _("{used} used; no limit until it begins anew.")
        )
        limit = ""
    else:
        said = (
            _("{used} of {limit} used, {pending} more on the way or waiting.")
            if standing.pending
            else _("{used} of {limit} used.")
        )
        limit = amount(budget, standing.limit)
    used = amount(budget, standing.used, unit=standing.limit is None)
    return said.format(used=used, limit=limit, pending=amount(budget, standing.pending, unit=False))


def renews(standing: Standing) -> str:
    """Return when a budget begins anew, by the viewer's clock."""
    return _("It begins anew on {when}.").format(when=moment(standing.until_at, offset_minutes()))


def untold(standing: Standing) -> str:
    """Return how many of a period are in no sum of a budget, because nobody knows; nothing if all are."""
    if not standing.unknown:
        return ""
    if standing.budget.measure == "tokens":
        said = ngettext(
            "{count} answer named no tokens and is not in this sum.",
            "{count} answers named no tokens and are not in this sum.",
            standing.unknown,
        )
    else:
        said = ngettext(
            "{count} has no known price and is not in this sum.",
            "{count} have no known price and are not in this sum.",
            standing.unknown,
        )
    return said.format(count=f"{standing.unknown:,}")


def stopped(standing: Standing, count: int) -> str:
    """Return why nothing was sent, and what can be done: for the notice where it was sent from."""
    which = named(standing.budget)
    if standing.level == "reached":
        what = _("Nothing was sent: this budget is used up ({which}).").format(which=which)
    else:
        what = ngettext(
            "Nothing was sent: {count} prompt would pass this budget ({which}).",
            "Nothing was sent: {count} prompts together would pass this budget ({which}).",
            count,
        ).format(count=f"{count:,}", which=which)
    step = _("What you wrote stays. To go on before that, allow more in Settings, Budgets.")
    return together(what, how_far(standing), renews(standing), step)
