"""What leaves the house in files."""
