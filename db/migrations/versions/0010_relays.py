"""What endpoints say of themselves: balances, and how often they let us ask. Requests per minute can be set."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add two tables and a column that is empty everywhere; no row is touched."""
    op.add_column("endpoints", sa.Column("per_minute", sa.Integer()))
    op.create_table(
        "balances",
        *_whose(),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON()),
        _time("read_at"),
        _time("asked_at", nullable=False),
        sa.Column("answer", sa.String(32)),
        sa.PrimaryKeyConstraint("owner", "endpoint_id", name="pk_balances"),
    )
    op.create_table(
        "endpoint_rates",
        *_whose(),
        _time("refused_at"),
        _time("hold_until"),
        sa.Column("wait_seconds", sa.Double()),
        sa.Column("refusals", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in ("learned_at_once", "learned_per_minute")),
        _time("learned_at"),
        sa.Column("recent", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "endpoint_id", name="pk_endpoint_rates"),
    )


def _whose() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("endpoint_id", sa.String(32), nullable=False),
    )


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
