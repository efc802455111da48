"""People: what is remembered of each. A single-person installation has one, `local`."""
