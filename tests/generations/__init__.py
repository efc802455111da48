"""What can be done with a generation that has ended."""
