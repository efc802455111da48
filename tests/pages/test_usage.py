"""The Usage page: its figures are those of the rows, and sure, maybe and unknown stand apart."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from db.tables import GenerationRow
from services.generations.rescue import Charged
from services.runtime import ForPerson
from services.usage.figures import counts, figures
from services.usage.reading import Reach
from tests.pages.test_pages import words


@pytest.fixture
def page(app: AppTest) -> AppTest:
    app.switch_page("usage.py").run()
    assert not app.exception
    return app


@pytest.fixture
def paid(me: ForPerson, filmed: Callable[..., str], added: Callable[..., str]) -> Callable[..., str]:
    """Film one at a real endpoint, then say how it ended and what it cost."""
    endpoint = added(f"Relay {os.urandom(3).hex()}")

    def film(**values: Any) -> str:
        id = filmed(f"a boat {os.urandom(4).hex()} [fast]", endpoint)
        with me.usage.database.transaction() as session:
            session.execute(update(GenerationRow).where(GenerationRow.id == id).values(**values))
        return id

    return film


def metrics(app: AppTest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in app.metric:
        found.setdefault(one.label, []).append(str(one.value))
    return found


def test_sure_maybe_and_unknown_stand_apart_and_follow_what_the_person_says(
    page: AppTest, me: ForPerson, paid: Callable[..., str]
) -> None:
    paid(cost_nano=1_250_000_000, cost_currency="XAU")
    lost = paid(state="failed", cost_nano=3_000_000_000, cost_currency="XAU")
    paid(cost_nano=None)

    shown = metrics(page.run())
    assert "1.25 XAU" in shown["Charged"]
    assert "3.00 XAU" in shown["Maybe charged"]
    assert int(shown["Price unknown"][0].replace(",", "")) >= 1
    assert "Maybe charged" in [heading.value for heading in page.subheader]

    me.rescue.mark([lost], Charged.YES)
    shown = metrics(page.run())
    assert "4.25 XAU" in shown["Charged"]
    assert not [one for one in shown["Maybe charged"] if "XAU" in one]

    me.rescue.mark([lost], Charged.NO)
    assert "1.25 XAU" in metrics(page.run())["Charged"]


def test_every_choice_of_time_and_group_opens_and_tells_the_same_sum(
    page: AppTest, me: ForPerson, paid: Callable[..., str]
) -> None:
    paid(cost_nano=10**9, cost_currency="USD")
    for reach in Reach:
        page.selectbox(key="range").set_value(str(reach)).run()
        assert not page.exception, reach
    page.selectbox(key="range").set_value("7").run()
    of = me.usage.span(Reach.WEEK, dt.datetime.now(dt.UTC))
    told = figures(one for one in me.usage.sums(of) if counts(one) and not one.line.demo)
    assert metrics(page)["Prompts sent"] == [f"{told.generations:,}"]
    for by in ("model", "endpoint", "day", "collection", "state", "person"):
        page.segmented_control(key="by").set_value(by).run()
        assert not page.exception, by


def test_the_generation_page_asks_what_the_bill_says_and_keeps_the_answer(
    app: AppTest, me: ForPerson, paid: Callable[..., str]
) -> None:
    id = paid(cost_nano=1, cost_currency="USD")
    app.query_params["id"] = id
    app.switch_page("generation.py").run()
    app.radio(key=f"charged-{id}").set_value("no").run()

    assert not app.exception
    assert me.generations.get(id).charged is False
    assert "Noted on" in words(app)


def test_the_demo_is_never_asked_for_a_bill(app: AppTest, filmed: Callable[..., str]) -> None:
    id = filmed("a free boat [fast]")
    app.query_params["id"] = id
    app.switch_page("generation.py").run()

    assert not [one for one in app.radio if one.key == f"charged-{id}"]
