"""What the app does, free of Streamlit and of SQL."""
