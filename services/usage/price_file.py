"""Prices as a CSV file: out as they are kept, in as drafts, all of them or none, with what is wrong in each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from db.prices import PriceRule
from services.csv_cells import as_csv
from services.endpoint.views import EndpointView
from services.errors import PriceError
from services.prompts.csv_reading import read_table
from services.usage.prices import Draft, Prices, checked

HEADINGS: Final = ("endpoint", "model", "charged_by", "price", "completion_price", "currency", "valid_from", "note")
MOST_ROWS: Final = 1_000
FILE_NAME: Final = "dailies-prices.csv"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a row, as the code of a sentence; row 0: with the whole file."""

    row: int
    code: str


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came of a file: how many rules are new, how many were there already, or what is wrong (then neither)."""

    new: int = 0
    known: int = 0
    wrong: tuple[Wrong, ...] = ()


def to_csv(prices: Prices) -> bytes:
    """Return the rules in use; an endpoint goes by its name."""
    names = {view.id: view.name for view in prices.endpoints.list()}
    rows = [
        (
            names.get(rule.endpoint_id, rule.endpoint_id),
            rule.model,
            str(rule.basis),
            _plain(rule.price),
            _plain(rule.completion_price),
            rule.currency,
            rule.valid_from.isoformat(),
            rule.note,
        )
        for rule in prices.rules()
    ]
    return as_csv([HEADINGS, *rows])


def bring_in(prices: Prices, data: bytes) -> BroughtIn:
    """Keep the rules of a file that are not there yet: the same file twice changes nothing.

    Raises:
        StoreError: they could not be kept.
    """
    table = read_table(data, MOST_ROWS).value
    if table is None or not {"model", "charged_by"} <= set(table.headings):
        return BroughtIn(wrong=(Wrong(row=0, code="price_file"),))
    endpoints = [view for view in prices.endpoints.list() if not view.demo]
    drafts, wrong = [], []
    for number, cells in table.rows:
        try:
            draft = _draft(cells, endpoints)
            checked(draft, [view.id for view in endpoints])
            drafts.append(draft)
        except PriceError as error:
            wrong.append(Wrong(number, error.code))
    if wrong:
        return BroughtIn(wrong=tuple(wrong))
    return _keep(prices, drafts, [view.id for view in endpoints])


def _keep(prices: Prices, drafts: Iterable[Draft], endpoints: Iterable[str]) -> BroughtIn:
    known = {_same(rule) for rule in prices.rules()}
    fresh: dict[tuple[object, ...], Draft] = {}
    count = 0
    for draft in drafts:
        count += 1
        fresh.setdefault(_same(checked(draft, endpoints)), draft)
    new = [draft for same, draft in fresh.items() if same not in known]
    prices.save_all(new)
    return BroughtIn(new=len(new), known=count - len(new))


def _draft(cells: Mapping[str, str], endpoints: Iterable[EndpointView]) -> Draft:
    said = {heading: cells.get(heading, "") for heading in HEADINGS}
    name = said["endpoint"]
    by_name = {key: view.id for view in endpoints for key in (view.base_url, view.id, view.name)}
    if name and name not in by_name:
        raise PriceError("no such endpoint", code="price_endpoint")
    return Draft(
        endpoint_id=by_name.get(name, ""),
        model=said["model"],
        basis=said["charged_by"].lower(),
        price=said["price"],
        completion_price=said["completion_price"],
        currency=said["currency"],
        valid_from=said["valid_from"],
        note=said["note"],
    )


def _same(rule: PriceRule) -> tuple[object, ...]:
    amounts = (rule.price, rule.completion_price, rule.currency)
    return (rule.endpoint_id, rule.model, rule.basis, *amounts, rule.valid_from, rule.note)


def _plain(price: object) -> str:
    return "" if price is None else format(price, "f")
