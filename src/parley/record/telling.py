"""The words of a report: what is proven, since when by whose clock, and what is not.

Owns: the sentences. They say no more than the signatures do (docs/protocol/evidence.md, "What a signature states").
"""

from __future__ import annotations

from parley import limits
from parley.identity import line_words, words
from parley.record.binding import holds, is_signed
from parley.record.check_bundle import ProvenEntry
from parley.record.check_record import RecordFindings
from parley.record.entry import Entry, body_text, one_line
from parley.record.forks import ForkFindings
from parley.record.form import Founding
from parley.record.names import Ref
from parley.record.notes import CO_ED, CO_PQ, OWN_ED, OWN_PQ
from parley.record.vouching import is_vouched
from parley.times import Moment, moment_text

DEEDS = {
    "message.sent": "sent",
    "message.shown": "showed at a desk",
    "message.acknowledged": "acknowledged",
    "message.corrected": "corrected",
    "message.cancelled": "cancelled",
    "message.read-back": "read back",
    "message.confirmed": "confirmed the read-back of",
    "message.not-confirmed": "did not confirm the read-back of",
    "incident.reported": "reported",
    "incident.account": "gave an account of",
    "incident.no-knowledge": "said that its side knows nothing of",
    "incident.evidence": "put files forward about",
    "incident.asked": "asked about",
    "incident.answered": "answered a question about",
    "incident.meeting-asked": "asked for a meeting about",
    "incident.meeting-answered": "answered about a meeting on",
    "incident.stated": "put a sentence about",
    "incident.unstated": "took back a sentence about",
    "incident.stood": "took a stand on a sentence about",
    "incident.frozen": "froze a list of facts about",
    "incident.signed": "signed a list of facts about",
    "incident.join-proposed": "proposed to join another report to",
    "incident.joined": "agreed to join another report to",
    "incident.close-proposed": "proposed to close",
    "incident.closed": "agreed to close",
    "incident.closed-alone": "closed for its own side",
    "incident.reopened": "opened again",
    "incident.held": "holds a file of",
}


def founding_lines(found: Founding) -> list[str]:
    """Say whose line it is, and what the reader must compare: everything else rests on it."""
    a, b = found.parties[:2]
    lines = [
        f"Line {found.line}, between {a.name} ({a.side}, {a.domain}) and {b.name} ({b.side}, {b.domain}).",
        f"Its words: {' '.join(line_words(found.line))}.",
    ]
    for card in found.cards[:2]:
        lines.append(f"Card of {card.party.side}: {' '.join(words(card.digest))}.")
    for card in found.cards[2:]:
        lines.append(f"Later card of {card.party.side}, made {card.party.made}: {' '.join(words(card.digest))}.")
        if card.party.identity != found.named(card.party.side).identity:
            lines.append(
                f"  It has another identity than {card.party.side}'s first card: no signature ties the two together."
            )
    lines.append("Compare these words with those you know from the two sides; all below rests on these cards.")
    return lines


def status_lines(statuses: set[str]) -> list[str]:
    """Mark what is not actual, first of all."""
    marks = {"test": "TEST — NOT ACTUAL", "exercise": "EXERCISE — NOT ACTUAL"}
    return [f"*** {marks[status]} ***" for status in ("test", "exercise") if status in statuses]


def bundle_lines(found: Founding, entries: list[ProvenEntry]) -> list[str]:
    """Say what a bundle proves, in the order in which people ask."""
    main = entries[0]
    listings: dict[tuple[str, str], list[ProvenEntry]] = {}
    for one in _roster(entries):
        listings.setdefault((one.entry.side, body_text(one.entry, "person")), []).append(one)
    roster = {each.id: _listed(each, listings) for each in entries if each.entry.person}
    told = status_lines({each.entry.status for each in entries})
    told += founding_lines(found)
    told.append("Proven:")
    told += _entry_lines(found, main, roster.get(main.id), about=None)
    for each in entries[1:]:
        if each.entry.kind != "roster.listed":
            told += _entry_lines(found, each, roster.get(each.id), about=main)
    used = {(one.side, body_text(one, "person"), one.epoch, one.number): one for one in roster.values() if one}
    for (side, person, _, _), listed in sorted(used.items()):
        told.append(
            f"  {found.named(side).name}'s roster lists {person} as {_title(listed)}; "
            f"entry {listed.number} of {listed.log}."
        )
        if listed.body.get("passkeys") is not None:
            told.append(f"    {_authority(found, entries, listed)}")
    told.append("Not proven:")
    told.append(
        "  That any person read or meant it: each side's node states what its people did, and vouches for that."
    )
    if any(each.listing for each in entries):
        told.append(
            "  Whose hand held a listed key: each side vouches for the keys on its roster. Nor that no later roster "
            "entry had replaced it: the nodes judge that, with the whole record."
        )
    told.append("  That either clock was right: each time is by the clock of the node named with it.")
    told.append(
        "  That this is all that was said about it, or that it was not corrected or cancelled: only a whole record "
        "shows that."
    )
    told.append(
        "  That no key in it had been replaced by then: only a whole record shows that. Nor that none was stolen."
    )
    message = main.entry.kind.startswith("message.")
    if message and not any(each.entry.kind == "message.acknowledged" for each in entries):
        told.append("  That anybody acknowledged it: this file holds no acknowledgement.")
    told += _suite_lines(found, entries)
    return told


