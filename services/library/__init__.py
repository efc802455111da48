"""The library: finding what was made (browsing), what a person says about it (marks), what they throw away (trash)."""
