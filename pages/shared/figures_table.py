"""A table of a name and its figures, which becomes small cards on a phone. Names are foreign: text nodes only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import streamlit as st

NONE: Final = "–"
"""Stands for nothing at all; what is unknown is called so."""
_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "figures",
    js=(_FOLDER / "figures.js").read_text("utf-8"),
    css=(_FOLDER / "figures.css").read_text("utf-8"),
)


def figures_table(key: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw it; each row begins with its name."""
    data = {"heads": tuple(heads), "rows": tuple(tuple(row) for row in rows), "none": NONE}  # no list: see gallery
    _COMPONENT(key=key, data=data)
