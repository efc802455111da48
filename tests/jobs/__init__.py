"""Jobs: what runs on the server whatever happens to the page."""
