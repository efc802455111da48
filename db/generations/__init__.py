"""Queries about generations: one's life (life), its end (ending), those in line (line), lists for people (lists).

Every change of state is one conditional UPDATE that names the state it expects, so of any number of processes one wins.
"""

from db.generations.ending import End, abandon, end, end_all, note_reading
from db.generations.life import (
    cancel_requests,
    cancel_waiting,
    claim,
    claimed,
    in_flight,
    insert,
    mark_streaming,
    note_request,
    request_cancel,
)
from db.generations.line import (
    admit,
    admit_alone,
    admitted,
    begin,
    cancel_all_waiting,
    has_budget,
    held,
    night_is_open,
    release,
    to_front,
    unadmit,
    waiting,
)
from db.generations.lists import get, in_line, of_ids, of_seqs, page, standing, states_of, unfinished
from db.generations.many import cancel_waiting_of, created_at, insert_many
from db.generations.rereading import keep_reading

__all__ = [
    "End",
    "abandon",
    "admit",
    "admit_alone",
    "admitted",
    "begin",
    "cancel_all_waiting",
    "cancel_requests",
    "cancel_waiting",
    "cancel_waiting_of",
    "claim",
    "claimed",
    "created_at",
    "end",
    "end_all",
    "get",
    "has_budget",
    "held",
    "in_flight",
    "in_line",
    "insert",
    "insert_many",
    "keep_reading",
    "mark_streaming",
    "night_is_open",
    "note_reading",
    "note_request",
    "of_ids",
    "of_seqs",
    "page",
    "release",
    "request_cancel",
    "standing",
    "states_of",
    "to_front",
    "unadmit",
    "unfinished",
    "waiting",
]
