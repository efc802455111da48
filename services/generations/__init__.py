"""What may be done with a generation: one use case a module."""
