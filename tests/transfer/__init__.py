"""Moving an installation."""
