"""Explained: tags, choices and their feedback, the kinds of activities, quizzes, fields, tables."""

from __future__ import annotations

from lms.content.explanations.entry import CAPSTONE, CARD, LESSON, MAKE_UP, PAPER, QUIZ, SHEET, Explanation

_SEE = "\n\nSee [What a greeting carries](1-at-the-door.md#what-a-greeting-carries)."
EXPLAINED = (
    Explanation(
        "tag-kind", LESSON,
        "The first words of a tag are its kind, from a closed list.",
        "`spot #seen, 3 min`", "`spott #seen, 3 min`",
    ),
    Explanation(
        "tag-place", LESSON,
        "Some kinds stand under a heading, some after a bold label, and each belongs to certain pages.",
        "**What I would say** `short #my-words`", "**What I would say** `log #my-words, 3 entries`",
    ),
    Explanation(
        "tag-setting", LESSON,
        "A setting is misspelled, or this kind does not have it. Separate options by ' / '.",
        "`spot #seen, 3 min`", "`spot #seen, 3 mins`",
    ),
    Explanation(
        "tag-loose", LESSON,
        "A tag stands alone on the line right under its heading, or at the end of a line with a bold label.",
        "## Seen or guessed\n`spot #seen, 3 min`", "## Seen or guessed `spot #seen, 3 min`",
    ),
    Explanation(
        "choice-mark", LESSON,
        "A choice begins with '- [x]', '- [~]' or '- [ ]', and a space.",
        '- [x] "Morning, Amir."', '- [x]"Morning, Amir."',
    ),
    Explanation(
        "choice-long", LESSON,
        "A choice is one paragraph. What leads up to it stands above the list, "
        "what explains it in the feedback.",
        '- [x] "Morning, Amir."', '- [x] "Morning, Amir."\n\n    And a nod.',
    ),
    Explanation(
        "check-loose", LESSON,
        "Check boxes are answers. Without a tag they would be shown on the page, right ones and all.",
        "`choose one #which, 3 min`\n", "",
    ),
    Explanation(
        "choices-few", LESSON,
        "One choice alone asks nothing.",
        "- [ ] put his head on the desk\n    > Seen. Anyone in the room would say the same.\n", "",
    ),
    Explanation(
        "choice-none-right", LESSON,
        "This kind has one right answer, and none is marked.",
        '- [x] "Morning, Amir."', '- [ ] "Morning, Amir."',
    ),
    Explanation(
        "choice-two-right", LESSON,
        "This kind has one right answer. Mark the other '[~]' if it can be defended, "
        "or make it 'choose many'.",
        "- [~] Nod, and let him pass.", "- [x] Nod, and let him pass.",
    ),
    Explanation(
        "feedback-missing", LESSON,
        "Every choice, card and step says why, so that learners learn from each of them.",
        "\n    > It asks for respect and gives none.", "",
    ),
    Explanation(
        "feedback-indent", LESSON,
        "Feedback stands under its choice, indented by four spaces.",
        "    > It asks for respect and gives none.", "> It asks for respect and gives none.",
    ),
    Explanation(
        "feedback-lazy", LESSON,
        "Every line of feedback, and of a quotation, starts with >.",
        "    > It asks for respect and gives none.", "    > It asks for respect\n    and gives none.",
    ),
    Explanation(
        "groups-few", LESSON,
        "Sorting into one group sorts nothing.",
        "### Overstated\n- Greetings raise grades.\n    > Nobody has shown it.\n    >\n"
        "    > **Supported?** The hope is fair. The verb is not.\n",
        "",
    ),
    Explanation(
        "group-unknown", LESSON,
        "A note for one wrong group names the group exactly, with ? inside the bold.",
        "> **Supported?** The", "> **Suported?** The",
    ),
    Explanation(
        "group-twice", LESSON,
        "Two groups of one name look alike; give each words of its own.",
        "### Overstated\n", "### Supported\n",
    ),
    Explanation(
        "order-list", LESSON,
        "The steps are one numbered list in the right order; a list above it needs a paragraph in between.",
        "2. Say the name.", "1. Say the name.",
    ),
    Explanation(
        "spot-text", LESSON,
        "The words of each choice stand in the passage exactly once, and no two overlap.",
        "- [ ] put his head on the desk", "- [ ] put his head down",
    ),
    Explanation(
        "model-missing", LESSON,
        "A rewrite shows one good answer after the learner has written theirs.",
        '> **One way to say it.** "Morning. Hoods down in here, please."\n\n', "",
    ),
    Explanation(
        "branch-link", LESSON,
        "The feedback of a choice in a branching ends with one link to the part that comes next.",
        "A few people laugh. [He leaves](#he-leaves)", "A few people laugh.",
    ),
    Explanation(
        "branch-target", LESSON,
        "The link names a part that is not there.",
        "[He leaves](#he-leaves)", "[He leaves](#seen-or-guessed)",
    ),
    Explanation(
        "branch-name", LESSON,
        "Links go by the words of a heading, so a part has a name of its own on the page.",
        "## Say it again", "## He leaves",
    ),
    Explanation(
        "branch-lost", LESSON,
        "No choice leads to this part.",
        "[He leaves](#he-leaves)", "[At his desk](#at-his-desk)",
    ),
    Explanation(
        "branch-endless", LESSON,
        "From this part no ending can be reached. An ending is a part without choices.",
        "The chair stays empty. You could have had the other minute.",
        "The chair stays empty.\n\n- [ ] Wait.\n    > It stays empty. [He leaves](#he-leaves)",
    ),
    Explanation(
        "part-tag", LESSON,
        "Every part of an activity has a tag of its own.",
        "`true or false #counter`\n", "",
    ),
    Explanation(
        "question-tag", QUIZ,
        "Every section of a quiz is a question, and has a tag.",
        "`short answer #long, 2 points`\n", "",
    ),
    Explanation(
        "see-missing", QUIZ,
        "Every question says where to read again.",
        f"About one second.{_SEE}", "About one second.",
    ),
    Explanation(
        "anything-else", QUIZ,
        "A short answer ends with '- [ ] anything else': feedback for everything you did not think of.",
        "- [ ] anything else\n    > About one second.\n", "",
    ),
    Explanation(
        "pool-draw", QUIZ,
        "A pool cannot give more questions than it has.",
        "`pool #some, draw 1`", "`pool #some, draw 3`",
    ),
    Explanation(
        "pool-points", QUIZ,
        "Learners get different questions of a pool, so all of them carry the same points.",
        "`true or false #nods`", "`true or false #nods, 2 points`",
    ),
    Explanation(
        "pass-unreachable", QUIZ,
        "No question has points, so nobody can pass.",
        "`short answer #long, 2 points`", "`short answer #long, 0 points`",
        more=(
            ("`match #pairs, part credit`", "`match #pairs, part credit, 0 points`"),
            ("`choose one #first`", "`choose one #first, 0 points`"),
            ("`true or false #names`", "`true or false #names, 0 points`"),
            ("`true or false #nods`", "`true or false #nods, 0 points`"),
        ),
    ),
    Explanation(
        "field-outside", LESSON,
        "A field belongs in a worksheet or an activity; anywhere else nothing would keep what is written.",
        "Keep it small.", "**What I noticed** `short #noticed`\n\nKeep it small.",
    ),
    Explanation(
        "field-answer", SHEET,
        "Choices of a field have no right answers: write [ ].",
        "- [ ] A classroom", "- [x] A classroom",
    ),
    Explanation(
        "field-name", SHEET,
        "Students' names have no place here: ask for a made-up code, with the setting 'code'; "
        "people of 'for each' are Person A, Person B.",
        "**What I noticed** `long #noticed, 20 to 120 words`", "**Name of the student** `short #noticed`",
    ),
    Explanation(
        "table-head", LESSON,
        "A table has a head row and, below it, a row of dashes.",
        "| Student | A greeting that may suit |\n| --- | --- |\n", "| Student | A greeting that may suit |\n",
    ),
    Explanation(
        "table-cells", LESSON,
        "A row has as many cells as the head. A | inside a cell is written \\|.",
        "| Looks at the floor | A name, and then room |", "| Looks at the floor |",
    ),
    Explanation(
        "table-filled", SHEET,
        "Cells under a tagged head are the learner's; examples go into an Example box.",
        "| 1 | Say the name | |", "| 1 | Say the name | often |",
    ),
    Explanation(
        "table-label", PAPER,
        "A table to fill in needs a bold label with the tag 'table' above it.",
        "**Names** `table #names, 24 rows`\n\n", "",
    ),
    Explanation(
        "row-key", SHEET,
        "The numbers in the # column are the rows' keys: each stands once and never changes.",
        "| 2 | Wait for an answer | |", "| 1 | Wait for an answer | |",
    ),
    Explanation(
        "carry-unknown", CARD,
        "What is to be shown is not in this course. Write the full key: the file's, a dot, the field's.",
        "`show fm-t1.noticed`", "`show fm-t1.notice`",
    ),
    Explanation(
        "carry-paper", CARD,
        "A sheet on paper is never stored, so nothing of it can be shown elsewhere.",
        "`show fm-t1.noticed`", "`show fm-t3.names`",
    ),
    Explanation(
        "carry-later", CARD,
        "Learners have not yet filled in what is to be shown here.",
        "`show fm-t1.noticed`", "`show fm-t4.said`",
    ),
    Explanation(
        "carry-wider", CAPSTONE,
        "What was written for the learner alone cannot become part of a sheet that others read. "
        "A sheet that is handed in has 'seen-by: reviewer' in its header.",
        "`long #account, 200 to 600 words, or link, needed`",
        "`long #account, starts from fm-t4.said, needed`",
    ),
    Explanation(
        "done-unclear", MAKE_UP,
        "A sheet that counts is done when its needed fields are filled in, its log is long enough, "
        "or each sitting is finished. This one has none of these.",
        "`long #said, needed`", "`long #said`",
    ),
)  # fmt: skip
