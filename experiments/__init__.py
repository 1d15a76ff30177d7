"""Experiments too long for a chapter; each writes a record that a chapter shows, and says with what it was made."""
