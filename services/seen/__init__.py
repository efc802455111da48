"""Dailies seen from outside: whether it is ready, its figures for Prometheus, its log as JSON. Numbers, never text."""
