"""A negotiated text as a terminal shows it: its parts with their names and digests, its moments, what changed."""

from __future__ import annotations

from typing import Any

from parley.cli.output import print_table, safe


def show_text(whole: dict[str, Any]) -> None:
    """Print a text: what each part is called to be acted on, how it reads, and what waits in it."""
    print(safe(f"{whole['row']['title']} · {whole['row']['subject']} · {whole['digest']}"))
    for one in whole["signatures"]:
        mark = "" if one["stands"] and one["current"] else " (of earlier words)" if one["stands"] else " (taken back)"
        print(safe(f"{one['grade']}: {one['person_name']}, {one['office']}, {one['powers']}, {one['at']}{mark}"))
    for one in whole["fallbacks"]:
        print(safe(f"fallback {one['digest']} of {one['at']}: {'agreed' if one['agreed'] else 'proposed'}"))
    for unit in whole["units"]:
        _show_unit(unit)


def _show_unit(unit: dict[str, Any]) -> None:
    indent = "  " * unit["depth"]
    digest = f" · {unit['digest']}" if unit["digest"] else ""
    print(safe(f"{indent}{unit['number'] or '-'} ({unit['level']}, {unit['status']}) {unit['name']}{digest}"))
    for column in unit["columns"]:
        print(safe(f"{indent}  {column['tag']}: {_written(column['content'])}"))
    for one in unit["alternatives"][1:]:
        wants = f", to be given in {', '.join(one['missing'])}" if one["missing"] else ""
        why = f": {one['reason']}" if one["reason"] else ""
        print(safe(f"{indent}  {one['number']}. {one['person_name']}, {one['state']}{wants}{why}"))
    for one in unit["agreements"]:
        if one["stands"] and one["current"]:
            print(safe(f"{indent}  {one['grade']} by {one['person_name']}"))
    for one in (*unit["comments"], *unit["notes"]):
        print(safe(f"{indent}  {one['person_name']}: {one['text']}"))


def _written(content: list[Any]) -> str:
    said = ""
    for piece in content:
        if isinstance(piece, str):
            said += piece
            continue
        options = (
            ("" if one["base"] else f"{one['side']}: ") + (_written(one["content"]) or "…") for one in piece["options"]
        )
        said += f"[{' / '.join(options)}]"
    return said


def show_moments(rows: list[dict[str, Any]]) -> None:
    """Print the moments that can be compared."""
    print_table(
        ("moment", "at", "what", "who"),
        ((f"{r['ref']['log']} {r['ref']['number']}", r["at"], r["kind"], r["person_name"]) for r in rows),
    )


def show_changes(rows: list[dict[str, Any]]) -> None:
    """Print what changed: words that went in [- -], words that came in [+ +]."""
    marks = {"=": ("", ""), "-": ("[-", "-]"), "+": ("[+", "+]")}
    for one in rows:
        moved = ", moved" if one["moved"] else ""
        print(safe(f"{one['number'] or '-'} ({one['level']}): {one['before'] or '-'} -> {one['after'] or '-'}{moved}"))
        for tag, pieces in one["columns"]:
            words = "".join(f"{marks[kind][0]}{said}{marks[kind][1]}" for kind, said in pieces)
            print(safe(f"  {tag}: {words}"))
