"""Keys by which like prompts meet. What is there gets its keys by and by (db.prompt_keys): no row is touched here."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make two tables, and note how far the rows without keys go."""
    seq = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "prompt_keys",
        sa.Column("key", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("generation_seq", seq, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "generation_seq", name="pk_prompt_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "prompt_keys_left",
        sa.Column("seq", seq, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("seq", name="pk_prompt_keys_left"),
    )
    op.execute("INSERT INTO prompt_keys_left SELECT max(seq) FROM generations HAVING max(seq) IS NOT NULL")
