"""Sweeps: which assumption decides an output, and where a plan fails."""