def _listed(each: ProvenEntry, listings: dict[tuple[str, str], list[ProvenEntry]]) -> Entry | None:
    """Give how its side listed the person of an entry when it was written: a later office was not theirs then."""
    before = [
        one.entry for one in listings.get((each.entry.side, each.entry.person), ())
        if holds(each.entry.past, each.log, each.entry.number, Ref(one.log, one.entry.number, one.id))
    ]  # fmt: skip
    return max(before, key=lambda one: (one.epoch, one.number), default=None)


def _roster(entries: list[ProvenEntry]) -> list[ProvenEntry]:
    return [each for each in entries if (each.entry.kind, each.entry.channel) == ("roster.listed", "line")]


def _authority(found: Founding, entries: list[ProvenEntry], listed: Entry) -> str:
    """Say by what the keys in a listing came there, as far as this file goes."""
    name, about, keys = found.named(listed.side).name, listed.subject, listed.body["passkeys"]
    same = [
        one.entry for one in _roster(entries)
        if (one.entry.subject, one.entry.body.get("passkeys")) == (about, keys) and one.entry.at <= listed.at
    ]  # fmt: skip
    first = min(same, key=lambda one: (one.epoch, one.number))
    place = f"entry {first.number} of {first.log}"
    if is_vouched(first):
        return f"Their keys were listed by {name}'s identity key, not by another person who binds; {place}."
    if is_signed(first):
        return f"Their keys were listed by {first.person}, signed with the key that {name} lists for them; {place}."
    return f"Their keys were listed by the word of {name}'s node, with no person's signature; {place}."


def not_held_line(found: Founding, main: ProvenEntry) -> str:
    """Say what is missing when the other side never cosigned."""
    other = found.other(main.entry.side)
    return (
        f"{other.name}'s node has not signed that it holds entry {main.entry.number} of {main.log}: "
        f"{found.named(main.entry.side).name}'s node alone states it"
    )


def record_lines(result: RecordFindings) -> list[str]:
    """Say what a whole record proves, log by log."""
    found = result.founding
    told = status_lines(set(result.statuses)) + founding_lines(found)
    told.append(
        f"Proven: {result.entries} entries in {len(result.logs)} logs, written from {result.first_at or 'never'} "
        f"to {result.last_at or 'never'} by their authors' clocks, each under its author's signature."
    )
    counts = ", ".join(f"{count} {status}" for status, count in sorted(result.statuses.items()))
    told.append(f"  By status: {counts or 'none'}.")
    signed = result.signatures
    told.append(
        f"  Verified: {signed[OWN_ED]} checkpoints and {signed[CO_ED]} cosignatures with Ed25519, "
        f"{signed[OWN_PQ]} and {signed[CO_PQ]} with ML-DSA-44."
    )
    for log, summary in result.logs.items():
        other = found.other(log.side).name
        line = f"  {log}: {summary.count} entries by {found.named(log.side).name}"
        if summary.co_ed:
            line += (
                f"; {other}'s node held {summary.co_ed} of them on its disk, the last since "
                f"the second {_clock(summary.co_last_s)} at the latest (its clock)"
            )
        told.append(line + ".")
    if result.signed:
        told.append(f"  {result.signed} entries are signed with the key that their side lists for the person.")
    told += [f"  {one}." for one in result.vouched]
    if result.oddities:
        told.append("Noticed:")
        told += [f"  {oddity}." for oddity in result.oddities[: limits.ODDITIES_SHOWN]]
        if len(result.oddities) > limits.ODDITIES_SHOWN:
            told.append("  … and more of the kind.")
    told.append("Not proven:")
    for log, summary in result.logs.items():
        if summary.co_ed < summary.count:
            told.append(
                f"  That {found.other(log.side).name} holds entries {summary.co_ed} to {summary.count - 1} of {log}."
            )
        if min(summary.own_pq, summary.co_pq) < summary.count:
            told.append(
                f"  {log} from entry {min(summary.own_pq, summary.co_pq)} on against a quantum computer: "
                "classical signature only."
            )
    told.append("  That nothing came after: a record can end at any checkpoint, unless a later entry names more.")
    told.append("  That either clock was right, or that any person read or meant what their node states.")
    return told


def fork_lines(found: Founding, fork: ForkFindings) -> list[str]:
    """Say what a fork proves, and against whom."""
    name = found.named(fork.side).name
    return [
        *founding_lines(found),
        f"Proven: {name} ({fork.side}) signed two histories of {fork.log} that cannot both be true.",
        f"  One head has {fork.size} entries, the other {fork.other_size}, and "
        + (
            "the first is not the beginning of the second."
            if fork.number is None
            else f"they hold two different entries {fork.number}."
        )
        + " Both bear the signature of its log key.",
        "Not proven:",
        "  Why: a restored or copied node can do this without intent, and a stolen key looks the same.",
    ]


