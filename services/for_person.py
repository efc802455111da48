"""All that belongs to one person, put together. Nothing process-wide remembers a person.

Each part is imported when a page first asks for it: a start that shows one page need not read the code of eleven
(docs/benchmarks.md, "Starting").
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from services.errors import RightsError

if TYPE_CHECKING:
    from db.database import Database
    from services.budgets.kept import Budgets
    from services.endpoint.balances import Balances
    from services.endpoint.profiles import Endpoints
    from services.generations.batch import Batches
    from services.generations.enhancer import Desk, Enhancer
    from services.generations.line import Line
    from services.generations.raw_record import RawRecord
    from services.generations.rescue import Rescue
    from services.generations.use_cases import Generations
    from services.jobs.hand import Hand
    from services.library import Library
    from services.library.already_made import AlreadyMade
    from services.library.bulk import Bulk
    from services.library.lineage import Lineage
    from services.library.marks import Marks
    from services.library.playoff import PlayOff
    from services.library.saved import SavedSearches
    from services.library.selection import Selections
    from services.library.stills import Stills
    from services.library.trash import Trash
    from services.library.works import Works
    from services.nights.planning import Nights
    from services.nights.reel import Reels
    from services.people.person import Person
    from services.people.preferences import Preferences
    from services.people.sharing import Sharing
    from services.pictures.kept import Pictures
    from services.prompts.composing import Composing
    from services.prompts.drafts import Drafts
    from services.prompts.own_cards import OwnCards
    from services.prompts.own_presets import OwnPresets
    from services.prompts.own_templates import OwnTemplates
    from services.prompts.put_aside import PutAside
    from services.prompts.waiting import Waiting
    from services.settings import Settings
    from services.takeaway.takeaway import Takeaway
    from services.usage import Usage
    from services.usage.prices import Prices


def seen_by(person: Person, database: Database) -> Database:
    """Return the store as a person of a team has it: the audit is told who, and a viewer changes nothing."""
    return database.signed(person.id, None if person.may_change else _only_looks)


def _only_looks() -> RightsError:
    return RightsError("a viewer changes nothing", code="only_looks")


class ForPerson:
    """All that belongs to one person. Nothing process-wide remembers a person."""

    def __init__(  # the parts it joins
        self,
        owner: str,
        database: Database,
        settings: Settings,
        endpoints: Endpoints,
        hand: Hand,
        rewrites: Callable[[], Desk],
    ) -> None:
        self.owner = owner
        self.endpoints = endpoints
        self._database = database
        self._settings = settings
        self._hand = hand
        self._rewrites = rewrites

    @cached_property
    def generations(self) -> Generations:
        """Sending, and what was sent."""
        from services.generations.use_cases import Generations

        return Generations(self.owner, self._database, self._settings, self.endpoints, self._hand)

    @cached_property
    def balances(self) -> Balances:
        """What is left at the endpoints."""
        from services.endpoint.balances import Balances

        return Balances(self.owner, self._database, self.endpoints, self._hand.errands)

    @cached_property
    def line(self) -> Line:
        """What waits: why, until when, how long it may take."""
        from services.generations.line import Line

        return Line(self.owner, self._database, self._settings, self.endpoints, self._hand)

    @cached_property
    def batches(self) -> Batches:
        """Several prompts sent as one batch."""
        from services.generations.batch import Batches

        return Batches(self.generations, self.presets)

    @cached_property
    def nights(self) -> Nights:
        """Batches left for the night."""
        from services.nights.planning import Nights

        return Nights(self.batches)

    @cached_property
    def reels(self) -> Reels:
        """The clips of a night, and what is said of them."""
        from services.nights.reel import Reels

        return Reels(self.nights, self.generations)

    @cached_property
    def enhancer(self) -> Enhancer:
        """Prompts rewritten by a chat model."""
        from services.generations.enhancer import Enhancer

        return Enhancer(self.owner, self._database, self._settings, self.endpoints, self._rewrites())

    @cached_property
    def rescue(self) -> Rescue:
        """Unhappy generations."""
        from services.generations.rescue import Rescue

        return Rescue(self.generations)

    @cached_property
    def library(self) -> Library:
        """All that was ever made: browse and search."""
        from services.library import Library

        return Library(self.owner, self._database)

    @cached_property
    def marks(self) -> Marks:
        """Favourites, ratings, tags, notes and collections."""
        from services.library.marks import Marks

        return Marks(self.owner, self._database)

    @cached_property
    def trash(self) -> Trash:
        """What was thrown away, for thirty days."""
        from services.library.trash import Trash

        return Trash(self.owner, self._database, self._settings.home)

    @cached_property
    def selections(self) -> Selections:
        """Ways to choose many."""
        from services.library.selection import Selections

        return Selections(self.library)

    @cached_property
    def bulk(self) -> Bulk:
        """The same thing done to many."""
        from services.library.bulk import Bulk

        return Bulk(self.selections, self.marks, self._hand)

    @cached_property
    def takeaway(self) -> Takeaway:
        """Taking away, and bringing in."""
        from services.takeaway.takeaway import Takeaway

        return Takeaway(
            self._database, self._settings, self.selections, self.endpoints.redactor, self._hand, self.waiting
        )

    @cached_property
    def waiting(self) -> Waiting:
        """Prompts that wait to be sent as several."""
        from services.prompts.waiting import Waiting

        return Waiting(self.preferences)

    @cached_property
    def saved_searches(self) -> SavedSearches:
        """Searches by name."""
        from services.library.saved import SavedSearches

        return SavedSearches(self.owner, self._database)

    @cached_property
    def already_made(self) -> AlreadyMade:
        """What was made of the same words before."""
        from services.library.already_made import AlreadyMade

        return AlreadyMade(self.owner, self._database)

    @cached_property
    def play_off(self) -> PlayOff:
        """Two at a time: which is better, and why not the other."""
        from services.library.playoff import PlayOff

        return PlayOff(self.owner, self._database)

    @cached_property
    def lineage(self) -> Lineage:
        """Who came of whom."""
        from services.library.lineage import Lineage

        return Lineage(self.owner, self._database)

    @cached_property
    def stills(self) -> Stills:
        """Contact sheets and single frames."""
        from services.library.stills import Stills

        return Stills(self.owner, self._database, self._settings)

    @cached_property
    def works(self) -> Works:
        """What ratings tell."""
        from services.library.works import Works

        return Works(self.owner, self._database)

    @cached_property
    def usage(self) -> Usage:
        """Tokens by day and model."""
        from services.usage import Usage

        return Usage(self.owner, self._database)

    @cached_property
    def prices(self) -> Prices:
        """What a sending costs: rules, estimates."""
        from services.usage.prices import Prices

        return Prices(self.owner, self._database, self.endpoints)

    @cached_property
    def budgets(self) -> Budgets:
        """How much may be used in a day or a month."""
        from services.budgets.kept import Budgets

        return Budgets(self.owner, self._database)

    @cached_property
    def drafts(self) -> Drafts:
        """The prompt box, as it was typed."""
        from services.prompts.drafts import Drafts

        return Drafts(self.owner, self._database)

    @cached_property
    def aside(self) -> PutAside:
        """Drafts put aside, and prompts sent before."""
        from services.prompts.put_aside import PutAside

        return PutAside(self.owner, self._database)

    @cached_property
    def composing(self) -> Composing:
        """The composer's fields, as they were chosen."""
        from services.prompts.composing import Composing

        return Composing(self.owner, self._database)

    @cached_property
    def presets(self) -> OwnPresets:
        """What a model's wishes become on the wire."""
        from services.prompts.own_presets import OwnPresets

        return OwnPresets(self.owner, self._database)

    @cached_property
    def templates(self) -> OwnTemplates:
        """Templates of one's own."""
        from services.prompts.own_templates import OwnTemplates

        return OwnTemplates(self.owner, self._database)

    @cached_property
    def cards(self) -> OwnCards:
        """Cast cards and continuity blocks."""
        from services.prompts.own_cards import OwnCards

        return OwnCards(self.owner, self._database)

    @cached_property
    def sharing(self) -> Sharing:
        """Collections shown to everybody."""
        from services.people.sharing import Sharing

        return Sharing(self.owner, self._database)

    @cached_property
    def preferences(self) -> Preferences:
        """Remembered choices."""
        from services.people.preferences import Preferences

        return Preferences(self.owner, self._database)

    @cached_property
    def raw_record(self) -> RawRecord:
        """Raw answers, as they came."""
        from services.generations.raw_record import RawRecord

        return RawRecord(self.owner, self._database, self.endpoints.redactor)

    @cached_property
    def pictures(self) -> Pictures:
        """Reference pictures."""
        from services.pictures.kept import Pictures

        return Pictures(self.owner, self._database, self._settings)
