"""What may be done with a generation: one use case a module. The records are re-exported for pages, which know no db."""

from db.records import Generation, Video

__all__ = ["Generation", "Video"]
