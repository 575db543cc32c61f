"""The same work as a competent team writes it from the libraries' pages in a day."""
