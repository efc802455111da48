"""Families: whole however they grew, nearest first where they are large, and laid out without overlap."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db.database import Database
from services.library.lineage import MOST, Lineage, placed
from services.prompts.desk import Desk, kept
from services.prompts.fields import Fields
from tests.db.rows import add


@pytest.fixture
def lineage(database: Database) -> Lineage:
    return Lineage("local", database)


def test_a_family_is_the_same_seen_from_each_of_its_members(database: Database, lineage: Lineage) -> None:
    calm, loud = (kept(Desk(Fields(mood=(mood,)))) for mood in ("calm", "tense"))
    with database.transaction() as session:
        first = add(session, "Mood: calm", fields=calm)
        take = add(session, "Mood: calm", fields=calm, parent_id=first.id)
        other = add(session, "Mood: calm", fields=calm, parent_id=first.id, model="veo")
        changed = add(session, "Mood: tense", fields=loud, parent_id=take.id)
        words = add(session, "Something else", parent_id=take.id)
        remix = add(session, "Yellow", fields=kept(Desk(Fields(mood=("calm",), remix="Yellow"))), parent_id=take.id)
        add(session, "not of the family")
        add(session, "a stranger's", owner="ann", parent_id=first.id)

    trees = [lineage.of(one.id) for one in (first, take, other, changed, words, remix)]
    drawn = [{(node.card.id, node.change.kind, node.change.fields) for node in tree.nodes} for tree in trees]
    assert drawn[0] == {
        (first.id, "first", ()),
        (take.id, "take", ()),
        (other.id, "model", ()),
        (changed.id, "fields", ("mood",)),
        (words.id, "words", ()),
        (remix.id, "remix", ()),
    }
    assert all(one == drawn[0] for one in drawn)
    assert not any(tree.more or tree.orphan for tree in trees)
    assert Lineage("ann", database).of(first.id).nodes == ()


def test_of_a_large_family_the_nearest_are_drawn(database: Database, lineage: Lineage) -> None:
    with database.transaction() as session:
        first = add(session)
        brothers = [add(session, parent_id=first.id) for _ in range(MOST + 20)]
        mine = add(session, parent_id=brothers[-1].id)
        children = {add(session, parent_id=mine.id).id for _ in range(3)}
    tree = lineage.of(mine.id)

    assert (len(tree.nodes), tree.more) == (MOST, True)
    assert {first.id, brothers[-1].id, mine.id} | children <= {node.card.id for node in tree.nodes}


def test_one_whose_parent_is_gone_or_who_is_their_own_is_no_trouble(database: Database, lineage: Lineage) -> None:
    with database.transaction() as session:
        orphan = add(session, parent_id="gone")
        add(session, id="ring-a", parent_id="ring-b")
        add(session, id="ring-b", parent_id="ring-a")
    tree = lineage.of(orphan.id)

    assert ([node.card.id for node in tree.nodes], tree.orphan) == ([orphan.id], True)
    assert len({node.card.id for node in lineage.of("ring-a").nodes}) in (0, 2)


def test_children_are_found_by_their_parents_and_not_among_all(database: Database) -> None:
    with database.transaction() as session:
        if session.get_bind().dialect.name != "sqlite":
            return  # Postgres weighs by what it has seen; on a few rows it reads them all
        asked = "SELECT seq FROM generations WHERE owner = 'local' AND parent_id IN ('a', 'b') ORDER BY seq LIMIT 9"
        plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    assert "ix_generations_owner_parent_id" in plan[0]


def test_no_two_stand_in_one_place(database: Database, lineage: Lineage) -> None:
    from db.family import family

    with database.transaction() as session:
        made = [add(session)]
        for number in range(40):
            made.append(add(session, parent_id=made[number * 7 % len(made)].id))
        places = placed(family(session, "local", made[0].id, most=99))

    assert len(places) == 41
    assert len({(place.column, place.row) for place in places}) == 41
    columns = {place.id: place.column for place in places}
    assert all(columns[place.parent_id] == place.column - 1 for place in places if place.parent_id)
