"""Postings and uploaded resumes become structured facts."""
