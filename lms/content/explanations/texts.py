"""Explained: boxes, roles, links, sources, pictures, and what cannot stand in a text."""

from __future__ import annotations

from lms.content.explanations.entry import CARD, LESSON, LOCAL, SESSION, SOURCES, Explanation

_SCENE = "He knows twenty of the names."
_MORNING = (
    "It is 7:52. Mr. Oduya stands in the doorway of Room 12 with a cup of tea in one hand. Twenty-six "
    "students will come past him in the next four minutes. Some of them have been awake since five."
)
EXPLAINED = (
    Explanation(
        "box-label", LESSON,
        "A quotation that begins in bold is a box. Boxes have fixed labels, the full stop inside the bold.",
        "> **Know your duty.** If", "> **Know your dutty.** If",
    ),
    Explanation(
        "box-place", LESSON,
        "Some boxes belong to one kind of page: what a facilitator says belongs in a session guide.",
        "> **Know your duty.** If", "> **Say.** If",
    ),
    Explanation(
        "box-split", LESSON,
        "An empty line without > ends a box. If the next paragraph belongs to it, give that line a >.",
        ">\n> He knows twenty", "\n> He knows twenty",
    ),
    Explanation(
        "variant-activity", LESSON,
        "An activity inside a role section would be missed by everybody else, and could not be required.",
        "off the bus.\n", "off the bus.\n\n#### Try it\n`do #try, 1 min`\n\nTake that place for a week.\n",
    ),
    Explanation(
        "variant-box", LESSON,
        "A box about evidence, or something to try, is for everybody. A line --- ends the role section.",
        "Stand where you can see the hall and the room.",
        "> **Try this tomorrow.** Stand where you can see the hall and the room.\n\nAnd then:",
    ),
    Explanation(
        "variant-role", LESSON,
        "A role heading names roles exactly: For teachers, paraprofessionals, administrators, support staff.",
        "### For paraprofessionals", "### For paraprofesionals",
    ),
    Explanation(
        "cite-unknown", LESSON,
        "A source is cited that sources.md does not hold.",
        "[@MA-51A]", "[@MA-51B]",
    ),
    Explanation(
        "cite-form", LESSON,
        "A citation is written [@KEY], with a place if needed: [@KEY, p. 3]. Headings and labels have none.",
        "[@LJ-2012, p. 158]", "[@LJ-2012 p. 158]",
    ),
    Explanation(
        "cite-loose", LESSON,
        "A citation is written [@KEY]. In other brackets the key of a source is plain text.",
        "at once. [@MA-51A]", "at once. [@MA-51A], (@MA-51A)",
    ),
    Explanation(
        "source-unused", SOURCES,
        "Nothing cites this source: cite it, or take it out.",
        "## MA-51A\n", "## MA-51A-1\n`source, law, checked 2026-11-22`\n\nThe same law.\n\n## MA-51A\n",
    ),
    Explanation(
        "checked-old", LOCAL,
        "Facts and sources are looked at once a year; write the date when somebody has done so.",
        "## report-to\n`insert, checked 2026-11-22`", "## report-to\n`insert, checked 2024-11-22`",
    ),
    Explanation(
        "insert-unknown", LESSON,
        "A local fact is used that local.md does not hold.",
        "{{report-to}}", "{{report-too}}",
    ),
    Explanation(
        "insert-place", LESSON,
        "A local fact that holds a link cannot stand inside another link.",
        "See you there.", "See you there, [by {{office-page}}](https://www.doe.mass.edu/).",
    ),
    Explanation(
        "link-file", LESSON,
        "A link names a file that is not there. Paths start from the folder of the file that holds the link.",
        "toolkit/t2-door-card.md", "t2-door-card.md",
    ),
    Explanation(
        "link-anchor", "1-the-first-minute/quiz.md",
        "A link names a heading that the page does not have. Anchors are its words in lower case, "
        "without punctuation, joined by hyphens.",
        "See [What a greeting carries](1-at-the-door.md#what-a-greeting-carries).\n\n## Which is which?",
        "See [What a greeting carries](1-at-the-door.md#what-greetings-carry).\n\n## Which is which?",
    ),
    Explanation(
        "link-scheme", LESSON,
        "Links start with https: or mailto:, or name a file of the course.",
        "https://www.doe.mass.edu/", "http://www.doe.mass.edu/",
    ),
    Explanation(
        "link-form", LESSON,
        "Addresses stand in the link itself, not in a list of references.",
        "See you there.", "[office]: https://www.doe.mass.edu/\n\nSee you there.",
    ),
    Explanation(
        "image-alt", LESSON,
        "The words in the brackets are what people hear who do not see the picture.",
        "![A doorway with an adult at its side, not in its middle]", "![]",
    ),
    Explanation(
        "image-missing", LESSON,
        "There is no picture of this name.",
        "images/door.svg", "images/dor.svg",
    ),
    Explanation(
        "image-place", LESSON,
        "A picture with a caption stands in a paragraph of its own.",
        "![A doorway", "Look: ![A doorway",
    ),
    Explanation(
        "html", LESSON,
        "HTML is not used in courses. For the sign itself write &lt;.",
        _SCENE, "He knows <b>twenty</b> of the names.",
    ),
    Explanation(
        "fence", LESSON,
        "Blocks of code are not used in courses. Write a quotation or a table.",
        "Keep it small.", "```\nKeep it small.\n```\n\nThen:",
    ),
    Explanation(
        "footnote", LESSON,
        "Footnotes are not used: cite a source as [@KEY], or say it in the text.",
        "Keep it small.", "Keep it small.[^1]",
    ),
    Explanation(
        "definition-list", LESSON,
        "Lists of definitions are not used: write the word in bold and say what it means.",
        "Keep it small.", "Small\n: a nod",
    ),
    Explanation(
        "attributes", LESSON,
        "Braces with attributes are not used; how things look is for the site.",
        "Keep it small.", "Keep it small.{: .big}",
    ),
    Explanation(
        "encoding", LESSON,
        "Save the file as UTF-8, without control characters.",
        "Keep it small.", "Keep it\x07 small.",
    ),
    Explanation(
        "tab", LESSON,
        "Use spaces: tabs are as wide as each viewer likes.",
        "- Say the name first.", "-\tSay the name first.",
    ),
    Explanation(
        "line-long", LESSON,
        "A line has at most 4,000 characters.",
        "Keep it small.", "Keep it small. " * 300,
    ),
    Explanation(
        "piece-long", LESSON,
        "A paragraph, list or table has at most 8,000 characters and 200 lines.",
        "Keep it small.", "Keep it small.\n" * 250,
    ),
    Explanation(
        "pieces-many", LESSON,
        "A file has at most 3,000 pieces of text: make two of it.",
        "Keep it small.", "No.\n\n" * 3_050,
    ),
    Explanation(
        "marks-many", LESSON,
        "A paragraph has at most 400 marks such as *, _ or |.",
        "Keep it small.", "*Keep* it _small_. " * 110,
    ),
    Explanation(
        "nested-deep", LESSON,
        "Lists and quotations go four levels deep at most.",
        "Keep it small.", "> > > > > > Keep it small.",
    ),
    Explanation(
        "and-more", LESSON,
        "Only the first hundred problems of a file are told. Cure those, and check again.",
        "Keep it small.", "Keep\tit small.\n\n" * 102,
    ),
    Explanation(
        "piece-failed", LESSON,
        "This text made the Markdown library stop. Write it more simply, and please report it.",
        "", "",
    ),
    Explanation(
        "reads-hard", LESSON,
        "The text reads harder than grade 9. Shorter sentences and everyday words help most.",
        "Keep it small. A nod is enough for one student, and another one wants to tell you about the bus.",
        " ".join(
            ["Institutional accountability mechanisms necessitate considerable organizational deliberation "
             "regarding interpersonal communication responsibilities."] * 20
        ),
    ),
    Explanation(
        "sentence-long", LESSON,
        "A sentence of more than 40 words is hard to follow: make two of it.",
        "Keep it small. A nod is enough for one student, and another one wants to tell you about the bus.",
        "Keep it small, because a nod is enough for one student and another one wants to tell you about "
        "the bus and the cousin and the game and the rain and the shoes that got wet and the dog that ran "
        "out and the neighbor who brought it back.",
    ),
    Explanation(
        "scene-long", LESSON,
        "Scenes have 120 to 180 words.",
        _SCENE, "He waits. " * 90 + _SCENE,
    ),
    Explanation(
        "scene-short", LESSON,
        "Scenes have 120 to 180 words. For a sentence or two, Good to know is the box.",
        _MORNING, "It is 7:52.",
    ),
    Explanation(
        "card-long", CARD,
        "A card is to fit one printed page.",
        "`long #next, starts from fm-t1.noticed`", "`long #next, 45 lines, starts from fm-t1.noticed`",
    ),
    Explanation(
        "minutes-high", LESSON,
        "A lesson claims more minutes than its words (200 a minute) and its activities come to.",
        "minutes: 41", "minutes: 60",
    ),
    Explanation(
        "agenda-minutes", SESSION,
        "Every part of a session starts with its minutes.",
        "## 15 min: Arrive", "## Arrive",
    ),
    Explanation(
        "agenda-sum", SESSION,
        "The parts of a session together take the minutes that its header says.",
        "## 15 min: Arrive", "## 10 min: Arrive",
    ),
    Explanation(
        "instead-minutes", LESSON,
        "What stands in for something takes the same minutes, so that both earn the same credit.",
        "`do #map, instead of #walk, 12 min`", "`do #map, instead of #walk, 8 min`",
    ),
)  # fmt: skip
