"""The screens; with app.py the only importers of streamlit."""
