"""Templates of one's own, in all their versions; cast cards and continuity blocks; rewrites by chat models."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add three tables; nothing that is there is touched."""
    op.create_table(
        "templates",
        _key(),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("template_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _time("created_at", nullable=False),
        _time("deleted_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_templates"),
        sa.UniqueConstraint("owner", "template_id", "version", name="uq_templates_owner_template_id_version"),
    )
    op.create_table(
        "cards",
        _key(),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("folded", sa.String(400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _time("updated_at", nullable=False),
        _time("deleted_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_cards"),
        sa.UniqueConstraint("owner", "kind", "folded", name="uq_cards_owner_kind_folded"),
    )
    op.create_table(
        "rewrites",
        _key(),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("endpoint_id", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("endpoint_name", "model")),
        sa.Column("length", sa.String(16), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("before", "after")),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("error_code", sa.String(64)),
        *(sa.Column(f"{name}_tokens", sa.BigInteger()) for name in ("prompt", "completion", "total")),
        _time("created_at", nullable=False),
        _time("ended_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_rewrites"),
        sa.UniqueConstraint("id", name="uq_rewrites_id"),
        sa.UniqueConstraint("owner", "nonce", name="uq_rewrites_owner_nonce"),
    )
    op.create_index("ix_rewrites_owner_created_at", "rewrites", ["owner", "created_at"])


def _key() -> sa.Column[Any]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