def _entry_lines(found: Founding, each: ProvenEntry, listed: Entry | None, *, about: ProvenEntry | None) -> list[str]:
    entry = each.entry
    author, other = found.named(entry.side), found.other(entry.side)
    deed = DEEDS.get(entry.kind, f"stated '{entry.kind}' about")
    heading = " ".join(part for part in (entry.precedence, _marked(entry)) if part)
    told = [
        f"  {author.name}'s node states that {_who(entry, listed)} {deed} {entry.subject} "
        f"in channel {entry.channel} at {entry.at} ({author.name}'s clock){f', {heading}' if heading else ''}."
    ]
    title = body_text(entry, "title")
    text = body_text(entry, "text") or body_text(entry, "what") or body_text(entry, "note")
    if title:
        told.append(f"    Title: {one_line(title)}")
    if text:
        shown = text[: limits.SHOWN_TEXT_CHARS]
        told += [f"    | {row}" for row in shown.split("\n")]
        if len(text) > len(shown):
            told.append(f"    | … and {len(text) - len(shown)} characters more")
    told += _incident_lines(entry)
    if each.listing is not None:
        told.append(
            f"    Signed with the key that {author.name} lists for {_title(each.listing)}, "
            f"entry {each.listing.number} of {each.listing.log}, over exactly this entry's words."
        )
    elif entry.kind == "incident.signed":
        told.append(
            f"    Signed with no key of a person: it binds nobody by passkey. {author.name}'s node alone states it."
        )
    size = each.said[OWN_ED][0]
    told.append(f"    Entry {entry.number} of {entry.log}, id {each.id}, under {author.name}'s checkpoint of {size}.")
    if each.held_since_s is not None:
        told.append(
            f"    {other.name}'s node signed that it holds exactly these bytes on its disk, since the "
            f"second {_clock(each.held_since_s)} at the latest ({other.name}'s clock)."
        )
    if each.receipt_s is not None:
        told.append(
            f"    {other.name}'s node signed a receipt that it holds exactly these bytes on its disk, since the "
            f"second {_clock(each.receipt_s)} at the latest ({other.name}'s clock). It came ahead: its node has "
            f"not signed that it holds the entries before it."
        )
    if about is not None:
        named = any((ref.log, ref.number, ref.id) == (about.log, about.entry.number, about.id) for ref in entry.refs)
        seen = any(past.log == about.log and past.size > about.entry.number for past in entry.past)
        if named:
            told.append(f"    It names entry {about.entry.number} of {about.log} by its id.")
        elif seen:
            told.append(f"    It was written after its node held entry {about.entry.number} of {about.log}.")
    return told


def _incident_lines(entry: Entry) -> list[str]:
    """Say on which sentence which stand was taken, and which sentences a list has."""
    told = []
    if entry.kind == "incident.stood" and entry.refs:
        about = entry.refs[0]
        told.append(f"    Stand on entry {about.number} of {about.log}: {one_line(body_text(entry, 'stand'))}.")
    facts = entry.body.get("facts") if entry.kind in ("incident.frozen", "incident.signed") else None
    for one in facts if isinstance(facts, list) else []:
        if isinstance(one, dict):
            told.append(f"    | {one_line(str(one.get('number', '')))}: {one_line(str(one.get('text', '')))}")
    return told


def _marked(entry: Entry) -> str:
    return "" if entry.status == "actual" else f"{entry.status.upper()} — NOT ACTUAL"


def _who(entry: Entry, listed: Entry | None) -> str:
    if not entry.person:
        return "the node itself"
    if listed is None:
        return f"{entry.person} (no roster entry from before it in this file)"
    return _title(listed) or entry.person


def _title(listed: Entry) -> str:
    """Give name and office as the roster lists them, on one line."""
    name, office = one_line(body_text(listed, "name")), one_line(body_text(listed, "office"))
    return f"{name} ({office})" if office else name


def _suite_lines(found: Founding, entries: list[ProvenEntry]) -> list[str]:
    names = {OWN_PQ: "the author's checkpoint", CO_ED: "the other side's cosignature", CO_PQ: "its ML-DSA cosignature"}
    told = []
    for each in entries:
        missing = [name for kind, name in names.items() if kind not in each.said]
        if missing and each.entry.kind in DEEDS:
            told.append(
                f"  Entry {each.entry.number} of {each.log} against a quantum computer: classical signature only "
                f"(not in this file: {', '.join(missing)})."
            )
    if not told:
        told.append("  (Both suites, Ed25519 and ML-DSA-44, of both sides cover every deed above.)")
    return told


def _clock(at_s: int) -> str:
    """Give the second in which it was signed: a signature states no finer time, and may be up to that second's end."""
    return moment_text(Moment(at_s * 1000)).removesuffix(".000Z") + "Z"
