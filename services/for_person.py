"""All that belongs to one person, put together. Nothing process-wide remembers a person.

Each part is imported when a page first asks for it: a start that shows one page need not read the code of eleven
(docs/benchmarks.md, "Starting").
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from services.library_of_person import LibraryOfPerson

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
    from services.nights.planning import Nights
    from services.nights.reel import Reels
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
    from services.usage.prices import Prices
    from services.usage.reading import Usage


class ForPerson(LibraryOfPerson):
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
    def usage(self) -> Usage:
        """Tokens by day and model."""
        from services.usage.reading import Usage

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
