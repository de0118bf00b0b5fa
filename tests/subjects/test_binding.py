"""Acts that bind: who must sign, what holds, and that both nodes say so whatever came first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.authenticator import Authenticator
from tests.signing import changed, passkeys, sign
from tests.subjects.pair import Node, meet, pair, refusal, tell, words

from parley.record import Entry, LogId, Ref
from parley.subjects.kinds import Fact
from parley.subjects.messages import facts as messages
from parley.subjects.standing import facts as standing

DESK = "https://desk.north.example"
OTHER_DESK = "https://desk.south.example"


def listing(node: Node, person: str, *keys: Authenticator) -> Fact:
    return standing.list_person(
        node.us, person, name=person.title(), role="duty-officer", binds=True,
        passkeys=passkeys(*keys) if keys else None,
    )  # fmt: skip


class Pair:
    """Two nodes; bob and ann of North bind with a key each, bob's was listed first; South binds by nobody yet."""

    def __init__(self) -> None:
        self.north, self.south = pair()
        self.bob, self.ann, self.stranger = (Authenticator(DESK, name) for name in ("bob", "ann", "stranger"))
        self.bob_at = self.north.say(listing(self.north, "bob", self.bob), "bob")
        change = self.north.draft(listing(self.north, "ann", self.ann), "bob")
        self.ann_at = self.north.put(sign(change, self.bob, self.bob_at))
        meet(self.north, self.south)

    def flash(self, person: str = "bob", **fields: object) -> Entry:
        fact = words(self.north, person=person, released_by=[person], drafted_by="ann", **fields)
        return self.north.draft(fact, person, precedence="FLASH")


def verdicts(both: Pair, ref: Ref) -> tuple[str, str]:
    """Give what both nodes, and both after a restart, say of an entry of North's; they must say the same."""
    meet(both.north, both.south)
    said = {both.north.verdict(ref), both.south.verdict(ref)}
    assert len(said) == 1
    return said.pop()


def test_a_side_that_lists_no_passkey_acts_as_before_and_one_that_does_signs_each_flash() -> None:
    """The fresh demo, or a side that has not enrolled, must be able to speak; the other must not be undercut."""
    both = Pair()
    assert verdicts(both, both.ann_at) == ("valid", "")
    unsigned = both.flash()
    assert refusal(both.north, words(both.north, person="bob", released_by=["bob"], drafted_by="ann"), "bob",
                   precedence="FLASH") == "binding.missing"  # fmt: skip
    assert verdicts(both, both.north.put(unsigned)) == ("not-valid", "binding.missing")
    signed = sign(both.flash(), both.bob, both.bob_at)
    assert verdicts(both, both.north.put(signed)) == ("valid", "")
    from_south = both.south.draft(words(both.south, person="lin", drafted_by="mei"), "lin", precedence="FLASH")
    assert both.south.verdict(both.south.put(from_south)) == ("valid", "")
    assert tell(both.north)  # a ROUTINE message needs no key


BAD: dict[str, tuple[str, Callable[[Pair, Entry], Entry]]] = {
    "another person's key": ("passkeys.signature", lambda b, e: sign(e, b.ann, b.bob_at)),
    "a stranger's key": ("passkeys.signature", lambda b, e: sign(e, b.stranger, b.bob_at)),
    "another person's listing": ("binding.listing", lambda b, e: sign(e, b.ann, b.ann_at)),
    "another act: other words": (
        "passkeys.client",
        lambda b, e: sign(e, b.bob, b.bob_at, over=replace(e, body={**e.body, "text": "We agree."})),
    ),
    "another act: other channel": (
        "passkeys.client",
        lambda b, e: sign(e, b.bob, b.bob_at, over=replace(e, channel="military")),
    ),
    "another act: other person": (
        "passkeys.client",
        lambda b, e: sign(e, b.bob, b.bob_at, over=replace(e, person="ann")),
    ),
    "another act: an exercise": (
        "passkeys.client",
        lambda b, e: sign(e, b.bob, b.bob_at, over=replace(e, status="exercise")),
    ),
    "another origin": ("passkeys.client", lambda b, e: sign(e, b.bob, b.bob_at, origin="https://evil.example")),
    "another relying party": ("passkeys.relying-party", lambda b, e: sign(e, b.bob, b.bob_at, rp="evil.example")),
    "no user verification": ("passkeys.unverified", lambda b, e: sign(e, b.bob, b.bob_at, flags=0x01)),
    "inside another site": (
        "passkeys.client",
        lambda b, e: sign(e, b.bob, b.bob_at, end=',"crossOrigin":true}'),
    ),
    "client data that is no JSON": ("passkeys.client", lambda b, e: sign(e, b.bob, b.bob_at, end=",oops")),
    "extensions that are no CBOR": (
        "passkeys.form",
        lambda b, e: changed(sign(e, b.bob, b.bob_at), "authenticator", _with_extensions(sign(e, b.bob, b.bob_at))),
    ),
    "a key that is not listed": ("binding.key", lambda b, e: sign(e, b.bob, b.bob_at, place=1)),
    "an assertion cut short": (
        "passkeys.signature",
        lambda b, e: changed(sign(e, b.bob, b.bob_at), "signature", "AAAA"),
    ),
    "a nonce of another length": ("codec.field", lambda b, e: changed(sign(e, b.bob, b.bob_at), "nonce", "ab")),
    "an unknown member": ("codec.field", lambda b, e: changed(sign(e, b.bob, b.bob_at), "more", 1)),
}


