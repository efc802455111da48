"""Templates and cards of one's own, on both stores."""

from __future__ import annotations

import pytest

from db.database import Database
from services.errors import NotFoundError, TemplateError
from services.prompts import cards, template_files
from services.prompts.cards import Block
from services.prompts.composition import Composition, apply_edit
from services.prompts.fields import Fields, Person
from services.prompts.own_cards import OwnCards
from services.prompts.own_templates import OwnTemplates

FILM = Composition(Fields(mood=("calm",), keep="the {colour|red,blue} cup"))
OTHER = apply_edit(Composition(), "A {product} on a table")


@pytest.fixture
def mine(database: Database) -> OwnTemplates:
    return OwnTemplates("local", database)


def test_a_template_is_kept_with_its_fields_and_is_ones_own(mine: OwnTemplates, database: Database) -> None:
    made = mine.save("  Cup \n film ", FILM, hint="for shops")

    assert mine.all() == [made]
    assert (made.said("en"), made.version, made.composition("en")) == ("Cup film", 1, FILM)
    assert OwnTemplates("someone", database).all() == []
    with pytest.raises(NotFoundError):
        OwnTemplates("someone", database).get(made.id)


def test_each_change_is_a_version_and_an_old_one_comes_back_as_the_newest(mine: OwnTemplates) -> None:
    first = mine.save("Cup", FILM)
    assert mine.change(first.id, FILM).version == 1, "the same again is no new version"
    assert mine.change(first.id, OTHER).version == 2
    assert mine.bring_version_back(first.id, 1).version == 3

    assert [one.template.version for one in mine.versions(first.id)] == [3, 2, 1]
    assert mine.get(first.id).composition("en") == FILM


def test_what_is_put_away_comes_back_with_all_its_versions(mine: OwnTemplates) -> None:
    made = mine.save("Cup", FILM)
    mine.change(made.id, OTHER)
    mine.forget(made.id)
    assert mine.all() == []

    mine.bring_back(made.id)
    assert [(one.id, one.version) for one in mine.all()] == [(made.id, 2)]


@pytest.mark.parametrize(
    ("name", "composition", "code"),
    [
        (" ", FILM, "template_no_name"),
        ("x" * 201, FILM, "template_long_name"),
        ("Cup", Composition(), "template_empty"),
    ],
)
def test_what_cannot_be_kept_says_why(mine: OwnTemplates, name: str, composition: Composition, code: str) -> None:
    with pytest.raises(TemplateError) as refused:
        mine.save(name, composition)
    assert refused.value.code == code
    assert mine.all() == []


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_file_brings_the_same_templates_to_someone_else_and_nothing_twice(
    mine: OwnTemplates, database: Database, kind: str
) -> None:
    mine.save("Cup", FILM)
    mine.save("=SUM(A1)", OTHER)
    data = template_files.to_csv(mine.all()) if kind == "csv" else template_files.to_json(mine.all()).encode()
    theirs = OwnTemplates("someone", database)

    read = theirs.read_file(data)
    assert read.value is not None, read.problems
    assert theirs.take_in(read.value) == 2
    assert {one.said("en") for one in theirs.all()} == {"Cup", "=SUM(A1)"}
    assert theirs.take_in(read.value) == 0


def test_a_changed_template_of_a_file_is_the_next_version(mine: OwnTemplates) -> None:
    made = mine.save("Cup", FILM)
    data = template_files.to_json([made]).replace("calm", "tense").encode()
    read = mine.read_file(data)
    assert read.value is not None

    assert mine.take_in(read.value) == 1
    assert mine.get(made.id).version == 2
    assert mine.versions(made.id)[1].template.composition("en") == FILM


def test_every_problem_of_a_file_is_told_and_nothing_is_kept(mine: OwnTemplates) -> None:
    read = mine.read_file(b"name,prompt\nCup,A cup\n,A table\nLamp,\n")

    assert read.value is None
    assert [(one.row, one.column) for one in read.problems] == [(3, "name"), (4, "prompt")]


def test_cards_are_kept_word_for_word_and_come_back(database: Database) -> None:
    mine = OwnCards("local", database)
    mei = Person("Mei", ("red coat", "short hair"))
    assert mine.keep(mei).value is not None
    assert mine.keep(Block("Kitchen", "A narrow kitchen, green tiles.")).value is not None
    mine.keep(Person("mei", ("red coat",)))

    assert mine.all() == cards.Cards(
        (Person("mei", ("red coat",)),), (Block("Kitchen", "A narrow kitchen, green tiles."),)
    )
    assert mine.forget("cast", "MEI")
    assert mine.all().cast == ()
    assert mine.bring_back("cast", "Mei")
    assert [one.name for one in mine.all().cast] == ["mei"]
    assert OwnCards("someone", database).all() == cards.Cards()


def test_a_card_without_a_name_is_not_kept(database: Database) -> None:
    mine = OwnCards("local", database)

    assert [one.code for one in mine.keep(Person("", ("tall",))).problems] == ["card_no_name"]
    assert [one.code for one in mine.keep(Person("Mei")).problems] == ["card_empty"]
    assert mine.all() == cards.Cards()
