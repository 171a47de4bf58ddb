"""Rules: the two halves of a name, for files that ask for them."""

from __future__ import annotations

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def last_and_first(name: str) -> tuple[str, str]:
    """('Delgado', 'Rosa María') of 'Rosa María Delgado' or 'Delgado, Rosa María'.

    A name is kept as one, as it stands on the license. Which word the last name begins with is a guess: the
    last word, with what follows a family ('Jr.') after it. Nothing of the name is lost.
    """
    last, comma, first = name.partition(",")
    if comma and first.strip().strip(".").lower() not in SUFFIXES:
        return last.strip(), first.strip()
    words = name.split()
    begins = len(words) - 1
    if len(words) > 2 and words[-1].strip(".").lower() in SUFFIXES:
        begins -= 1
    return " ".join(words[begins:]), " ".join(words[:begins])
