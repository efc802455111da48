"""What was used and what it cost: the kept sums (figures), a cost when it is known (freezing), what it may be (estimates)."""
