"""What may be done with a generation: sent, stopped, sent again (use_cases), many at once (batch), rescued (rescue*).

`limits` checks at the door, `report` tells one, `raw_record` keeps what came. Pages get the records from here.
"""

from db.records import Generation, Video

__all__ = ["Generation", "Video"]
