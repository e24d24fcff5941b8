"""What the model's words mean, each once: read by the stages, tables, charts and pages alike."""
