"""What people decide about the changes of a tailored resume."""
