"""Tokens at rest, in logs, and wherever an endpoint might echo them."""
