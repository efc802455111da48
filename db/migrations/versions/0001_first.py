"""The first schema. Written by hand; a test compares it with db.tables. Later migrations never edit it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

UNFINISHED = sa.text("state IN ('held','queued','sending','streaming')")


def upgrade() -> None:
    """Make every table and the search index."""
    _generations()
    _streams()
    _videos()
    _endpoints()
    _people()
    _search()


def _key() -> sa.Column[Any]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text() if length is None else sa.String(length), nullable=nullable)


def _number(name: str, kind: type[Any], *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=nullable)


def _generations() -> None:
    op.create_table(
        "generations",
        _key(),
        _text("id", 32),
        _text("owner", 64),
        _text("nonce", 64),
        _text("parent_id", 32, nullable=True),
        _text("state", 16),
        _text("outcome", 16, nullable=True),
        _number("priority", sa.Integer, nullable=False),
        _text("prompt"),
        _number("fields", sa.JSON),
        _text("endpoint_id", 32),
        _text("endpoint_name"),
        _text("base_url"),
        _text("model"),
        _number("demo", sa.Boolean, nullable=False),
        _number("request", sa.JSON),
        *_answer(),
        _text("worker", 128, nullable=True),
        _number("cancel_requested", sa.Boolean, nullable=False),
        _time("created_at"),
        *(_time(f"{name}_at", nullable=True) for name in ("release", "enqueued", "sent", "first_byte", "ended")),
        _number("duration_seconds", sa.Double),
        sa.PrimaryKeyConstraint("seq", name="pk_generations"),
        sa.UniqueConstraint("id", name="uq_generations_id"),
        sa.UniqueConstraint("owner", "nonce", name="uq_generations_owner_nonce"),
    )
    op.create_index("ix_generations_owner_seq", "generations", ["owner", "seq"])
    op.create_index("ix_generations_owner_created_at", "generations", ["owner", "created_at"])
    op.create_index(
        "ix_generations_unfinished",
        "generations",
        ["state", "priority", "seq"],
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )


def _answer() -> list[sa.Column[Any]]:
    return [
        _text("content"),
        _text("reasoning"),
        _number("progress", sa.JSON, nullable=False),
        _text("stage", nullable=True),
        *(_number(name, sa.JSON, nullable=False) for name in ("links", "task_ids", "flags")),
        _text("finish_reason", nullable=True),
        *(_number(f"{name}_tokens", sa.BigInteger) for name in ("prompt", "completion", "total")),
        _number("usage", sa.JSON),
        _number("http_status", sa.Integer),
        _text("error_code", 64, nullable=True),
        _text("error_message", nullable=True),
    ]


def _streams() -> None:
    _create_stream("deltas", _key(), _owner_row("deltas"), _text("kind", 1), _text("text"))
    _create_stream(
        "raw_chunks",
        _key(),
        _owner_row("raw_chunks"),
        _number("at_seconds", sa.Double, nullable=False),
        _number("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "raw_responses",
        _owner_row("raw_responses"),
        _text("content_type"),
        _number("size_bytes", sa.BigInteger, nullable=False),
        _number("arrivals", sa.JSON, nullable=False),
        _number("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("generation_seq", name="pk_raw_responses"),
    )


def _create_stream(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint("seq", name=f"pk_{name}"))
    op.create_index(f"ix_{name}_generation_seq", name, ["generation_seq"])


def _owner_row(table: str) -> sa.Column[Any]:
    key = sa.ForeignKey("generations.seq", name=f"fk_{table}_generation_seq", ondelete="CASCADE")
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("generation_seq", kind, key, nullable=False, autoincrement=False)


def _videos() -> None:
    generation = sa.ForeignKey("generations.id", name="fk_videos_generation_id", ondelete="CASCADE")
    op.create_table(
        "videos",
        _key(),
        _text("id", 32),
        _text("owner", 64),
        sa.Column("generation_id", sa.String(32), generation, nullable=False),
        _text("source_url"),
        _text("source_key", 64),
        _text("state", 16),
        _text("worker", 128, nullable=True),
        _number("attempts", sa.Integer, nullable=False),
        _text("sha256", 64, nullable=True),
        _text("media_type", 64, nullable=True),
        _number("size_bytes", sa.BigInteger),
        _number("duration_seconds", sa.Double),
        _number("width", sa.Integer),
        _number("height", sa.Integer),
        _number("poster", sa.Boolean, nullable=False),
        _text("error_code", 64, nullable=True),
        _text("error_message", nullable=True),
        _time("created_at"),
        _time("kept_at", nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_videos"),
        sa.UniqueConstraint("id", name="uq_videos_id"),
        sa.UniqueConstraint("generation_id", "source_key", name="uq_videos_generation_id_source_key"),
    )
    for column in ("generation_id", "state", "sha256"):
        op.create_index(f"ix_videos_{column}", "videos", [column])


def _endpoints() -> None:
    op.create_table(
        "endpoints",
        _key(),
        _text("id", 32),
        _text("owner", 64),
        _text("name"),
        _text("base_url"),
        _number("token_encrypted", sa.LargeBinary),
        _text("model"),
        _number("models", sa.JSON, nullable=False),
        _number("max_tokens", sa.Integer, nullable=False),
        _number("stream", sa.Boolean, nullable=False),
        _number("extra", sa.JSON, nullable=False),
        _number("idle_seconds", sa.Double),
        _number("total_seconds", sa.Double),
        _number("concurrency", sa.Integer),
        _number("built_in", sa.Boolean, nullable=False),
        _time("created_at"),
        sa.PrimaryKeyConstraint("seq", name="pk_endpoints"),
        sa.UniqueConstraint("id", name="uq_endpoints_id"),
    )
    op.create_index("ix_endpoints_owner", "endpoints", ["owner"])


def _people() -> None:
    op.create_table(
        "drafts",
        _text("owner", 64),
        _text("name", 64),
        _text("text"),
        _time("updated_at"),
        sa.PrimaryKeyConstraint("owner", "name", name="pk_drafts"),
    )
    op.create_table(
        "preferences",
        _text("owner", 64),
        _text("name", 64),
        _text("value"),
        sa.PrimaryKeyConstraint("owner", "name", name="pk_preferences"),
    )
    op.create_table(
        "workers",
        _text("id", 128),
        _number("beat", sa.BigInteger, nullable=False),
        _time("started_at"),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )


def _search() -> None:
    """Make the index that db.search writes: contentless on SQLite, a vector with its GIN index on Postgres."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE generation_search USING fts5(prompt, response, owner, content='',"
            " tokenize=\"unicode61 remove_diacritics 2 categories 'L* M* N* Co'\")"
        )
        return
    op.execute(
        "CREATE TABLE generation_search (generation_seq BIGINT PRIMARY KEY"
        " REFERENCES generations (seq) ON DELETE CASCADE, document TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_generation_search_document ON generation_search USING gin (document)")
