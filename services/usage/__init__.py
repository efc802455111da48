"""What was used and what it cost: the kept sums (reading), a cost once it is known (freezing), before (estimates)."""
