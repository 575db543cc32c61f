"""`make demo`: products from a resume file and a posting, printed, through the running stack."""
