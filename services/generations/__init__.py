"""What may be done with a generation: one use case a module. Pages get the records from here: they know no db."""

from db.records import Generation, Video

__all__ = ["Generation", "Video"]
