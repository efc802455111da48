"""Reference pictures: taken in from anywhere, made plain and small, kept by hash, sent beside the words."""
