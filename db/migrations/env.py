"""How Alembic reaches the database: on the connection, and inside the transaction, that db.schema hands it.

That transaction began with BEGIN IMMEDIATE, so a migration that fails leaves nothing half done (RELIABILITY e).
"""

from alembic import context

from db.tables import Base


def run() -> None:
    """Run what the command asks for."""
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # Alembic's name for it; doctest collection imports this file by another
    run()
