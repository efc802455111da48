"""What the server answers beside the pages: live text, media, drafts, marks, health; its gate, headers and greeting."""
