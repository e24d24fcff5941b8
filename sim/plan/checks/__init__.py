"""The checks behind the audit: automatic ones, and those that relations.yaml declares."""