def _with_extensions(entry: Entry) -> str:
    from base64 import b64decode, b64encode

    assertion = entry.body["assertion"]
    assert isinstance(assertion, dict)
    head = bytearray(b64decode(str(assertion["authenticator"])))
    head[32] |= 0x80
    return b64encode(bytes(head) + b"\xff\xff").decode()


@pytest.mark.parametrize(("code", "spoil"), BAD.values(), ids=BAD.keys())
def test_a_bad_signature_makes_the_entry_not_valid_at_both_nodes(
    code: str, spoil: Callable[[Pair, Entry], Entry]
) -> None:
    """A node that took one would let a stolen node, or the other side's, speak for a person."""
    both = Pair()
    assert verdicts(both, both.north.put(spoil(both, both.flash()))) == ("not-valid", code)


def test_a_nonce_counts_once_also_after_a_restart() -> None:
    """A replayed assertion would release the same words again, at an hour of somebody else's choice."""
    both = Pair()
    first = sign(both.flash(), both.bob, both.bob_at, nonce="ab" * 16)
    assert verdicts(both, both.north.put(first)) == ("valid", "")
    again = both.flash()
    again = replace(again, body={**first.body})
    assert both.north.afresh().nonces.counted(_act(again), "ab" * 16)
    assert verdicts(both, both.north.put(again)) == ("not-valid", "binding.again")


def _act(entry: Entry) -> object:
    from parley.subjects.acts import Act, Cut

    return Act(entry, "", entry.log, 0, Cut({one.log: one.size for one in entry.past}, entry.log, entry.number))


def test_a_signed_acknowledgement_is_over_the_words_that_were_in_force() -> None:
    """Signed, it must say which words: a correction that arrived unseen is not acknowledged with the first text."""
    both = Pair()
    sent = both.south.put(
        both.south.draft(words(both.south, person="lin", drafted_by="mei"), "lin", precedence="FLASH")
    )
    subject = f"message/south/0/{sent.number}"
    meet(both.north, both.south)
    plain = messages.acknowledge("leaders", subject, "Understood.", (sent,))
    assert refusal(both.north, plain, "bob") == "binding.missing"
    nameless = both.north.draft(messages.acknowledge("leaders", subject), "bob")
    assert verdicts(both, both.north.put(sign(nameless, both.bob, both.bob_at))) == ("not-valid", "binding.words")
    good = sign(both.north.draft(plain, "bob"), both.bob, both.bob_at)
    assert verdicts(both, both.north.put(good)) == ("valid", "")

    less = both.south.put(both.south.draft(words(both.south, person="lin"), "lin", precedence="IMMEDIATE"))
    subject = f"message/south/0/{less.number}"
    fixed = both.south.say(
        messages.correct("leaders", subject, text="Pump 4 is stopped.", language="en", reason="a wrong figure"), "lin"
    )
    meet(both.north, both.south)
    first = messages.acknowledge("leaders", subject, "Understood.", (less,))
    stale = sign(both.north.draft(first, "ann"), both.ann, both.ann_at)
    assert verdicts(both, both.north.put(stale)) == ("not-valid", "binding.words")
    both_words = both.north.draft(messages.acknowledge("leaders", subject, "", (less, fixed)), "ann")
    assert verdicts(both, both.north.put(sign(both_words, both.ann, both.ann_at))) == ("valid", "")


