"""Backups: made while all goes on (make), kept (store, pool, prune), looked through (verify) and put back (restore)."""
