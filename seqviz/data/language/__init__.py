"""Texts for language models: source code, and sentences whose words sound alike."""
