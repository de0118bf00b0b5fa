// Starts the small modules of the desk, each for one thing. A page works before any of them has run.
// @ts-check
import { openLive } from "./live.js";
import { keepReached } from "./unreached.js";
import { keepFragments } from "./fragments.js";
import { startTicks, setNodeTime } from "./ticks.js";
import { keepBar } from "./bar.js";
import { keepComposer } from "./composer.js";
import { listenForKeys } from "./keys.js";
import { keepAnnouncing } from "./announce.js";
import { keepRinging } from "./ring.js";
import { noteShown } from "./shown.js";
import { submitQuietly } from "./acts.js";
import { keepSideOpen } from "./side.js";
import { keepStops } from "./stops.js";
import { keepEdges } from "./edges.js";
import { keepCallTrue } from "./call-unknown.js";
import { keepHandset } from "./handset.js";
import { keepInterpreters } from "./interpreter.js";
import { keepListening } from "./handset-listen.js";
import { keepTurns } from "./turns.js";
import { keepText } from "./text.js";
import { keepPicture } from "./picture.js";
import { keepDevices } from "./devices.js";
import { keepSignals } from "./hear-signals.js";
import { keepAwake } from "./wake.js";
import { keepRecordings } from "./recordings.js";
import { keepTone } from "./tone.js";
import { keepEnded } from "./ended.js";
import { keepTitle } from "./title.js";
import { keepPerson } from "./person.js";
import { keepBinding } from "./binding.js";
import { keepDrawing } from "./readouts.js";
import { keepNotices } from "./notices.js";
import { keepBrackets } from "./texts.js";
import { keepTaking } from "./commitments.js";

const root = document.documentElement;
setNodeTime(root.dataset.now ?? "");
keepSideOpen();
const refresh = keepFragments();
startTicks();
keepComposer();
submitQuietly(refresh);
if (root.dataset.keys !== "off") listenForKeys();
keepAnnouncing();
keepRinging(root.dataset.sound !== "off");
noteShown();
keepTitle();
keepEnded();
keepHandset(refresh);
keepCallTrue(refresh);
keepEdges();
keepListening();
keepInterpreters();
keepStops(refresh, root.dataset.sound !== "off");
keepTurns();
keepText();
keepPicture();
keepDevices();
keepRecordings();
keepTone();
keepSignals();
keepAwake();
keepBinding();
keepDrawing();
keepNotices();
keepBrackets();
keepTaking();
const bar = keepBar();
const person = keepPerson(refresh);
document.addEventListener("parley:overdue", () => refresh("all")); // what is due now may stand above the page
const reached = keepReached(() => connected());
const connected = openLive({
  beat: (beat) => {
    setNodeTime(beat.beat);
    bar.beat(beat);
    person.beat(beat);
  },
  hint: (hint) => {
    document.dispatchEvent(new CustomEvent("parley:hint", { detail: hint }));
    refresh(hint.topic);
  },
  back: () => {
    reached();
    refresh("all");
  },
  lost: (since) => bar.lost(since),
});
if (document.querySelector("[data-chart]")) void import("./chart.js").then((chart) => chart.keepCharts());
root.dataset.ready = "yes";
