"""The same thing done to many: all that is chosen and nothing else, in bounded parts, told in figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.database import Database
from services.errors import MarkError, StateError
from services.jobs.runs import Runs
from services.library.browsing import Shelf, View
from services.library.bulk import AT_ONCE, Act, Run
from tests.db.rows import add
from tests.takeaway.house import House, insert_many
from tests.waiting import wait_until


@pytest.fixture
def there(database: Database, tmp_path: Path, film: Path) -> House:
    """A house on either store."""
    return House(database, tmp_path, film)


def test_a_whole_search_is_tagged_rated_and_collected_and_nothing_beside_it(there: House) -> None:
    count = 2 * AT_ONCE + 30
    insert_many(there, count)
    kite = there.made("kite")
    chosen = there.all_of("heron")
    assert there.selections.count(chosen) == count
    late = there.made("heron that came later")

    for act, value in ((Act.TAG, "Birds"), (Act.RATE, "4"), (Act.COLLECT, "Client A"), (Act.FAVOURITE, "")):
        run = there.do(chosen, act, value)
        assert (run.changed, run.done, run.total, run.error, +run.refused) == (count, count, count, None, {}), act
    assert there.library.look(View(text="tag:birds rating:4 is:favourite has:collection")).count == count
    for id in (kite, late):
        one = there.get(id)
        assert (one.rating, one.favourite) == (None, False)
    assert there.ids("tag:birds later") == []


def test_what_is_so_already_is_told_apart(there: House) -> None:
    made = [there.made("heron") for _ in range(3)]
    there.marks.rate(made[0], 5)
    run = there.do(there.all_of("heron"), Act.RATE, "5")
    assert (run.changed, +run.refused) == (2, {"same": 1})
    run = there.do(there.all_of("heron"), Act.UNTAG, "none such")
    assert (run.changed, +run.refused) == (0, {"same": 3})
    run = there.do(there.all_of("rating:5"), Act.RATE, "")
    assert (run.changed, there.ids("is:unrated heron")) == (3, made[::-1]), "it leaves its own search while it goes on"


def test_the_trash_takes_what_has_ended_and_gives_all_of_it_back_in_one_go(there: House) -> None:
    insert_many(there, AT_ONCE + 20)
    before = there.made("heron thrown away earlier")
    there.trash.put([before])
    with there.database.transaction() as session:
        waiting = add(session, "heron that waits").id
    run = there.do(there.all_of("heron"), Act.TRASH)
    assert (run.changed, +run.refused) == (AT_ONCE + 20, {"unended": 1})
    assert there.ids("heron") == [waiting]
    assert run.undo is not None
    back = there.do(run.undo, Act.RESTORE)
    assert back.changed == AT_ONCE + 20
    assert there.ids(shelf=Shelf.TRASH) == [before]
    assert there.do(there.all_of(shelf=Shelf.TRASH), Act.RESTORE).changed == 1


def test_failed_videos_are_fetched_again_and_the_rest_is_told(there: House) -> None:
    made = [there.made("heron") for _ in range(3)]
    there.failed_video(made[0])
    there.failed_video(made[0])
    run = there.do(there.selections.of_ids(tuple(made)), Act.FETCH)
    assert (run.changed, +run.refused) == (1, {"no_failed": 2})
    assert {video.state for video in there.get(made[0]).videos} == {"pending"}


def test_nobody_does_anything_to_what_is_anothers(there: House) -> None:
    made = there.made("heron")
    there.failed_video(made)
    ann = there.as_("ann")
    hers = ann.made("heron of hers")
    before = there.get(made)
    for act in Act:
        value = "5" if act is Act.RATE else "x"
        run = ann.do(ann.selections.of_ids((made, hers)), act, value)
        assert run.total == 1, act
    assert there.get(made) == before
    assert there.ids("heron") == [made]


def test_a_condition_on_a_figure_chooses_exactly_what_fulfils_it(there: House) -> None:
    insert_many(there, 40)
    made = there.made("heron with figures")
    chosen = there.all_of("heron tokens:>10")
    assert (there.selections.count(chosen), there.do(chosen, Act.TAG, "x").changed) == (1, 1)
    assert there.ids("tag:x") == [made]


@pytest.mark.parametrize(("act", "value"), [(Act.RATE, "6"), (Act.TAG, " "), (Act.COLLECT, "x" * 61)])
def test_what_cannot_be_said_of_one_is_not_begun_for_many(house: House, act: Act, value: str) -> None:
    house.made("heron")
    with pytest.raises(MarkError):
        house.bulk.begin(house.all_of(), act, value)
    assert house.bulk.run() is None


def test_one_run_at_a_time_and_a_stop_keeps_what_was_done() -> None:
    runs, first = Runs(), Run(kind="tag")

    def work(run: Run) -> None:
        wait_until(lambda: run.stopping)
        run.changed = 3

    runs.begin("local", first, work)
    with pytest.raises(StateError) as caught:
        runs.begin("local", Run(kind="tag"), work)
    assert caught.value.code == "many_busy"
    runs.begin("ann", Run(kind="tag"), lambda run: None)
    first.stopping = True
    wait_until(lambda: first.ended)
    assert (first.changed, runs.of("local")) == (3, first)
    runs.seen("local")
    assert runs.of("local") is None
    runs.close()
    with pytest.raises(StateError):
        runs.begin("local", Run(kind="tag"), work)


def test_a_stop_between_two_parts_leaves_the_rest(house: House) -> None:
    insert_many(house, 30 * AT_ONCE)
    house.bulk.begin(house.all_of("heron"), Act.FAVOURITE)
    run = house.bulk.run()
    assert run is not None
    wait_until(lambda: run.changed > 0)
    house.bulk.stop()
    wait_until(lambda: run.ended)
    assert run.changed == house.selections.count(house.all_of("is:favourite"))
    assert run.changed % AT_ONCE == 0


def test_a_run_tells_the_trouble_that_ended_it(house: House) -> None:
    runs = Runs()
    run = Run(kind="tag")

    def work(_: Run) -> None:
        raise MarkError("no", code="name_taken")

    runs.begin("local", run, work)
    wait_until(lambda: run.ended)
    assert run.error == "name_taken"
    runs.close()
