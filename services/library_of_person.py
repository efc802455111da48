"""What one person has to find, judge and sort what was made: the library's rooms, each imported when it is entered."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.database import Database
    from services.endpoint.profiles import Endpoints
    from services.jobs.hand import Hand
    from services.library.already_made import AlreadyMade
    from services.library.browsing import Library
    from services.library.bulk import Bulk
    from services.library.lineage import Lineage
    from services.library.marks import Marks
    from services.library.playoff import PlayOff
    from services.library.saved import SavedSearches
    from services.library.selection import Selections
    from services.library.stills import Stills
    from services.library.trash import Trash
    from services.library.works import Works
    from services.settings import Settings


class LibraryOfPerson:
    """The library's part of `services.for_person.ForPerson`."""

    owner: str
    endpoints: Endpoints
    _database: Database
    _settings: Settings
    _hand: Hand

    @cached_property
    def library(self) -> Library:
        """All that was ever made: browse and search."""
        from services.library.browsing import Library

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

        return Trash(self.owner, self._database, self._settings)

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
