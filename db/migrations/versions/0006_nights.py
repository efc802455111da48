"""Night shifts, and until when a prompt of one may be sent."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add two tables and a column that is empty everywhere; no row is touched."""
    op.add_column("generations", sa.Column("send_before", sa.DateTime(timezone=True)))
    op.create_table(
        "nights",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("step", "prompts", "most_sent")),
        sa.Column("most_tokens", sa.BigInteger()),
        *(_time(name, nullable=False) for name in ("from_at", "until_at", "created_at")),
        _time("ended_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_nights"),
        sa.UniqueConstraint("id", name="uq_nights_id"),
        sa.UniqueConstraint("owner", "batch_id", name="uq_nights_owner_batch_id"),
    )
    op.create_index("ix_nights_owner_seq", "nights", ["owner", "seq"])
    op.create_index("ix_nights_state_seq", "nights", ["state", "seq"])
    op.create_table(
        "night_verdicts",
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("generation_id", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        _time("at", nullable=False),
        sa.PrimaryKeyConstraint("owner", "generation_id", name="pk_night_verdicts"),
    )


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
