"""Data of gates: LSTM, GRU and their kin."""
