"""A runtime pointed at a relay of ours, as in tests/jobs."""

from tests.jobs.conftest import relay, run

__all__ = ["relay", "run"]
