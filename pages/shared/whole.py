"""Callbacks that run to their end.

Streamlit may end a running callback at any touch of `st.session_state` when the page asks for another run meanwhile
(the live text does, the moment an answer ends), and then forgets the click: 3 of 20 clicks on Generate sent nothing.
No public switch holds that off, so we use its own: a runner that is not "executing" interrupts nothing. The other run
comes right after. tests/pages/test_whole.py fails when an upgrade makes this void.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared.notice import notice_error
from services.errors import StoreError

_P = ParamSpec("_P")


def whole(callback: Callable[_P, object]) -> Callable[_P, None]:
    """Make a callback that nothing interrupts, and that a database in trouble does not break."""

    @functools.wraps(callback)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        runner = _runner()
        executing = getattr(runner, "_execing", None)
        if not executing:
            _carry_out(callback, *args, **kwargs)
            return
        runner._execing = False
        try:
            _carry_out(callback, *args, **kwargs)
        finally:
            runner._execing = executing

    return run


def _carry_out(callback: Callable[_P, object], *args: _P.args, **kwargs: _P.kwargs) -> None:
    """Do it; a database that cannot save just then becomes a notice, whatever the click was."""
    try:
        callback(*args, **kwargs)
    except StoreError as error:
        notice_error(error)


def _runner() -> Any:
    """Return what runs this script; None outside of one, or when an upgrade hides it elsewhere."""
    context = get_script_run_ctx(suppress_warning=True)
    ask = getattr(context.session_state, "_yield_callback", None) if context else None
    return getattr(ask, "__self__", None)
