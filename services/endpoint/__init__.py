"""The wire: one POST, one stream, and what can be read from it; `profiles` keeps the endpoints themselves.

Only `transport` and its socket (`line`) know the network.
"""
