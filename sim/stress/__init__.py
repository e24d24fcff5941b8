"""A saved run's planned beds under daily load."""
