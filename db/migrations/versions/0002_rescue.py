"""The rescue desk: what a person says of the bill, what is done with, what was pasted, how long links live."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

UNHAPPY = sa.text(
    "dismissed_at IS NULL AND (state IN ('failed','rejected','unknown','incomplete','not_sent')"
    " OR (state = 'cancelled' AND sent_at IS NOT NULL) OR (state = 'done' AND COALESCE(outcome, '') <> 'video'))"
)
FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    """Add columns in place (a table made anew would lose nothing here, but cost a copy of everything), then tables."""
    op.add_column("generations", sa.Column("charged", sa.Boolean()))
    op.add_column("generations", sa.Column("charged_at", sa.DateTime(timezone=True)))
    op.add_column("generations", sa.Column("dismissed_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_generations_unhappy", "generations", ["owner", "seq"], sqlite_where=UNHAPPY, postgresql_where=UNHAPPY
    )
    op.add_column("videos", sa.Column("paste_id", sa.String(32)))
    op.create_index(
        "ix_videos_failed", "videos", ["owner", "generation_id"], sqlite_where=FAILED, postgresql_where=FAILED
    )
    _pastes()
    _link_lives()


def _key() -> sa.Column[Any]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _pastes() -> None:
    generation = sa.ForeignKey("generations.id", name="fk_pastes_generation_id", ondelete="CASCADE")
    op.create_table(
        "pastes",
        _key(),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("generation_id", sa.String(32), generation, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("task_ids", sa.JSON(), nullable=False),
        _time("created_at", nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_pastes"),
        sa.UniqueConstraint("id", name="uq_pastes_id"),
    )
    op.create_index("ix_pastes_generation_id", "pastes", ["generation_id"])


def _link_lives() -> None:
    op.create_table(
        "link_lives",
        _key(),
        sa.Column("video_id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        _time("first_seen", nullable=False),
        *(_time(name) for name in ("last_ok", "gone_at", "expires_at", "next_look_at")),
        sa.PrimaryKeyConstraint("seq", name="pk_link_lives"),
        sa.UniqueConstraint("video_id", name="uq_link_lives_video_id"),
    )
    op.create_index("ix_link_lives_owner_host_seq", "link_lives", ["owner", "host", "seq"])
    op.create_index("ix_link_lives_next_look_at", "link_lives", ["next_look_at"])
