"""Reads of what learners do and write, one module for each audience of the rows. All rows are frozen."""
