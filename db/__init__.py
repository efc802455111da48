"""The store: tables, engines, queries. The only importer of SQLAlchemy; imports nothing of ours from above."""
