"""All 140 faults of the project's list, each driven through the whole application; `docs/faults.md` is their table."""
