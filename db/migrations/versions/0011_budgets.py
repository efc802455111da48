"""Budgets, and who let one be passed, and why."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add two tables; nothing that is there is touched."""
    op.create_table(
        "budgets",
        *_begin(),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(8), nullable=False),
        sa.Column("endpoint_id", sa.String(32), nullable=False),
        sa.Column("collection_id", sa.String(32), nullable=False),
        sa.Column("scope_name", sa.Text(), nullable=False),
        _time("created_at"),
        sa.Column("created_by", sa.String(64), nullable=False),
        _time("ended_at", nullable=True),
        sa.Column("ended_by", sa.String(64)),
        *_end("budgets"),
    )
    op.create_index("ix_budgets_owner_ended_at", "budgets", ["owner", "ended_at"])
    op.create_table(
        "budget_overrides",
        *_begin(),
        sa.Column("budget_id", sa.String(32), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extra", sa.BigInteger()),
        _time("until_at"),
        _time("created_at"),
        *_end("budget_overrides"),
    )
    op.create_index("ix_budget_overrides_budget_id", "budget_overrides", ["budget_id"])


def _begin() -> tuple[sa.Column[Any], ...]:
    key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return (
        sa.Column("seq", key, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False),
    )


def _end(table: str) -> tuple[sa.Constraint, ...]:
    return sa.PrimaryKeyConstraint("seq", name=f"pk_{table}"), sa.UniqueConstraint("id", name=f"uq_{table}_id")


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
