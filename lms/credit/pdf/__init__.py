"""The printed certificate. `certificate.typ` lays it out, `printed.py` words it, `typesetting.py` makes it."""
