"""Traces of the plain recurrent network and its gradients."""
