"""Explorers of the plain recurrent network and its gradients."""
