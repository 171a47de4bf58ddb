"""Fields of worksheets and activities as they are shown: one view for each kind of input.

Names of inputs are full keys; a cell of a table is `COLUMN:ROW`. Ids follow from names.
"""

from __future__ import annotations

from msgspec import Struct

from lms.content.nodes import NOTHING, Column, Field, SafeHtml, SeenBy
from lms.responses.fields import TEXTS, Json, limit_of, rows_of
from lms.responses.wording import as_text, spoken
from lms.web.learn.pages.filling import Carried, Filling
from lms.web.words import plain

SEEN: dict[SeenBy, str] = {
    "me": "Only you can see this.",
    "reviewer": "Your reviewer reads this when you hand it in.",
    "cohort": "Your cohort can see this.",
    "counts": "Nobody reads this. Only totals over five or more people are shown.",
}
OPEN_ROWS = 1
"""Rows of one's own that a table without a number shows when it is empty."""
WIDEST_SWITCH = 5
"""Options of a table's cell that are shown side by side; more become a list to choose from."""


class Option(Struct, frozen=True):
    value: int
    text: str
    chosen: bool


class FieldView(Struct, frozen=True):
    """`control` names the macro. `seen` and `privacy` stand under what is typed freely."""

    control: str
    name: str
    id: str
    node: Field
    label: str
    text: str = ""
    options: tuple[Option, ...] = ()
    problem: str = ""
    seen: str = ""
    privacy: SafeHtml = NOTHING
    earlier: str = ""
    total: int | None = None
    carried: Carried | None = None
    show_model: bool = False
    show_example: bool = True
    href: str = ""
    blank: bool = False
    compact: bool = False

    @property
    def limit(self) -> int:
        """How many characters it holds."""
        return limit_of(self.node)

    @property
    def described_by(self) -> str:
        """Ids of the lines that belong to the input, in the order in which they stand."""
        parts = [
            ("help", bool(self.node.help) and not self.compact),
            ("error", bool(self.problem)),
            ("seen", bool(self.seen)),
            ("count", self.node.kind == "long" and self.node.minimum is not None),
        ]
        return " ".join(f"{self.id}-{part}" for part, there in parts if there)


class Cell(Struct, frozen=True):
    """A cell of a table: printed words, or an input."""

    html: SafeHtml
    field: FieldView | None
    label: str
    is_name: bool = False
    """The printed words that the row goes by."""


class TableRow(Struct, frozen=True):
    number: int
    name: str
    cells: tuple[Cell, ...]
    problem: str = ""


class TableView(Struct, frozen=True):
    control: str
    name: str
    id: str
    node: Field
    label: str
    heads: tuple[SafeHtml, ...]
    rows: tuple[TableRow, ...]
    problem: str = ""
    seen: str = ""
    privacy: SafeHtml = NOTHING
    more: bool = False
    """Rows can be added."""
    show_example: bool = True
    blank: bool = False
    printed: int = 0
    """How many of the columns carry printed words."""

    @property
    def page_key(self) -> str:
        return self.node.key.partition(".")[0]


def input_id(name: str) -> str:
    return "f-" + name.replace(".", "-").replace(":", "-")


def field_view(field: Field, filling: Filling, seen_by: SeenBy) -> FieldView | TableView:
    """`seen_by`: who sees the page or activity that the field stands on."""
    if field.kind == "table":
        return _table(field, filling, seen_by)
    audience = "me" if field.seen_by == "me" else seen_by
    value = None if filling.blank else filling.values.get(field.key)
    free_text = field.kind in TEXTS
    return FieldView(
        control=_control(field),
        name=field.key,
        id=input_id(field.key),
        node=field,
        label=field.label_text,
        text=as_text(value),
        options=_options(field, value),
        problem=filling.problems.get(field.key, ""),
        seen=SEEN[audience] if free_text and not filling.blank else "",
        privacy=filling.privacy_line if field.kind == "long" else NOTHING,
        earlier=spoken(field, filling.earlier.get(field.key)),
        total=filling.totals.get(field.key) if field.kind == "total" else None,
        carried=_carried(field, filling),
        show_model=bool(field.model) and value is not None,
        show_example=not filling.blank,
        href=field.hands_in or "",
        blank=filling.blank,
    )


