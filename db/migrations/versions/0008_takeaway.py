"""What was brought in from elsewhere says since when; its spend is not this installation's."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add one column; nothing that is there is touched."""
    op.add_column("generations", sa.Column("imported_at", sa.DateTime(timezone=True)))
