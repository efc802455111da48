"""Tests: a sentence each, on real parts."""
