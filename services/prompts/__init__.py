"""What is typed before it is sent: drafts, kept on the server as they are typed."""
