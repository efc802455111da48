"""The two lines worth a factor of 16 (STREAMLIT 2): each test fails when an upgrade makes its cure void."""

from __future__ import annotations

import contextlib
import gc
import socket
from collections.abc import Iterator
from pathlib import Path

from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.shared.web.nodelay import answer_at_once

PROJECT = Path(__file__).resolve().parent.parent.parent


@contextlib.contextmanager
def full_collections() -> Iterator[list[int]]:
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            seen.append(1)

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)


def test_the_server_is_told_not_to_collect_after_each_run() -> None:
    config.get_config_options(force_reparse=True)

    assert config.is_manually_set("runner.postScriptGC")
    assert config.get_option("runner.postScriptGC") is False


def test_reruns_do_not_force_full_collections() -> None:
    app = AppTest.from_string("import streamlit as st\nst.button('Again', key='again')").run()

    with full_collections() as seen:
        for _ in range(20):
            app.button(key="again").click().run()

    assert len(seen) < 5


def test_a_listening_socket_gets_nodelay_and_hands_it_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert answer_at_once() >= 1
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                assert listener.fileno() >= 0, "the descriptors looked at stay open"


def test_no_package_of_ours_brings_a_component_so_that_the_server_need_not_look() -> None:
    assert manifest_scanner.scan_component_manifests() == []
