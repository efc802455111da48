"""The library: marks on generations, tags, collections, saved searches, the trash; facets in the search index.

The index is made anew and empty; db.search_entries fills it in the same transaction, right after the migrations.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

LIVE, TRASHED = sa.text("trashed_at IS NULL"), sa.text("trashed_at IS NOT NULL")


def upgrade() -> None:
    """Add columns in place, then tables, then the index."""
    _marks()
    _tags()
    _collections()
    _saved_searches()
    _used_models()
    _past_usage()
    _search()


def _kind() -> Any:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _key() -> sa.Column[Any]:
    return sa.Column("seq", _kind(), primary_key=True, autoincrement=True)


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text() if length is None else sa.String(length), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _pointing(name: str, table: str, to: str) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{to}.seq", name=f"fk_{table}_{name}", ondelete="CASCADE")
    return sa.Column(name, _kind(), key, nullable=False, autoincrement=False)


def _marks() -> None:
    op.add_column("generations", sa.Column("favourite", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("generations", sa.Column("rating", sa.Integer()))
    op.add_column("generations", sa.Column("notes", sa.Text(), nullable=False, server_default=""))
    op.add_column("generations", _time("trashed_at", nullable=True))
    op.drop_index("ix_generations_owner_seq", "generations")
    op.create_index("ix_generations_live", "generations", ["owner", "seq"], sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index(
        "ix_generations_trashed",
        "generations",
        ["owner", "trashed_at"],
        sqlite_where=TRASHED,
        postgresql_where=TRASHED,
    )


def _tags() -> None:
    op.create_table(
        "tags",
        _key(),
        _text("owner", 64),
        _text("name", 80),
        _text("folded", 160),
        sa.PrimaryKeyConstraint("seq", name="pk_tags"),
        sa.UniqueConstraint("owner", "folded", name="uq_tags_owner_folded"),
    )
    _pairs("generation_tags", "tag_seq", "tags")


def _collections() -> None:
    op.create_table(
        "collections",
        _key(),
        _text("id", 32),
        _text("owner", 64),
        _text("name", 80),
        _text("folded", 160),
        _time("created_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_collections"),
        sa.UniqueConstraint("id", name="uq_collections_id"),
        sa.UniqueConstraint("owner", "folded", name="uq_collections_owner_folded"),
    )
    _pairs("generation_collections", "collection_seq", "collections")


def _pairs(table: str, other: str, to: str) -> None:
    op.create_table(
        table,
        _pointing("generation_seq", table, "generations"),
        _pointing(other, table, to),
        sa.PrimaryKeyConstraint("generation_seq", other, name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_{other}", table, [other])


def _saved_searches() -> None:
    op.create_table(
        "saved_searches",
        _key(),
        _text("id", 32),
        _text("owner", 64),
        _text("name", 80),
        _text("query"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_saved_searches"),
        sa.UniqueConstraint("id", name="uq_saved_searches_id"),
        sa.UniqueConstraint("owner", "name", name="uq_saved_searches_owner_name"),
    )


def _used_models() -> None:
    op.create_table(
        "used_models",
        _text("owner", 64),
        _text("model"),
        sa.PrimaryKeyConstraint("owner", "model", name="pk_used_models"),
    )
    op.execute("INSERT INTO used_models (owner, model) SELECT DISTINCT owner, model FROM generations")


def _past_usage() -> None:
    op.create_table(
        "past_usage",
        _key(),
        _text("owner", 64),
        _text("generation_id", 32),
        _text("endpoint_id", 32),
        _text("endpoint_name"),
        _text("model"),
        sa.Column("demo", sa.Boolean(), nullable=False),
        _text("state", 16),
        _text("outcome", 16, nullable=True),
        _time("created_at"),
        _time("sent_at", nullable=True),
        sa.Column("duration_seconds", sa.Double()),
        *(sa.Column(f"{name}_tokens", sa.BigInteger()) for name in ("prompt", "completion", "total")),
        sa.Column("charged", sa.Boolean()),
        sa.Column("video_seconds", sa.Double()),
        _time("deleted_at"),
        sa.Column("rating", sa.Integer()),
        sa.PrimaryKeyConstraint("seq", name="pk_past_usage"),
        sa.UniqueConstraint("generation_id", name="uq_past_usage_generation_id"),
    )
    op.create_index("ix_past_usage_owner_created_at", "past_usage", ["owner", "created_at"])


def _search() -> None:
    op.create_table(
        "search_entries",
        _pointing("generation_seq", "search_entries", "generations"),
        _text("facets"),
        _text("marks"),
        sa.PrimaryKeyConstraint("generation_seq", name="pk_search_entries"),
    )
    op.execute("DROP TABLE generation_search")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE generation_search USING fts5(prompt, response, marks, facets, content='',"
            " tokenize=\"unicode61 remove_diacritics 2 categories 'L* M* N* Co'\")"
        )
        return
    op.execute(
        "CREATE TABLE generation_search (generation_seq BIGINT PRIMARY KEY"
        " REFERENCES generations (seq) ON DELETE CASCADE, document TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_generation_search_document ON generation_search USING gin (document)")
