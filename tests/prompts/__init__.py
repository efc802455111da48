"""The composer's pure core: words, fields, text, checks, controls, templates and many at once."""
