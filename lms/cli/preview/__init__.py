"""`lms courses preview`: a course as a learner would see it, while it is being written.

It is the site itself, on a database of its own that is thrown away at the end, with one reader in it who is
always signed in; every save puts the new text on. So pages, activities and quizzes are the real ones.
"""
