"""Seeded corpora and tasks: generated, or carried by Python itself. Nothing is downloaded."""
