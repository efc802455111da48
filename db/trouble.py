"""What the store raises when it cannot do its work, named here so that services need not know SQLAlchemy."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

StoreTrouble = SQLAlchemyError
"""Locked, full, read-only, gone or corrupt: everything an engine raises."""

is_passing = DBAPIError
"""Trouble that the database itself reported: trying again later may help."""

__all__ = ["StoreTrouble", "is_passing"]
