"""Pictures of no topic: curves, bars and tables that every chapter may use."""
