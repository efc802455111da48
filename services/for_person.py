"""All that belongs to one person, put together. Nothing process-wide remembers a person."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Database
from services.endpoint.profiles import Endpoints
from services.generations.batch import Batches
from services.generations.enhancer import Desk, Enhancer
from services.generations.raw_record import RawRecord
from services.generations.rescue import Rescue
from services.generations.use_cases import Generations
from services.jobs.hand import Hand
from services.library import Library
from services.library.already_made import AlreadyMade
from services.library.marks import Marks
from services.library.saved import SavedSearches
from services.library.trash import Trash
from services.people.preferences import Preferences
from services.prompts.composing import Composing
from services.prompts.drafts import Drafts
from services.prompts.own_cards import OwnCards
from services.prompts.own_presets import OwnPresets
from services.prompts.own_templates import OwnTemplates
from services.settings import Settings
from services.usage import Usage


@dataclass(frozen=True, slots=True)
class ForPerson:
    """All that belongs to one person. Nothing process-wide remembers a person."""

    generations: Generations
    batches: Batches
    enhancer: Enhancer
    rescue: Rescue
    library: Library
    marks: Marks
    trash: Trash
    saved_searches: SavedSearches
    already_made: AlreadyMade
    usage: Usage
    endpoints: Endpoints
    drafts: Drafts
    composing: Composing
    presets: OwnPresets
    templates: OwnTemplates
    cards: OwnCards
    preferences: Preferences
    raw_record: RawRecord


def for_person(  # the parts it joins
    owner: str, database: Database, settings: Settings, endpoints: Endpoints, hand: Hand, rewrites: Desk
) -> ForPerson:
    """Return what belongs to one person."""
    generations = Generations(owner, database, settings, endpoints, hand)
    return ForPerson(
        generations=generations,
        batches=Batches(generations, OwnPresets(owner, database)),
        enhancer=Enhancer(owner, database, settings, endpoints, rewrites),
        rescue=Rescue(generations),
        library=Library(owner, database),
        marks=Marks(owner, database),
        trash=Trash(owner, database, settings.home),
        saved_searches=SavedSearches(owner, database),
        already_made=AlreadyMade(owner, database),
        usage=Usage(owner, database),
        endpoints=endpoints,
        drafts=Drafts(owner, database),
        composing=Composing(owner, database),
        presets=OwnPresets(owner, database),
        templates=OwnTemplates(owner, database),
        cards=OwnCards(owner, database),
        preferences=Preferences(owner, database),
        raw_record=RawRecord(owner, database, endpoints.redactor),
    )
