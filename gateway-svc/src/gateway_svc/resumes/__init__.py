"""Resumes: stored by version, uploaded as files, read by a job."""
