"""What is typed on the page for several prompts, kept for the next visit: a reload or another page loses nothing."""

from __future__ import annotations

import json
from typing import Any, Final

import streamlit as st

from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.prompts.waiting import FORM

_BEGINNING: Final[dict[str, Any]] = {
    "batch-way": "lines",
    "batch-takes": 1,
    "batch-lines": "",
    "batch-variations": "",
    "batch-matrix": "",
    "batch-axis-0": "",
    "batch-axis-1": "",
    "batch-values-0": "",
    "batch-values-1": "",
    "batch-shots": "",
    "batch-shared": "",
    "batch-shots-as": "each",
    "batch-shots-desk": False,
}


def load_form() -> None:
    """Put what was typed last into the boxes that have no value in this session."""
    missing = [key for key in _BEGINNING if key not in st.session_state]
    if not missing:
        return
    kept = _kept()
    for key in missing:
        value = kept.get(key)
        st.session_state[key] = value if type(value) is type(_BEGINNING[key]) else _BEGINNING[key]


@whole
def keep_form() -> None:
    """Keep what stands in the boxes now; a box that another way hides keeps what it held."""
    now = {key: st.session_state[key] for key in _BEGINNING if key in st.session_state}
    mine().preferences.set(FORM, json.dumps({**_kept(), **now}, ensure_ascii=False))


def _kept() -> dict[str, Any]:
    try:
        kept = json.loads(mine().preferences.get(FORM) or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
