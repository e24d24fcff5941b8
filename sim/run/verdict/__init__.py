"""Verdicts of a saved run: reached, enough, how surely, and which target would hold."""