def test_who_may_bind_is_changed_by_another_who_binds_and_by_nobody_else() -> None:
    """Whoever holds the node for an hour must not be able to list a key of their own."""
    both = Pair()
    node, thief = both.north, Authenticator(DESK, "thief")
    theft = listing(node, "ann", thief)
    for person in ("", "ann", "admin"):  # the node alone, herself, somebody without a key
        assert refusal(node, theft, person) == "binding.other"
    assert refusal(node, theft, "bob") == "binding.missing"
    assert refusal(node, listing(node, "cara", thief), "cara") == "binding.other"
    assert refusal(node, listing(node, "bob"), "bob") == "binding.other"  # taken away counts as well
    assert refusal(node, standing.remove_person("north", "ann"), "admin") == "binding.other"
    forged = sign(node.draft(theft, "bob"), thief, both.bob_at)
    assert verdicts(both, node.put(forged)) == ("not-valid", "passkeys.signature")

    same = listing(node, "ann", both.ann)
    assert node.say(same, "admin")  # a new office, the same keys: no passkey is asked for
    meet(both.north, both.south)
    gone = sign(node.draft(standing.remove_person("north", "ann"), "bob"), both.bob, both.bob_at)
    assert verdicts(both, node.put(gone)) == ("valid", "")
    assert node.say(listing(node, "bob"), "")  # the last one: nobody is left to ask
    assert tell(node, person="bob")


def test_what_a_revocation_crossed_stays_and_what_follows_it_is_refused() -> None:
    """Final stays final: an act holds by its own past, and a key taken away later does not undo it."""
    both = Pair()
    node, log = both.north, LogId("leaders", "north", 0)
    before = node.past(*[one.log for one in node.draft(words(node)).past])
    gone = node.put(sign(node.draft(standing.remove_person("north", "bob"), "ann"), both.ann, both.ann_at))
    assert verdicts(both, gone) == ("valid", "")
    crossed = sign(replace(both.flash(), past=before), both.bob, both.bob_at)
    ref = node.put(crossed)
    assert ref.log == log and verdicts(both, ref) == ("valid", "")
    late = sign(both.flash(), both.bob, both.bob_at, nonce="aa" * 16)
    assert verdicts(both, node.put(late)) == ("not-valid", "subjects.listed")


def test_an_old_listing_is_not_signed_with_once_a_newer_one_is_in_force() -> None:
    """A key taken off the roster must not sign on by naming the entry that once listed it."""
    both = Pair()
    node, fresh = both.north, Authenticator(DESK, "bob's new key")
    newer = node.put(sign(node.draft(listing(node, "bob", fresh), "ann"), both.ann, both.ann_at))
    meet(both.north, both.south)
    old = sign(both.flash(), both.bob, both.bob_at)
    assert verdicts(both, node.put(old)) == ("not-valid", "binding.listing")
    assert verdicts(both, node.put(sign(both.flash(), fresh, newer))) == ("valid", "")


def test_passkeys_in_a_roster_entry_are_read_strictly() -> None:
    """Two nodes that read a key differently would judge every act of its person differently."""
    north, _ = pair()
    key = Authenticator(DESK)
    good = passkeys(key).value()
    curve = Authenticator(DESK, kind="p384")
    for name, value in (
        ("relying_party", "DESK.north.example"), ("relying_party", ""), ("origins", []), ("origins", [OTHER_DESK]),
        ("origins", [DESK, DESK]), ("origins", [DESK + "/path"]), ("keys", []), ("keys", ["AAAA"]),
        ("keys", [*good["keys"], *good["keys"]]), ("keys", list(passkeys(curve).value()["keys"])), ("more", 1),
    ):  # fmt: skip
        fact = listing(north, "bob", key)
        fact.body["passkeys"] = {**good, name: value}
        assert refusal(north, fact, "") in ("codec.field", "codec.base64", "passkeys.key"), (name, value)
    silent = listing(north, "bob", key)
    silent.body["binds"] = False
    assert refusal(north, silent, "") == "roster.binds"


def test_who_may_release_alone_is_signed_by_a_side_that_binds_or_the_entry_does_not_hold() -> None:
    """A stolen node must not free one person from the second; both sides read by whose key one was enough."""
    both = Pair()
    policy = standing.lay_down_release("north", persons=["ann"], after_s=60, laid_down_by=["ann", "bob"])
    other = standing.lay_down_release("north", persons=["ann", "bob"], after_s=1, laid_down_by=["ann", "bob"])
    assert verdicts(both, both.north.put(both.north.draft(policy, "bob"))) == ("not-valid", "binding.missing")
    over = both.north.draft(other, "bob")
    swapped = sign(both.north.draft(policy, "bob"), both.bob, both.bob_at, over=over)
    assert verdicts(both, both.north.put(swapped)) == ("not-valid", "passkeys.client")
    signed = sign(both.north.draft(policy, "bob"), both.bob, both.bob_at)
    assert verdicts(both, both.north.put(signed)) == ("valid", "")
    assert both.south.book.line_view().releases["north"].persons == ("ann",)
    south = standing.lay_down_release("south", persons=["lin"], after_s=60, laid_down_by=["lin", "mei"])
    both.south.say(south, "mei")  # South lists nobody's passkey
