"""Every bound that a peer, a browser or a disk can press against, each with its reason."""

from __future__ import annotations

from typing import Final

# One entry. 64 KiB holds 10,000 words in any script, and 256 of them still fit the memory of a small node.
ENTRY_BYTES_MAX: Final = 65_536
# JSON nesting and members; the deepest entry of our own kinds needs 6 and about 60.
DEPTH_MAX: Final = 16
MEMBERS_MAX: Final = 4_096
# Integers every JSON reader keeps exactly (RFC 8785 section 3.2.2.3, RFC 7493 section 2.2).
INTEGER_MAX: Final = 2**53 - 1
# A run of entries between nodes: large enough to amortise one signature, small enough to stay one frame.
RUN_ENTRIES_MAX: Final = 256
RUN_BYTES_MAX: Final = 1_048_576
# A frame: one run, its checkpoint, proof and header.
FRAME_BYTES_MAX: Final = RUN_BYTES_MAX + 65_536
# A leaf hash tree of 2**63 entries has proofs of at most 63 hashes (RFC 9162 section 2.1.3).
PROOF_HASHES_MAX: Final = 63
# A signed note: two ML-DSA-44 signatures (2,420 B each, in base64) and their names fit several times over.
NOTE_BYTES_MAX: Final = 32_768
NOTE_SIGNATURES_MAX: Final = 16
# Attachments: chunk size is part of the format; count bounds one file to 64 GiB.
CHUNK_BYTES: Final = 65_536
CHUNKS_MAX: Final = 1_048_576
# Precedence (ACP 121): FLASH and IMMEDIATE are kept short so that they can be read at once.
URGENT_WORDS_MAX: Final = 200
# Names of places that a side loads for its chart: more on one screen nobody reads, and a body of the API holds this.
PLACE_NAMES_MAX: Final = 2_000
PLACE_NAMES_BYTES_MAX: Final = 196_608
PLACE_NAME_CHARS_MAX: Final = 80
# A chart at a desk: both sides' tracks of 10,000 points each, a year of areas, and room (docs/desk/chart.md).
CHART_FEATURES_MAX: Final = 5_000
CHART_POINTS_MAX: Final = 100_000
# What our own receiver hears (docs/operating/live-watch.md). A line of SBS has 150 characters.
FEEDS_MAX: Final = 8
FEED_LINE_BYTES_MAX: Final = 1_024
FEED_READ_BYTES: Final = 16_384  # taken from a feed at once; about 200 sentences, two milliseconds of work
FEED_SLICE_BYTES: Final = 8_192  # read between two turns of the loop; a larger datagram is no receiver's
FEED_BYTES_S: Final = 262_144  # 5,000 sentences a second: five times what 2,000 tracks send, a tenth of a core
FEED_PAUSE_S: Final = 2.0  # before a feed that broke off is dialled again
LIVE_TRACKS_MAX: Final = 2_000  # as many as a busy strait has within a receiver's reach
LIVE_SILENCE_S: Final = 600  # a ship at anchor reports every three minutes
LIVE_FRESH_S: Final = 60  # older than this, where it is now is a guess
LIVE_LOOK_S: Final = 0.5
LIVE_PAIRS_MAX: Final = 100_000  # compared in one look; about a tenth of a second of work, in slices
LIVE_WARNINGS_MAX: Final = 200  # more at once nobody can read
LIVE_OVER_MAX: Final = 50
# Names and identifiers.
SIDE_ID_CHARS_MAX: Final = 32
CHANNEL_ID_CHARS_MAX: Final = 48
PERSON_ID_CHARS_MAX: Final = 48
TITLE_CHARS_MAX: Final = 200
REFS_MAX: Final = 64
PAST_LOGS_MAX: Final = 64
# What one channel pair may hold ahead of its log (DESIGN 4): a FLASH burst, no more.
AHEAD_ENTRIES_MAX: Final = 64
# Distinct entries and bytes the receiver allows in flight, a lane.
CREDIT_ENTRIES: Final = 8_192
CREDIT_BYTES: Final = 16 * 1_048_576
# FLASH that rings, an hour and side; beyond it FLASH is recorded and rings as ROUTINE.
FLASH_HOURLY: Final = 60
# Logs one side may have on a line, all channels and epochs: a standing and a tail answer name them in one frame.
LOGS_MAX: Final = 128
# Epochs of one log. A past names two channels and two sides at most, so PAST_LOGS_MAX holds them all.
EPOCHS_MAX: Final = 16
# Runs in a row that do not continue a log before it counts as forked: a bad copy is sent again, a fork stays one.
STRIKES_MAX: Final = 5
# What the peer may make us hold in memory before the disk has it, over all its logs.
UNSTORED_BYTES_MAX: Final = 32 * 1_048_576
# Questions a second on one link that cost us reads and sends (standing, tail, back, progress), and how many at once.
QUESTIONS_RATE: Final = 20.0
QUESTIONS_BURST: Final = 100.0
# Broken rules of the peer that are kept as evidence, and how much of each: a hostile peer may not fill the disk.
FAULTS_KEPT_MAX: Final = 1_000
FAULT_BYTES_MAX: Final = 131_072
# Links (docs/protocol/link.md). Times in seconds.
LINKS_MAX: Final = 8  # routes two sides really have: 2 to 4; each costs three connections (a thin one costs one)
# A link stated as thin. Below 600 bit/s a handshake takes a minute; above 256,000 nothing here need be spared.
THIN_BITS_S_MIN: Final = 600
THIN_BITS_S_MAX: Final = 256_000
# ML-DSA signatures wait this long while all links are thin: over one log both ways they take 22 s of 2,400 bit/s.
THIN_PQ_S: Final = 600.0
LINK_NAME_CHARS_MAX: Final = 32
HELLO_BYTES_MAX: Final = 1_024  # a hello with the longest names takes about 330; before it nobody may send more
URGENT_FRAME_BYTES_MAX: Final = 262_144  # one entry of 64 KiB ahead of its log, in base64, with note and proofs
QUEUE_URGENT_BYTES_MAX: Final = 4 * 1_048_576  # more unsent urgent bytes than this, and the link is stuck
QUEUE_BYTES_MAX: Final = 32 * 1_048_576  # twice the credit of a lane: a core that keeps credit never meets it
# Bulk and ordinary written in one turn of the loop, all links together: about 0.3 ms of cipher.
TICK_BYTES: Final = 131_072
PIECE_BYTES: Final = 65_536  # plaintext handed to the cipher at once: four full TLS records of 16 KiB
HEARTBEAT_S: Final = 1.0  # DESIGN 4; MOLINK practice is hourly, for people; this one is for machines
LINK_SILENCE_S: Final = 3.0
LANE_HEARTBEAT_S: Final = 5.0  # ordinary and bulk lanes may queue; they are watched more slowly than the urgent one
LANE_SILENCE_S: Final = 15.0
DIAL_S: Final = 2.0  # each step of a dial: TCP with TLS, then the answer to our hello
DIAL_PAUSE_S_MAX: Final = 1.0  # there is just one peer, and it matters
CROSSING_S: Final = 3.0  # a hello this soon after our own dial came up is a crossing, later it is a fresh dial
LANE_PAUSE_S_MAX: Final = 60.0  # a lane that keeps dying must not keep taking the urgent lane with it
ECHO_EVERY_S: Final = 0.02  # heartbeats that come faster than this are counted as life and not echoed
# Strangers at our port: they may cost little and starve nobody. A handshake takes about 1 ms of a core.
STRANGERS_MAX: Final = 32
STRANGERS_ADDRESS_MAX: Final = 8
STRANGERS_ADDRESS_RATE: Final = 10  # new connections a second and address, with a burst of twice that
ADDRESSES_MAX: Final = 1_024
ALARM_EVERY_S: Final = 10.0  # the same alarm rings at most this often; what was held back is counted
# A card: four post-quantum keys and one signature make about 11 KiB in base64.
VOUCHED_SHOWN_MS: Final = 86_400_000  # keys listed by an identity stand at every desk for a day: three watches see it
CARD_BYTES_MAX: Final = 32_768
DOMAIN_CHARS_MAX: Final = 100  # so that every origin fits the 255 bytes that C2SP allows a name
LANGUAGES_MAX: Final = 16
# Later cards of both sides in one exported record: a change of keys each month for five years.
CARDS_MAX: Final = 128
# A key file, sealed or not: 160 bytes of key in base64, its header and room for another suite.
KEY_FILE_BYTES_MAX: Final = 16_384
# An evidence bundle holds one message or incident and what vouches for it, each entry with up to four signatures. All
# that both sides may say of an incident (INCIDENT_FACTS_MAX each) fits, and the roster entries of 256 people.
BUNDLE_ABOUT_MAX: Final = 1_024
BUNDLE_ENTRIES_MAX: Final = BUNDLE_ABOUT_MAX + 256
# One line of an evidence file: a whole entry in base64, or a card.
EVIDENCE_LINE_BYTES_MAX: Final = 4 * ((ENTRY_BYTES_MAX + 2) // 3) + 64
# Text of one message in characters: 20,000 in a three-byte script still fit one entry beside its other fields.
MESSAGE_CHARS_MAX: Final = 20_000
NOTE_CHARS_MAX: Final = 2_000  # a reason, a note, a cause: about a page
ATTACHMENTS_MAX: Final = 32  # files a message; each costs about 250 B of the entry
RELEASERS_MAX: Final = 8  # persons named on one release; two are needed, a delegation signs with a few more
# Facts of one kind about one message (a desk each shown, a person each acknowledged): folding stays below 1 ms.
MESSAGE_FACTS_MAX: Final = 128
# Facts of the line channel that rules read for ever (rosters, channels, policies), a log: one a day for 22 years.
STANDING_FACTS_MAX: Final = 8_192
PERSONS_MAX: Final = 256  # named in one list of members or releasers: 256 ids of 48 characters fit one entry
TEST_LINKS_MAX: Final = 16  # links reported in one line test
TEST_LOGS_MAX: Final = 512  # logs in the cut of one line test: 128 channels, both sides, one restore each
# Messages waiting for an acknowledgement that a node lists a channel; beyond it the desk says "and more".
OPEN_ITEMS_MAX: Final = 1_024  # of a channel, each side and status for itself
WAITING_SHOWN: Final = 100  # messages that wait, as every page asks for them; the rest are counted
# Folded subjects kept in memory: about 4 KiB each; the rest is folded again from disk when asked for.
TOPICS_KEPT: Final = 1_024
# Entries they hold, together: a year of messages. A peer may put 512 of 64 KiB into each of a thousand incidents.
TOPICS_KEPT_BYTES: Final = 67_108_864
# Acts folded in one turn of the loop for entries that came: a run of 256 messages takes 3,000, some 20 ms. A peer that
# fills an incident or an article to the brim makes each entry cost a thousand; FLASH, voice and pages come in between.
FOLD_WORK: Final = 4_096
# Entries of one log kept in memory once they are on disk: 1,024 of 1 KiB; a peer may fill 128 logs with 64 KiB each.
LOG_KEPT_BYTES: Final = 1_048_576
# Tests and gaps shown at once; all of them stay in the record.
EVENTS_KEPT: Final = 64
# Passkeys (WebAuthn level 3): ids have at most 1,023 bytes by section 4; a public key is RSA of 4,096 bits at most.
CREDENTIAL_BYTES_MAX: Final = 1_023
PASSKEY_BYTES_MAX: Final = 600
CLIENT_DATA_BYTES_MAX: Final = 1_024  # type, challenge, origin, and room for what a browser adds
AUTHENTICATOR_BYTES_MAX: Final = 2_048  # a credential id and its key at creation; 37 bytes when it signs
ASSERTION_SIGNATURE_BYTES_MAX: Final = 512  # RSA of 4,096 bits
ORIGINS_MAX: Final = 4  # addresses of one side's desks under one name: an old and a new one, each with and without port
ORIGIN_CHARS_MAX: Final = 120  # a host name of DOMAIN_CHARS_MAX, "https://" and a port
PASSKEYS_MAX: Final = 8  # a person: two security keys, a few devices; a list that people can still read
CEREMONY_MS: Final = 120_000  # from the button to the finger; as long as browsers wait (WebAuthn 15.1)
CEREMONIES_MAX: Final = 256  # acts asked for and not yet signed, a node: all desks at once, several times
SIGNING_MS: Final = 300_000  # from the page that shows an act to its signature: 200 words are read twice
SIGNINGS_OF_ONE_MAX: Final = 8  # acts one person has before them at once; the oldest gives way
AUDIT_ROWS_SHOWN: Final = 50  # notes about one account shown at once; all of them are kept
# Attachments under way: asked for or being written, a link (2 MiB keeps 160 Mbit/s busy at 100 ms; memory stays flat),
# files pulled at once, and files that wait their turn.
CHUNKS_ASKED_MAX: Final = 32
PULLS_MAX: Final = 4
PULLS_WAITING_MAX: Final = 1_024
# A side that answers no chunk for this long is asked again by another link; after a refusal we wait twice as long.
CHUNK_STALL_S: Final = 30.0
# What `parley check` prints of one message, and how many oddities of one record it lists before it only counts them.
SHOWN_TEXT_CHARS: Final = 2_000
ODDITIES_SHOWN: Final = 50
# Bulk slows when the urgent round trip grows by this much or doubles: far below what a person or FLASH budget notices.
BRAKE_S: Final = 0.004
BRAKE_BYTES_S_MIN: Final = 1_048_576  # thinner links than this are declared thin; on others bulk must get on
BRAKE_OFF_BYTES_S: Final = 1_000 * 1_048_576  # faster than one loop can encrypt
HEARTBEAT_BUSY_S: Final = 0.05  # while bulk is under way: soon enough to slow it before people notice
PROPOSALS_MAX: Final = 8  # versions of the rules one side has proposed and nobody has answered
# Signals of the peer that are looked at: 12 voices do not go this way, ringing and typing do.
SIGNALS_RATE: Final = 100.0
SIGNALS_BURST: Final = 400.0
SIGNAL_COPIES: Final = 4  # each comes by every link; a copy costs its reading and no more
SIGNALS_OVER_MAX: Final = 400  # beyond what is read before the sender is named
SIGNAL_LASTS_MS_MAX: Final = 120_000  # a signal is about now; what should last longer is an entry
# Stops. What must stop and where must be read in seconds by whoever answers, at three in the morning.
STOP_WORDS_CHARS_MAX: Final = 400
STOP_READ_BACK_CHARS_MAX: Final = 1_000  # both in the reader's own words
STOP_CORRECTIONS_MAX: Final = 16  # a stop that was corrected more often is another stop
STOP_READ_BACKS_MAX: Final = 64  # of one stop, and refusals likewise: each side fills its own bound, never the other's
STOPS_LOOKED_AT: Final = 50  # the latest that are kept in sight and listed: of each side, real ones and drills apart
STOPS_LISTED_FROM: Final = (
    256  # the latest of a side in a channel that a list looks through: drills lie between real ones
)
STOPS_READ_AT_START: Final = 1_024  # likewise when a node starts: drills of ten years
# Places. A hundred points outline any closure that people still read; with them an entry stays below 8 KiB.
AREA_POINTS_MAX: Final = 100
AREA_RADIUS_M_MAX: Final = 2_000_000  # a danger area for a launch; what is larger has a shape
AREA_HALF_WIDTH_M_MAX: Final = 500_000
# Notices. A side counts its own by hand or by year; one that was changed more often than this is another notice.
NOTICE_NUMBER_CHARS_MAX: Final = 32
NOTICE_FORMS_MAX: Final = 64
NOTICE_DAYS_MAX: Final = 1_096  # three years: what lasts longer is a standing arrangement, and stands in the rule book
NOTICE_DEPTH_M_MAX: Final = -12_000  # below the deepest sea
NOTICE_HEIGHT_M_MAX: Final = 40_000_000  # above the orbits that launches go to
NOTICES_SHOWN_MAX: Final = 200  # on one page: a month of a busy pair; the page says when there are more
NOTICES_FED_MAX: Final = 3_000  # in one calendar feed: a year of a busy pair
MOVEMENTS_MAX: Final = 200  # of our own that are kept in private and held against every notice
NOTICES_BESIDE_MAX: Final = 512  # others that those of one page are compared with: half of what stays in memory
NOTICES_COMPARED_MAX: Final = 16_384  # pairs of lines looked at for one page, some 0.1 s: a peer can make all near
# The rule book. A document is one entry of 64 KiB, so these bound its parts and not the whole.
RULEBOOK_ARTICLES_MAX: Final = 128
RULEBOOK_SIGNALS_MAX: Final = 256
RULEBOOK_NUMBER_CHARS_MAX: Final = 16
RULEBOOK_CODE_CHARS_MAX: Final = 12
RULEBOOK_PHRASE_CHARS_MAX: Final = 400
RULEBOOK_LEADS_MAX: Final = 16  # kinds of notice that one article gives a lead time for
RULEBOOK_LEAD_HOURS_MAX: Final = 8_784  # a year
RULEBOOK_VERSION_MAX: Final = 1_000_000
RULEBOOKS_LOOKED_AT: Final = 256  # the latest proposals: documents with their versions, of both sides
# Watches. Two people stay awake eight hours; a shift of twelve is the most that the practice we know of allows.
WATCH_HOURS_MAX: Final = 12
WATCH_WARN_S: Final = 600  # before a shift ends: time to wake somebody who lives near
SHIFTS_PLANNED_MAX: Final = 400  # of one channel: three a day for four months, and rehearsals
HANDOVER_NOTE_CHARS_MAX: Final = 4_000  # two pages: what is longer is a message
HANDOVER_NOTES_OPEN_MAX: Final = 32  # that wait for who comes on: more than that nobody reads at a hand-over
ROLL_ANSWER_S_MAX: Final = 3_600  # a key that is not pressed within the hour was not pressed
ROLL_ANSWER_S: Final = 120  # unless said otherwise: long enough to put down the telephone
ROLL_EVERY_MINUTES_MIN: Final = 15  # more often than that wears out the people it is for
# Calls. Up to 12 open microphones are mixed at a desk; more persons than that make no conversation.
CALL_PERSONS_MAX: Final = 12
CALL_EMPTY_S: Final = 180.0  # without a desk before a place is given up: a browser or a machine started anew is quicker
DESKS_MAX: Final = 1_000  # desks of one side that ring at once
# A desk's own socket. A control text is a few hundred bytes; a page sends some ten a second while somebody speaks.
DIRECT_TEXT_BYTES_MAX: Final = 4_096
DIRECT_RATE: Final = 50.0
DIRECT_BURST: Final = 200.0
# Binary frames of a page: twice as many as it has, and all that half a minute without a network held back.
DIRECT_SOUND_RATE: Final = 110.0
DIRECT_SOUND_BURST: Final = 1_500.0
DIRECT_PICTURE_RATE: Final = 40.0
DIRECT_PICTURE_BURST: Final = 400.0
STREAMS_MAX: Final = 16  # of events, of one token: a program needs one, and another while it starts anew
DIRECT_SOCKETS_MAX: Final = 16  # of one session: a browser with a tab for everything
WATCHES_MAX: Final = 64  # channels one desk is on watch of
DESK_TEXTS_MAX: Final = 512  # words that wait for one page; beyond it the page comes back and asks afresh
DESK_SOUND_FRAMES_MAX: Final = 48  # 12 talkers, 80 ms: what waits longer is older than any playout buffer wants it
# A lift rings by a signal, ahead of its entry, which follows on the same link within a round trip and two commits.
LIFT_GRACE_S: Final = 3.0  # how long it stands alone: a satellite's two retransmissions
LIFTS_STANDING_MAX: Final = 8  # of theirs at once; those beyond ring by their entries
CALLS_RINGING_MAX: Final = 4  # of theirs in one channel, of a precedence or above; an honest node has one at a time
LIFTS_OURS_MAX: Final = 50  # of our own desks whose entry is on its way
LIFT_DISTRUST_S: Final = 60.0  # after one that came to nothing; four times as long after each further one
LIFT_DISTRUST_S_MAX: Final = 6 * 3600.0  # so no more than ten such rings, of 3 s each, in a day
LIFT_FORGIVEN_S: Final = 24 * 3600.0
# Voice (docs/protocol/voice.md). A frame is 20 ms: 50 a second; clocks differ, and a stalled link brings 3 s at once.
VOICE_RATE: Final = 55.0
VOICE_BURST: Final = 200.0
VOICE_OVER_MAX: Final = 100  # frames beyond the rate before the stream is cut and named: 2 s of twice the speed
VOICE_OPUS_BYTES_MAX: Final = 400  # 160 kbit/s; our desks send 24 to 32 kbit/s, about 80 bytes
VOICE_ORIGIN_BYTES_MAX: Final = 150  # session, and three words of at most 48, 48 and 35 characters
VOICE_LANGUAGE_CHARS_MAX: Final = 35
VOICE_FRAME_BYTES_MAX: Final = 15 + 150 + 640  # with the longest origin and uncompressed sound
VOICE_STREAMS_MAX: Final = 32  # 12 persons, each of whom may lose and reopen a page; idle ones make room
VOICE_STREAM_IDLE_S: Final = 30.0
VOICE_LATE_S: Final = 1.0  # behind the stream's fastest frame: no playout buffer waits that long
VOICE_DRIFT: Final = 0.001  # how fast two clocks may part: ten times what a bad crystal does
VOICE_STRAY_MAX: Final = 150  # frames of a call we know nothing of, 3 s, before the other side is named for it
VOICE_STRAYS_KEPT: Final = 64
# Unsent bytes on a link's urgent lane beyond which voice leaves it out: some 20 frames; FLASH must not wait for sound.
VOICE_UNSENT_BYTES_MAX: Final = 4_096
# Picture (docs/protocol/picture.md). Our pages send 8 to 12 frames a second, at most 1.2 Mbit/s; a whole frame of a
# full page of print at 1280 by 720 is some 150 KiB.
PICTURE_BYTES_MAX: Final = 262_144
PICTURE_FRAME_BYTES_MAX: Final = 17 + 150 + PICTURE_BYTES_MAX
PICTURE_RATE: Final = 20.0
PICTURE_BURST: Final = 60.0
PICTURE_OVER_MAX: Final = 60  # frames beyond the rate before the stream is cut and named
PICTURES_MAX: Final = 4  # streams remembered of the other side
PICTURES_OURS_MAX: Final = 2  # shown by one side in one call: a face and a document
PICTURE_IDLE_S: Final = 3.0  # a picture that shows nothing new for so long is taken away
PICTURE_LATE_S: Final = 0.7  # behind the stream's fastest frame: the line carries less than is sent
# Unsent bytes of a link's bulk lane beyond which a frame is left out. A file on its way keeps a quarter of a megabyte
# there; what is more is picture that the line does not carry.
PICTURE_UNSENT_BYTES_MAX: Final = 393_216
PICTURE_WAITS_BYTES_MAX: Final = 524_288  # for one page: beyond it the page waits for the next whole frame
PICTURE_PAGES_MAX: Final = 64  # pages of one side that look at once
PICTURE_PAGES_PERSON_MAX: Final = 8  # of them one person's: the rest is for the others
# Recording (docs/protocol/recording.md). Both must ask and agree each time; more than this in one call is a quarrel.
RECORDINGS_MAX: Final = 16
RECORDING_TRACKS_MAX: Final = 64  # voices kept: 12 persons, each of whom loses and reopens a page five times
# Runs of missing frames one statement lists: it still fits one entry. Beyond it only their count is said.
RECORDING_RUNS_MAX: Final = 1_024
TONES_MAX: Final = 16  # tones sent in one call: a few tries a desk
TURNS_MAX: Final = 100_000  # of one agreement: a day of turns of a second each
INTERPRETERS_MAX: Final = 12  # at microphones in one call, both sides; as many as there may be persons in it
# Real-time text (docs/protocol/realtime-text.md). A line is a sentence or three; longer ones are finished and go on.
TEXT_CHARS_MAX: Final = 500
TEXT_BEFORE_MAX: Final = 4  # finished lines that a whole state repeats: what was written while all links were down
TEXT_RATE: Final = 20.0  # signals a second of one desk; ours send at most 10, and people type about as fast
TEXT_BURST: Final = 100.0  # a link that stalled for some seconds brings them at once
TEXT_OVER_MAX: Final = 100  # signals beyond the rate before the stream is cut and named
TEXT_STREAMS_MAX: Final = 32  # 12 persons, each of whom may lose and reopen a page; idle ones make room
TEXT_STREAM_IDLE_S: Final = 30.0
TEXT_LINES_KEPT: Final = 200  # finished lines of a call a node remembers for pages that open later; half an hour's talk
TEXT_SAID_MAX: Final = 512  # lines of one call kept in the record: an hour of two people who write without pause
TEXT_STRAY_MAX: Final = 50  # signals of what nothing allows, before the other side is named: 5 s of the fastest typist
# Escalation: what people set for their own side, and what may wait at once. People can still read a ladder of 16.
LADDER_STEPS_MAX: Final = 16
LADDER_S_MAX: Final = 86_400
LADDER_WHO_MAX: Final = 16  # persons or targets of one step
TARGETS_MAX: Final = 64
TARGET_URL_CHARS_MAX: Final = 2_000  # an address with keys and several receivers
ESCALATIONS_MAX: Final = 64  # of one kind, precedence and status at once: the desks ring by then
RINGS_TOLD_MAX: Final = 12  # keys a page answers in one text of DIRECT_TEXT_BYTES_MAX
# Notifications outside the desk: one process each, about 60 MB and half a second of a core.
NOTIFIERS_MAX: Final = 2
NOTIFICATIONS_WAITING_MAX: Final = 256
NOTIFICATIONS_HOURLY: Final = 120  # a peer that calls without end must not drain a side's SMS account
NOTIFICATIONS_KEPT: Final = 200
REASON_CHARS_MAX: Final = 200  # of why a notification failed, in the words of the library that tried
# Readouts (docs/protocol/readouts.md). An account of 2,000 words has 14,000 characters; a script takes 3 bytes at most.
READOUT_CHARS_MAX: Final = 20_000
STATEMENTS_MAX: Final = 160  # confirmed of one readout: a long communiqué has 80; so many still fit one entry
STATEMENT_PART_CHARS_MAX: Final = 120  # a speaker, a verb, a topic: as people write them
CONFIRMATIONS_MAX: Final = 32  # of one readout: whoever corrects it more often should write another
CONTESTS_MAX: Final = 256  # of one confirmation: each statement, and again after an answer
PRESS_REPORTS_MAX: Final = 16  # of one side about one meeting; a comparison of more columns nobody reads
# Incidents (docs/protocol/incidents.md). A first report crosses a ship's thin link: with the rest of its entry at most
# 2 KiB without pictures. The whole account may be as long as two pages in any script.
INCIDENT_REPORT_BYTES_MAX: Final = 1_350
INCIDENT_FIRST_CHARS_MAX: Final = 1_000
INCIDENT_ACCOUNT_CHARS_MAX: Final = 6_000
INCIDENT_FIELD_CHARS_MAX: Final = 300  # weather, a signal, a wish: a sentence or two
INCIDENT_UNITS_MAX: Final = 8
INCIDENT_SIGNALS_MAX: Final = 12
INCIDENT_SENTENCE_CHARS_MAX: Final = 1_000  # one statement or question; it is read aloud before it is agreed
INCIDENT_LIST_MAX: Final = 64  # sentences in a frozen list, as many as an entry may name
INCIDENT_LIST_BYTES_MAX: Final = 24_000  # of them: with refs and a passkey's signature the entry stays below 64 KiB
INCIDENT_OFFSET_MS_MAX: Final = 86_400_000  # between two recordings: a clock that is a day off is off by its date
INCIDENT_FACTS_MAX: Final = 512  # of one side about one incident; an incident that needs more needs a meeting
INCIDENTS_LOOKED_AT: Final = 2_000  # the latest of a channel: ten years of 200
# A negotiated text. 50,000 facts are two and a half times the largest this was measured with (20,000).
TEXT_FACTS_MAX: Final = 50_000
TEXT_UNITS_MAX: Final = 4_096  # articles, paragraphs and points: a treaty of 200 articles has some 2,000
UNIT_FACTS_MAX: Final = 512  # about one article or paragraph: what is folded whole for each of them
FRAME_FACTS_MAX: Final = 1_024  # about the text as a whole: signatures, fallbacks, comments
UNIT_WORDS_CHARS_MAX: Final = (
    8_000  # of one paragraph in one language: three pages, and six languages still fit an entry
)
TEXT_LANGUAGES_MAX: Final = 6
BRACKETS_DEEP_MAX: Final = 8  # brackets within brackets: what a person can still follow, and a bound on folding
POSITION_CHARS_MAX: Final = 120
TEXTS_KEPT: Final = 4  # texts kept in memory once they are on disk: 20,000 facts are some 50 MB
TEXT_TERMS_OFFERED: Final = 30  # pairs of a glossary beside one part of a text: what is read at a glance
TEXT_NOTES_MAX: Final = 1_000  # private notes beside one text
TEXTS_LISTED: Final = 100  # the latest texts of a channel on one page
TEXT_UNITS_SHOWN: Final = 50  # parts of a text on one page of the desk: a page that opens at once, in a browser too
TEXT_ALTERNATIVES_SHOWN: Final = 500  # open ones on one page: ten in each part; a peer may put 500 into each of 50
TEXT_COLUMN_CHARS_SHOWN: Final = 40_000  # of one part in one language, brackets laid out
COMPARED_CHARS_MAX: Final = (
    40_000  # of one part in one language, brackets written out: five alternatives as long as may be
)
COMPARED_STEPS_MAX: Final = 400_000  # of all that one page compares, some 0.2 s: words can be chosen to be dear
COMPARED_TOTAL_MAX: Final = 2_000_000  # characters of all that one page compares: a treaty in two languages has half
EVIDENCE_PICTURE_BYTES_MAX: Final = 33_554_432  # a picture is looked into in memory: cameras write up to 30 MB
TEXT_EVIDENCE_MAX: Final = 16  # signatures whose evidence a PDF carries
TEXT_PDF_BYTES_MAX: Final = 33_554_432  # with CJK fonts, embedded in part, a treaty has some 2 MB
TEXT_PDF_UNPACKED_MAX: Final = 268_435_456
TEXT_FILE_BYTES_MAX: Final = 5_242_880  # a .docx to be read in: 1,000 pages of words
TEXT_FILE_ENTRIES_MAX: Final = 2_000
TEXT_FILE_UNPACKED_MAX: Final = 52_428_800
TEXT_FILE_TAGS_MAX: Final = 800_000  # in one part of a .docx, and as many attributes: 4,096 parts of 30 runs each
# Talks (docs/protocol/talks.md). Each side fills its own bounds, never the other's; folding stays quick.
DELEGATION_MAX: Final = 64  # people one side brings: their names and offices still fit one entry
BODY_FACTS_MAX: Final = 512  # of one side about one body: a change of delegation each month for forty years
BODY_TERMS_MAX: Final = 512  # of one side in a body's glossary: a field's vocabulary, and the view still folds at once
HOLIDAYS_MAX: Final = 128  # days of one statement: four years of public holidays
MEETING_TIMES_MAX: Final = 8  # times offered at once: more is a calendar, not a proposal
MEETING_MINUTES_MAX: Final = 10_080  # a meeting of a week
MEETING_ANSWER_MS_MAX: Final = 90 * 86_400_000  # an answer that may take longer than a quarter is not waited for
MEETING_ITEMS_MAX: Final = 64  # one side puts on one agenda
MEETING_FACTS_MAX: Final = 1_024  # of one side about one meeting: a mark of the clock each minute for a long day
PREPARED_TERMS_MAX: Final = 1_000  # pairs of words of one meeting's glossary, private to a side
CALLS_LEFT_MAX: Final = 100  # of one channel that were missed or left words, and that nobody has cleared
CALLS_READ_AT_START: Final = 500  # the latest of a channel, in which what was missed is found again
MEETING_CALL_EARLY_MS: Final = 15 * 60_000  # a call placed so long before a meeting's time is its call
MEETING_CALL_LATE_MS: Final = 12 * 3_600_000  # and so long after its planned end, while nobody has ended it
MEETING_CALLS_SHOWN: Final = 200  # calls of one meeting: one that is cut each minute for three hours
MEETINGS_SHOWN: Final = 200  # on one page; a body that meets monthly fills it in sixteen years
PAPERS_MAX: Final = 64  # files one side keeps to itself for one meeting
RAISES_MAX: Final = 64  # items one side holds back at once
COMMITMENT_FACTS_MAX: Final = 512  # of one side about one commitment: its view once a week for ten years
COMMITMENT_SOON_MS: Final = 7 * 86_400_000  # a commitment due within a week is shown among the reminders
COMMITMENTS_SHOWN: Final = 200  # on one page of the register; more of them would hold up the sound of a call
COMMITMENT_CITED_SHOWN: Final = 100  # incidents and notices that cite one, on its page
COMMITMENTS_CITABLE: Final = 200  # in the pick-list of a report or a notice
COMMITMENTS_EXPORTED: Final = 100_000  # lines of the register as a file
# Tracks (docs/protocol/tracks.md). A file comes from a receiver, a person or the other side, and may be anything.
TRACK_FIXES_MAX: Final = 50_000  # of one track: a day at one fix in two seconds
TRACK_MS_MIN: Final = 0  # 1970: no receiver's log is older
TRACK_MS_MAX: Final = 4_102_444_800_000  # 2100
AIS_PARTS_HELD_MAX: Final = 64  # messages of several sentences that wait for the rest
TRACK_FILE_FIXES_MAX: Final = 100_000  # kept of one file, about 30 MB; a larger file is read for the ships one names
TRACKS_IN_FILE_MAX: Final = 2_000  # ships and aircraft told apart in one file: a busy strait within a receiver's reach
TRACK_LINE_BYTES_MAX: Final = 4_096  # of a text file; a row of 20 columns has 300
TRACK_GEOJSON_BYTES_MAX: Final = 8_388_608  # is read whole; 50,000 fixes with their times take 5 MB
TRACK_XML_TOKEN_BYTES_MAX: Final = 65_536  # of GPX: one tag with its attributes, which the XML reader holds whole
TRACK_XML_DEPTH_MAX: Final = 32  # GPX nests six deep, extensions a few more
TRACK_FAULTS_TOLD_MAX: Final = 20  # lines that were left out, told one by one; the rest are counted
BAND_FIXES_MAX: Final = 40  # of a track, nearest the closest moment, that its band is found from; a few milliseconds
APPROACH_PIECES_MAX: Final = 1_000  # looked at closely for one approach: some seconds; ordinary tracks need a dozen
INCIDENT_TRACK_FILES_MAX: Final = 16  # of tracks that an incident's page reads; each side has a few
INCIDENT_TRACK_BYTES_MAX: Final = 8_388_608  # of one such file: 100,000 AIS sentences, some seconds beside the loop
INCIDENT_DRAWN_POINTS_MAX: Final = 600  # of a track on a chart; more cannot be told apart
INCIDENT_DRAWN_LEGS_MAX: Final = 40  # parts of a track with silence between them
TRACK_SHELF_FIXES_MAX: Final = 200_000  # kept of the incidents looked at last, about 60 MB
TRACKS_COMPARED_MAX: Final = 8  # of one account, each with each: 28 closest approaches, a few seconds
TRACK_NAME_CHARS_MAX: Final = 120  # of a name or a source in a file
