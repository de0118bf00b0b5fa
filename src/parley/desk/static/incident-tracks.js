// Has the files of tracks read when a page came before they were: the server reads them, and its answer is shown.
// Without script a link does the same.
// @ts-check

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-tracks]"));

async function read() {
  if (!place?.querySelector("[data-unread]")) return;
  const answer = await fetch(place.dataset.live ?? "", { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...parsed.body.childNodes);
  // the chart has more to show now
  document.dispatchEvent(new CustomEvent("parley:hint", { detail: { topic: (place.dataset.topics ?? "").split(" ")[0] } }));
}

void read().catch(() => undefined);