def _carried(field: Field, filling: Filling) -> Carried | None:
    """Of a `show` what is brought over, of a `hand in` the worksheet."""
    if field.kind == "show":
        return filling.carried.get(field.carries or "")
    return filling.carried.get(field.key) if field.kind == "hand in" else None


def _control(field: Field) -> str:
    match field.kind:
        case "choose one" | "scale" | "yes or no":
            return "radios"
        case "choose many" | "checklist":
            return "checks"
        case "hand in":
            return "hand_in"
        case kind:
            return kind


def _options(field: Field, value: Json) -> tuple[Option, ...]:
    if field.kind == "yes or no":
        return (Option(1, "Yes", value is True), Option(0, "No", value is False))
    chosen = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(Option(place, text, place in chosen) for place, text in enumerate(field.options))


def _table(table: Field, filling: Filling, seen_by: SeenBy) -> TableView:
    audience = "me" if table.seen_by == "me" else seen_by
    value = None if filling.blank else filling.values.get(table.key)
    free_text = any(c.field is not None and c.field.kind in TEXTS for c in table.columns)
    return TableView(
        control="table",
        name=table.key,
        id=input_id(table.key),
        node=table,
        label=table.label_text,
        heads=tuple(column.html for column in table.columns),
        rows=tuple(_rows(table, value, filling)),
        problem=filling.problems.get(table.key, ""),
        seen=SEEN[audience] if free_text and not filling.blank else "",
        privacy=filling.privacy_line if free_text else NOTHING,
        more=table.add_rows and not filling.blank,
        show_example=not filling.blank,
        blank=filling.blank,
        printed=sum(column.field is None for column in table.columns),
    )


def _rows(table: Field, value: Json, filling: Filling) -> list[TableRow]:
    if table.rows:
        values = dict(rows_of(table, value))
        earlier = dict(rows_of(table, filling.earlier.get(table.key)))
        return [
            _row(table, row.number, row.cells, values[row.number], earlier[row.number], filling)
            for row in table.rows
        ]
    given = rows_of(table, value)
    wanted = max(len(given), table.start_rows or OPEN_ROWS, filling.rows.get(table.key, 0))
    if table.up_to_rows is not None:
        wanted = max(min(wanted, table.up_to_rows), len(given))
    cells_of = dict(given)
    return [_row(table, number, (), cells_of.get(number, {}), {}, filling) for number in range(1, wanted + 1)]


def _row(
    table: Field,
    number: int,
    printed: tuple[SafeHtml, ...],
    values: dict[str, Json],
    earlier: dict[str, Json],
    filling: Filling,
) -> TableRow:
    words = list(printed)
    name, name_place = _row_name(number, printed)
    cells = []
    for column in table.columns:
        if column.field is None:
            place = len(printed) - len(words)
            cells.append(Cell(words.pop(0) if words else NOTHING, None, _plain(column), place == name_place))
        else:
            view = _cell(column.field, number, name, values, earlier, filling)
            cells.append(Cell(NOTHING, view, _plain(column)))
    return TableRow(number, name, tuple(cells), filling.problems.get(f"{table.key}:{number}", ""))


def _row_name(number: int, printed: tuple[SafeHtml, ...]) -> tuple[str, int]:
    """What a row is called in the labels of its inputs: its last printed words (and their place among
    the printed cells), or its number (and -1)."""
    for place in range(len(printed) - 1, -1, -1):
        if printed[place]:
            return plain(printed[place]), place
    return f"row {number}", -1


def _plain(column: Column) -> str:
    return column.field.label_text if column.field is not None else plain(column.html)


def _cell(
    field: Field, row: int, row_name: str, values: dict[str, Json], earlier: dict[str, Json], filling: Filling
) -> FieldView:
    name = f"{field.key}:{row}"
    value = values.get(field.key)
    control = _control(field)
    if control == "radios" and len(field.options) > WIDEST_SWITCH:
        control = "select"
    return FieldView(
        control=control,
        name=name,
        id=input_id(name),
        node=field,
        label=f"{field.label_text}, {row_name}",
        text=as_text(value),
        options=_options(field, value),
        problem=filling.problems.get(name, ""),
        earlier=spoken(field, earlier.get(field.key)),
        blank=filling.blank,
        compact=True,
    )
