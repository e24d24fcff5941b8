"""Evidence: forecasts scored, pages of validation and questions, measured speed."""
