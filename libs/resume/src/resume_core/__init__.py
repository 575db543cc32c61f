"""JSON Resume, requirements, truth gate, scores and the rules-only tailor: pure functions."""
