"""Demography: population, births, deaths and migration of a region by year."""
