"""What the server answers beside the pages: live text, media, drafts, health; and its headers."""
