"""What is taken away and brought in, with real films and both stores."""
