"""What the store raises when it cannot do its work, named here so that services need not know SQLAlchemy."""

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

__all__ = ["PassingTrouble", "StoreTrouble"]

StoreTrouble = SQLAlchemyError
"""Locked, full, read-only, gone or corrupt, or a statement that can never work: everything an engine raises."""

PassingTrouble = (OperationalError, InterfaceError)
"""Locked, full, gone for a while: the same write may work later."""
