"""Crashes: the whole server killed with streams in flight, torn logs, two servers on one folder, jumping clocks."""
