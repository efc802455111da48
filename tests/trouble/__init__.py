"""A database in trouble, for real: locks of other processes, full disks, spoilt files, rights taken away."""
