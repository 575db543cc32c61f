"""`make demo`: one job from a resume file to a printed outcome, through the running stack."""
