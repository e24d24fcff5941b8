"""healthplan: is a city's health plan enough?"""
