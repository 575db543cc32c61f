"""Company research, optional in every workflow."""
