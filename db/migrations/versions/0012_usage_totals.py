"""Usage totals that are kept. Triggers fill them from here on; db.usage_totals makes those and counts what is there."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

LINE = ("owner", "collection_seq", "endpoint_id", "endpoint_name", "model", "demo", "sent", "state")
SUMS = (
    *("generations", "prompt_told", "completion_told", "total_told", "prompt_tokens", "completion_tokens"),
    *("total_tokens", "cost_nano", "videos", "keepers"),
)


def upgrade() -> None:
    """Make two tables; no row is touched."""
    op.create_table(
        "usage_lines",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("collection_seq", sa.BigInteger(), nullable=False),
        sa.Column("endpoint_id", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("endpoint_name", "model")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("demo", "sent")),
        *(sa.Column(name, sa.String(16), nullable=False) for name in ("state", "certainty")),
        *(sa.Column(name, sa.String(8), nullable=False) for name in ("shelf", "currency")),
        sa.PrimaryKeyConstraint("seq", name="pk_usage_lines"),
        sa.UniqueConstraint(*LINE, "certainty", "shelf", "currency", name="uq_usage_lines"),
    )
    op.create_table(
        "usage_totals",
        sa.Column("line", sa.BigInteger(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Integer(), nullable=False, autoincrement=False) for name in ("grain", "slot", "part")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint("line", "grain", "slot", "part", name="pk_usage_totals"),
        sqlite_with_rowid=False,
    )
