"""What Dailies costs and how fast it is: each module prints one table (`python -m benchmarks.NAME`)."""
