"""What moves the need: size, structure, rates, policy, scenario by scenario."""
