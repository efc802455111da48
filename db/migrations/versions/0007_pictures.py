"""Reference pictures, and which one a generation was sent with."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add a table, and a column that is empty for all that was sent before."""
    op.create_table(
        "pictures",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64)),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_pictures"),
        sa.UniqueConstraint("owner", "sha256", name="uq_pictures_owner_sha256"),
    )
    op.create_index("ix_pictures_sha256", "pictures", ["sha256"])
    op.create_index("ix_pictures_source", "pictures", ["source"])
    op.add_column("generations", sa.Column("picture", sa.String(64)))
    filled = sa.text("picture IS NOT NULL")
    op.create_index("ix_generations_picture", "generations", ["picture"], sqlite_where=filled, postgresql_where=filled)
