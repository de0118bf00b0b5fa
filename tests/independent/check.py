#!/usr/bin/env python3
"""A second judge of Parley evidence, written from docs/protocol/ alone; it shares no line with the product.

    python check.py FILE [DIGEST …]     exit 0 proven, 1 not proven, 2 unreadable
                                        digests (hex) of later cards with an identity of their own, compared by people

It keeps a whole record in memory, and does not know the Unicode table of codec.md: an entry that is unreadable for its
text alone is read here. Kept short and plain, to be read whole in one sitting: forms.py has bytes and names, signed.py
the persons' signatures, this file all else.
"""

# fmt: off
# ruff: noqa: B035, E401, E701, I001, RUF005, RUF007, SIM905
import hashlib, struct, sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from forms import NAMES, PRIME, SMALL_ORDER, NotProven, b64, canonical, hexes, log_name, milliseconds, need, sha
from forms import whole, word
from signed import lists, person_signed

CARD = set("cosign domain format identity languages log made name nonce seal side suite tls".split())
ENTRY = set("at body channel epoch kind line number past person precedence refs rules side status subject".split())


def read_entry(leaf):
    """entries.md; raises NotProven for an unreadable one."""
    e = canonical(leaf, 65536)
    need(type(e) is dict and e.keys() == ENTRY, "not the fifteen members")
    kind, subject = (e[x].split(y) if type(e[x]) is str else [] for x, y in (("kind", "."), ("subject", "/")))
    need(hexes(e["line"], 32) and whole(e["number"]) and whole(e["epoch"]) and whole(e["rules"], 1), "line or numbers")
    e["log"], e["ms"] = f"{e['channel']}/{e['side']}/{e['epoch']}", milliseconds(e["at"])
    need(type(e["channel"]) is type(e["side"]) is str and log_name(e["log"]), "the log's name")
    need(e["status"] in ("actual", "exercise", "test"), "status")
    need(e["person"] == "" or word(e["person"], 48, ".-"), "person")
    need(e["precedence"] in ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE", ""), "precedence")
    need(2 <= len(kind) <= 4 and all(word(part, 32) for part in kind), "kind")
    need(2 <= len(subject) <= 5 and word(subject[0], 48, ".-")
         and all(word(part, 48, ".-", NAMES + ".-") for part in subject), "subject")
    need(type(e["body"]) is type(e["past"]) is dict and type(e["refs"]) is list
         and len(e["past"]) <= 64 and len(e["refs"]) <= 64, "body, past or refs")
    need(all(type(cut) is list and len(cut) == 2 and log_name(log) and whole(cut[0], 1) and hexes(cut[1], 64)
             for log, cut in e["past"].items()), "past")
    need(all(type(ref) is list and len(ref) == 3 and log_name(ref[0]) and whole(ref[1]) and hexes(ref[2], 64)
             for ref in e["refs"]), "refs")
    return e
def verified(key, message, signature):
    kind = Ed25519PublicKey if len(key) == 32 else MLDSA44PublicKey
    try: return kind.from_public_bytes(key).verify(signature, message) is None
    except (InvalidSignature, ValueError): return False
def read_card(data):
    """cards.md."""
    top = canonical(data, 32768)
    need(type(top) is dict and top.keys() == {"card", "signatures"}, "not a card")
    c, s = top.values()
    need(type(c) is dict and c.keys() == CARD and type(s) is dict and s.keys() == {"ed", "pq"}, "not a card")
    d, name, spoken = c["domain"], c["name"], c["languages"]
    need(c["format"] == "parley-card/1" and c["suite"] == 1 and word(c["side"], 32), "format, suite or side")
    need(word(d, 100, ".-", NAMES) and d[-1] in NAMES, "domain")
    need(type(spoken) is list and 0 < len(spoken) < 17, "languages")
    need(type(name) is str and 0 < len(name) <= 100 and "\n" not in name and "\t" not in name, "name")
    keys, c["nonce"], _ = [b64(c["tls"], 32), b64(c["seal"], 1216)], b64(c["nonce"], 16), milliseconds(c["made"])
    for pair in (c["identity"], c["log"], c["cosign"]):
        need(type(pair) is dict and pair.keys() == {"ed", "pq"}, "a pair of keys")
        pair["ed"], pair["pq"] = b64(pair["ed"], 32), b64(pair["pq"], 1312)
        y = int.from_bytes(pair["ed"], "little") % 2**255
        need(y < PRIME and y not in SMALL_ORDER, "a weak key")
        keys += pair.values()
    need(len(set(keys)) == len(keys), "one key in two duties")
    message = b"parley/v1/card\n" + data[len(b'{"card":') : data.index(b',"signatures":{')]
    need(all(verified(c["identity"][suite], message, b64(s[suite])) for suite in s), "the card's signatures")
    return {**c, "digest": sha(message), "keys": set(keys)}

class File:
    """evidence.md, "Every file": lines, header, notes."""
    def __init__(self, data, compared=()):
        need(data.endswith(b"\n"), "cut off")
        self.rows, self.at, self.cards = data.split(b"\n")[:-1], 2, []
        body = data[: len(data) - len(self.rows[-1]) - 1]
        want = b"end %d %s" % (len(self.rows) - 1, hashlib.sha256(body).hexdigest().encode())
        need(self.rows[-1] == want and all(len(row) <= 87448 for row in self.rows), "the last line does not fit")
        self.line = self.rows[1][5:].decode("ascii", "replace")
        need(self.rows[1] == b"line " + self.line.encode() and hexes(self.line, 32), "the line id")
        while row := self.next():
            need(row.startswith(b"card ") and len(self.cards) < 128, "a card")
            self.cards.append(read_card(row[5:]))
        need(len(self.cards) >= 2, "two cards")
        a, b = self.cards[:2]
        need(a["side"] < b["side"] and a["nonce"] != b["nonce"] and not a["keys"] & b["keys"], "the founding cards")
        both = min(a["digest"], b["digest"]) + max(a["digest"], b["digest"])
        need(sha(b"parley/v1/line\n" + both).hex()[:32] == self.line, "the cards make another line")
        for card in self.cards[2:]:
            first = a if card["side"] == a["side"] else b
            need(all(card[x] == first[x] for x in ("side", "domain")), "a card of another side")
            before = [old["identity"] for old in self.cards[: self.cards.index(card)] if old["side"] == card["side"]]
            need(card["identity"] in before or card["digest"].hex() in compared, "an identity that nobody compared")
        need(len({card["digest"] for card in self.cards}) == len(self.cards), "a card twice")
    def next(self):
        need(self.at < len(self.rows), "cut off")
        self.at += 1
        return self.rows[self.at - 1]
    def hashes(self):
        return [b64(row, 32) for row in iter(self.next, b"")]
    def note(self):
        """checkpoints.md: gives log, size, root, and {kind 1 to 4: (time, which card)}."""
        origin, size, root, gap = (self.next() for _ in range(4))
        need(gap == b"" and len(size) < 17 and size.isdigit() and size == b"%d" % int(size), "not a checkpoint")
        parts, body = origin.decode("utf-8", "replace").split("/"), b"\n".join((origin, size, root)) + b"\n"
        log, head = "/".join(parts[3:]), struct.pack(">QQ", 0, int(size)) + b64(root, 32)
        need(int(size) < 2**53 and len(parts) == 6 and parts[1:3] == ["parley", self.line] and log_name(log), "origin")
        need((parts[4], parts[0]) in [(card["side"], card["domain"]) for card in self.cards], "an origin of no side")
        found, total = [], len(body)
        for row in iter(self.next, b""):
            total += len(row) + 1
            dash, name, blob = (row.split(b" ") + [b"", b""])[:3]
            need(row == b" ".join((dash, name, blob)) and dash == "—".encode() and len(found) < 16, "a signature line")
            found.append(self.signed(name, b64(blob), parts[4], origin, head, body))
        kinds = [kind for kind, _ in found]
        need(kinds and kinds == sorted(set(kinds)) and total < 32768, "signatures missing, twice or out of order")
        return log, int(size), head[16:], dict(found)
    def signed(self, name, blob, side, origin, head, body):
        for number, card in enumerate(self.cards):
            own = card["side"] == side
            signer = origin if own else f"{card['domain']}/parley/{self.line}/{card['side']}".encode()
            pair = card["log" if own else "cosign"]
            for kind, mark, key in ((1 if own else 3, 1 if own else 4, pair["ed"]), (2 if own else 4, 6, pair["pq"])):
                if (name, blob[:4]) != (signer, sha(signer + b"\n" + bytes([mark]) + key)[:4]): continue
                at = 0 if kind == 1 else int.from_bytes(blob[4:12], "big")
                need((at == 0) == own and at <= 253402300799, "a time out of bounds")
                message = body if kind == 1 else b"cosignature/v1\ntime %d\n" % at + body
                if mark == 6:
                    message = b"".join((b"subtree/v1\n\0", bytes([len(signer)]), signer, struct.pack(">Q", at),
                                        bytes([len(origin)]), origin, head))
                need(verified(key, message, blob[4 if kind == 1 else 12 :]), "a signature does not fit")
                return kind, (at, number)
        raise NotProven("a signature by no key of this line")
def node(left, right): return sha(b"\1" + left + right)
def climb(index, size, leaf, proof):
    """The root an inclusion proof leads to, by the definition: split at the largest power of two."""
    need(bool(proof) == (size > 1), "a hash too many or too few")
    if size == 1: return leaf
    half = 1 << (size - 1).bit_length() - 1
    if index < half: return node(climb(index, half, leaf, proof[:-1]), proof[-1])
    return node(proof[-1], climb(index - half, size - half, leaf, proof[:-1]))
def grow(old, new, proof, old_root, outer=True):
    """The old and the new root that a consistency proof leads to, by the definition."""
    if old == new:
        need(len(proof) == (0 if outer else 1), "a proof of wrong length")
        return (old_root, old_root) if outer else (proof[0], proof[0])
    need(proof, "a hash too few")
    half = 1 << (new - 1).bit_length() - 1
    left, last = old <= half, proof[-1]
    first, second = grow(*((old, half) if left else (old - half, new - half)), proof[:-1], old_root, outer and left)
    return (first, node(second, last)) if left else (node(last, first), node(last, second))
def roots(leaves):
    """The root of every beginning of a log."""
    peaks, out = [], [sha(b"")]
    for count, leaf in enumerate(leaves):
        while count & 1: leaf, count = node(peaks.pop(), leaf), count >> 1
        peaks.append(leaf)
        root = leaf
        for peak in peaks[-2::-1]: root = node(peak, root)
        out.append(root)
    return out
def bundle(file):
    entries, heads, place, main = {}, {}, None, None
    while (row := file.next()) == b"c2sp.org/tlog-proof@v1":
        leaf, index = file.next(), file.next()[6:]
        need(leaf[:6] == b"extra " and index.isdigit() and len(index) < 17, "no entry, or no index")
        need(file.rows[file.at - 1] == b"index %d" % int(index), "an index")
        leaf, number, proof = b64(leaf[6:]), int(index), file.hashes()
        log, size, root, found = file.note()
        entry = read_entry(leaf)
        need((entry["line"], entry["log"], entry["number"]) == (file.line, log, number), "an entry out of its place")
        need(number < size and climb(number, size, sha(b"\0" + leaf), proof) == root, "the proof does not fit")
        need(heads.setdefault((log, size), root) == root, "two roots for one size: forked")
        main = main or (log, number)
        here = ((log, number) != main, log if (log, number) != main else "", number, size)
        need(place is None or here > place, "proofs out of order")
        place, kept = here, entries.setdefault((log, number), (leaf, set()))
        kept[1].update(found)
        need(kept[0] == leaf, "two entries at one place: forked")
    if main and row.startswith(b"receipt "):
        at, blob = (row.split(b" ") + [b"", b""])[1:3]
        need(row == b"receipt %s %s" % (at, blob) and at.isdigit() and at == b"%d" % int(at), "a receipt")
        need(0 < int(at) <= 253402300799 and 3 not in entries[main][1], "a receipt out of bounds, or out of place")
        id, number = sha(b"\0" + entries[main][0]).hex(), main[1]
        said = f"parley-receipt/v1\n{file.line}\n{main[0]}\n{number}\n{id}\n{int(at)}\n".encode()
        keys = [card["cosign"]["ed"] for card in file.cards if card["side"] != main[0].split("/")[1]]
        need(any(verified(key, said, b64(blob, 64)) for key in keys), "the receipt does not fit")
        entries[main][1].add(3)
        file.next()
    need(0 < len(entries) <= 1280 and file.at == len(file.rows), "no proofs, too many, or more than proofs")
    need(all(1 in kinds for _, kinds in entries.values()), "an entry under no signature of its author")
    need(3 in entries[main][1], "the other side has not signed that it holds the message")
    named = {(log, n, sha(b"\0" + leaf).hex()): read_entry(leaf) for (log, n), (leaf, _) in entries.items()}
    urgent = read_entry(entries[main][0])["precedence"] == "FLASH"
    for e in named.values():
        if e["body"].get("assertion") is not None: person_signed(e, named.get)
        elif e["kind"] in BINDS or (urgent and e["kind"] in ("message.sent", "message.acknowledged")):
            seen = [(other["epoch"], at, other) for (log, at, _), other in named.items() if lists(other, log, at, e)]
            newest = max(seen, key=lambda one: one[:2], default=(0, 0, {"body": {}}))[2]
            need(newest["body"].get("passkeys") is None, "a passkey is listed, and the entry is not signed with it")
BINDS = ("incident.signed", "readout.sealed", "text.initialled", "text.signed-ad-referendum", "text.signed")
def fork(file):
    (log, size, root, first), (other, larger, end, second), row = file.note(), file.note(), file.next()
    need(log == other and 0 < size <= larger and 1 in first and 1 in second, "not two heads")
    if row[:7] == b"differ ":
        need(row[7:].isdigit() and row == b"differ %d" % int(row[7:]), "a number")
        at, one, two = int(row[7:]), file.hashes() or [b""], file.hashes() or [b""]
        need(at < size and climb(at, size, one[0], one[1:]) == root, "the first proof does not fit")
        need(climb(at, larger, two[0], two[1:]) == end and one[0] != two[0], "a proof does not fit, or one entry")
    else:
        held, proof = b64(row[5:], 32), file.hashes()
        need(row[:5] == b"grew " and grow(size, larger, proof, held) == (held, end), "the proof does not fit")
        need(held != root, "the two heads are one history")
    need(file.next() is not None and file.at == len(file.rows), "more than a proof")
def record(file):
    """Gives how many entries their persons signed; one that is badly signed is passed by."""
    logs, stated, replaced, joined, used, row = {}, {}, {}, [], {}, file.next()
    listings, bound, good = {}, [], 0
    while row.startswith(b"log "):
        name = row[4:].decode("ascii", "replace")
        need(log_name(name) and name > max(logs, default=""), "a log's name, or logs out of order")
        leaves, notes, side = [], [], name.split("/")[1]
        need(side in [card["side"] for card in file.cards[:2]], "a log of no side")
        while (row := file.next())[:6] in (b"entry ", b"bytes ") or row == b"note":
            if row == b"note":
                log, size, root, found = file.note()
                need(log == name and size == len(leaves) > (notes[-1][0] if notes else 0), "a note out of place")
                notes.append((size, root, found))
                continue
            leaf = row[6:] if row[:1] == b"e" else b64(row[6:])
            clean = min(leaf, default=32) > 31 and 127 not in leaf and leaf.decode("utf-8", "ignore").encode() == leaf
            need((row[:1] == b"e") == clean and len(leaf) <= 65536, "not how an entry is written")
            try: entry = read_entry(leaf)
            except NotProven: entry = {"line": ""}
            if entry["line"] == file.line and (entry["log"], entry["number"]) == (name, len(leaves)):
                for about, (size, root) in entry["past"].items():
                    stated.setdefault((name, about), []).append((size, bytes.fromhex(root), entry["ms"]))
                body, kind = entry["body"], entry["kind"]
                if kind == "keys.replaced": replaced[side, body.get("digest")] = body.get("heads")
                joined += [(side, body)] if kind == "line.continued" else []
                bound += [entry] if body.get("assertion") is not None else []
                if kind == "roster.listed": listings[name, len(leaves), sha(b"\0" + leaf).hex()] = entry
            leaves.append(sha(b"\0" + leaf))
        shown, last = roots(leaves), dict.fromkeys((1, 2, 3, 4), (0, 0))
        need(notes and all(shown[size] == root for size, root, _ in notes), "entries edited, or the log forked")
        for size, _, found in notes:
            last.update({kind: (size, at) for kind, (at, _) in found.items()})
            used.update({(name, found[1][1]): size for _ in found if 1 in found})
        need(last[1][0] == len(leaves), "entries under no signature of their author")
        logs[name] = (shown, last)
    need(file.at == len(file.rows), "something else than logs")
    for (name, about), claims in stated.items():
        shown, last = logs.get(about, ([b""], dict.fromkeys((1, 2, 3, 4), (0, 0))))
        own, top = name.split("/")[1] == about.split("/")[1], 0
        back = any(later[0] < earlier[0] for earlier, later in zip(claims, claims[1:], strict=False))
        for size, root, ms in claims:
            if size < top: break  # it went back: what follows is not compared
            top, signed = size, last[1][0] if own else max(last[3][0], last[4][0])
            if size >= len(shown):
                later = not own and 0 < last[3][0] < size and last[3][1] * 1000 >= ms
                need(later or (back and claims[-1][0] < size), "a log was cut off: more of it was held")
            need(size >= len(shown) or shown[size] == root or signed >= size, "two histories of one log were shown")
    for place, card in enumerate(file.cards[2:], 2):
        digest, heads = card["digest"].hex(), replaced.get((card["side"], card["digest"].hex()))
        both = {who: said.get("heads", {}) for who, said in joined if digest in said.get("cards", ())}
        if len(both) == 2: heads = {n: max(h.get(n, [0])[0] for h in both.values()) for h in both.values() for n in h}
        same = [old for old in file.cards[:place] if old["side"] == card["side"]][-1]["identity"] == card["identity"]
        need(type(heads) is dict and (same or len(both) == 2), "a later card not announced, or not stood by by both")
        for (name, number), size in used.items():
            old = number < place and file.cards[number]["side"] == card["side"]
            need(not old or size <= max(heads.get(name, 0), logs[name][1][3][0]), "signed with keys already replaced")
    for entry in bound:
        try: good += person_signed(entry, listings.get)
        except NotProven: continue
    return good

def main(path, compared=()):
    judges = {b"parley-evidence/1 " + judge.__name__.encode(): judge for judge in (bundle, record, fork)}
    try:
        with open(path, "rb") as opened: data = opened.read()
        judges[data.split(b"\n")[0]](File(data, compared))
    except (OSError, KeyError): return print("unreadable") or 2
    except NotProven as reason: return print("not proven:", reason) or 1
    return print("proven") or 0

if __name__ == "__main__": sys.exit(main(sys.argv[1], sys.argv[2:]))
