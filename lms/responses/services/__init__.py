"""Writes of what learners do and write, one module for each noun.

Every function takes the session and the moment, flushes and never commits, and never settles: the action
that calls it does both.
"""
