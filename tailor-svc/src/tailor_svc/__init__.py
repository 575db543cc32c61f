"""Tailored resumes, proposed by rules or by a model and always checked by the truth gate."""
