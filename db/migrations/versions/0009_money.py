"""Prices, what was expected to be paid, and what was: each frozen on its row with the rule that made it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

PRICED = ("generations", "past_usage", "rewrites")


def upgrade() -> None:
    """Add columns in place, empty everywhere (unknown, never 0), then the tables of rules and of what was re-priced."""
    for table in PRICED:
        _priced(table)
    for table in ("generations", "past_usage"):
        op.add_column(table, sa.Column("asked_seconds", sa.Double()))
    op.create_table(
        "price_rules",
        _key(),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("endpoint_id", sa.String(32), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("price", sa.Text()),
        sa.Column("completion_price", sa.Text()),
        sa.Column("currency", sa.String(8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _time("created_at", nullable=False),
        _time("ended_at"),
        sa.Column("replaced_by", sa.String(32)),
        sa.PrimaryKeyConstraint("seq", name="pk_price_rules"),
        sa.UniqueConstraint("id", name="uq_price_rules_id"),
    )
    op.create_index("ix_price_rules_owner_seq", "price_rules", ["owner", "seq"])
    op.create_table(
        "repricings",
        _key(),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("looked_at", "changed")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("before", "after")),
        _time("began_at", nullable=False),
        _time("ended_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_repricings"),
        sa.UniqueConstraint("id", name="uq_repricings_id"),
    )
    op.create_index("ix_repricings_owner_seq", "repricings", ["owner", "seq"])


def _priced(table: str) -> None:
    op.add_column(table, sa.Column("estimate_kind", sa.String(16)))
    op.add_column(table, sa.Column("estimate_nano", sa.BigInteger()))
    op.add_column(table, sa.Column("estimate_currency", sa.String(8)))
    op.add_column(table, sa.Column("cost_nano", sa.BigInteger()))
    op.add_column(table, sa.Column("cost_currency", sa.String(8)))
    op.add_column(table, sa.Column("cost_rule", sa.JSON()))
    op.add_column(table, _time("priced_at"))


def _key() -> sa.Column[Any]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
