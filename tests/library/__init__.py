"""Finding, judging, throwing away."""
