"""${message}"""

revision = "${up_revision}"
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """State what changes for people."""
    ${upgrades if upgrades else "raise NotImplementedError"}
