"""The rescue desk, from what is unhappy to the video on the original row."""
