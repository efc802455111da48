"""Verdicts of a play-off; children found by their parent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

CHILD = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    """Add one table and one index; nothing that is there is touched."""
    op.create_table(
        "verdicts",
        sa.Column("seq", _big(), primary_key=True, autoincrement=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("winner_seq", _big(), nullable=False),
        sa.Column("loser_seq", _big(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_verdicts"),
        *(
            sa.ForeignKeyConstraint([side], ["generations.seq"], name=f"fk_verdicts_{side}", ondelete="CASCADE")
            for side in ("winner_seq", "loser_seq")
        ),
        sa.UniqueConstraint("winner_seq", "loser_seq", name="uq_verdicts_winner_seq_loser_seq"),
    )
    op.create_index("ix_verdicts_loser_seq", "verdicts", ["loser_seq"])
    op.create_index("ix_verdicts_owner_seq", "verdicts", ["owner", "seq"])
    op.create_index(
        "ix_generations_owner_parent_id",
        "generations",
        ["owner", "parent_id"],  # by parent alone SQLite would take the index of all that is the owner's
        sqlite_where=CHILD,
        postgresql_where=CHILD,
    )


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")
