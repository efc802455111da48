"""The wire: one POST, one stream, and what can be read from it. Only `transport` knows the network."""
