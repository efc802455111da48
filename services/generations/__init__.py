"""What may be done with a generation (use_cases), and how one is told (report). Pages get the records from here."""

from db.records import Generation, Video

__all__ = ["Generation", "Video"]
