"""Sounds and tunes: numbers dialled on a telephone, melodies that come back to their beginning."""
