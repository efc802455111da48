"""The parts of Help about making a prompt and sending it."""

from __future__ import annotations

import streamlit as st

from pages.shared.i18n import gettext as _


def how_it_works() -> None:
    """Tell the way of a prompt in five sentences."""
    sentences = [
        _("Write a prompt and press Generate. It is kept before anything is sent."),
        _("The server sends it once and reads the answer. Close the tab if you like: it goes on."),
        _("Every word, link and figure of the answer is kept, and the raw bytes too."),
        _("As soon as a video link appears, the file is saved here: such links often live for minutes only."),
        _("Everything is in the Library, with search over prompts and answers."),
    ]
    st.header(_("How it works"))
    st.markdown("\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1)))


def composing() -> None:
    """Tell what the composer does and what it never does."""
    sentences = [
        _("Turn on “Compose with fields” on Create. Begin with a template or a look, or pick words yourself."),
        _("The box always shows exactly what is sent, in English or Chinese. You may change it by hand."),
        _("Text changed by hand stays as it is; your fields are kept beside it, and one click writes it again."),
        _("What does not fit is told beside Generate, each with a click that mends it. Nothing stops you."),
        _("Shape, length and quality are offered where it is known how your model reads them."),
        _("Everything is kept on the server as you click and type. Clear, templates and Use again can be undone."),
        _("Add or paste a picture: the film begins from it, where the model reads pictures. It is cropped and shrunk."),
        _("“Use a frame” on a generation's page takes a frame of its video as the picture of the next one."),
        _("“Remix” keeps a video and changes what you say; the relay is told which video where it is known how."),
        _("“Change one thing” on a generation's page begins from it; what you changed is named on the new one."),
    ]
    st.header(_("Composing with fields"))
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
