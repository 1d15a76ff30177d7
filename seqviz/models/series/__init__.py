"""Forecasts of numbers: the last value, (vector) autoregression, the Kalman filter, and intervals around them."""
