"""The screens, their languages, and what the server answers beside them."""
