"""Night shifts: a batch sent one by one within chosen hours and under a cap, and the reel of the morning after.

`hours` and `rules` are pure: when a night is, and what is to be done next. `planning` is what a person does with a
shift, `reel` what they say of its clips; `running` lets the prompts go, called by the dispatcher (services.jobs.night).
"""

from db.nights import Night, Part

__all__ = ["Night", "Part"]
