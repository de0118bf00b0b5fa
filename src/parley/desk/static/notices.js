// The time slider of the notices: marks what is in force at the chosen moment, without asking the node again.
// @ts-check

const HOUR_MS = 3_600_000;

/** @param {string} at the moment's text: all have one form, so they compare as texts */
function mark(at) {
  for (const row of document.querySelectorAll("[data-notice]")) {
    const { begins = "", ends = "" } = /** @type {HTMLElement} */ (row).dataset;
    const there = begins <= at && at < ends;
    row.classList.toggle("in-force", there);
    row.querySelector("[data-notice-there]")?.toggleAttribute("hidden", !there);
  }
}

export function keepNotices() {
  const form = document.querySelector("[data-notice-time]");
  const slider = form?.querySelector("input[type=range]");
  const shown = form?.querySelector("[data-notice-at]");
  if (!(form instanceof HTMLElement) || !(slider instanceof HTMLInputElement) || !shown) return;
  const from = Date.parse(form.dataset.from ?? "");
  const follow = () => {
    const at = new Date(from + Number(slider.value) * HOUR_MS).toISOString();
    shown.textContent = `${at.slice(0, 16).replace("T", " ")}Z`;
    slider.setAttribute("aria-valuetext", shown.textContent);
    mark(at);
  };
  slider.addEventListener("input", follow);
  const list = document.querySelector("[data-live^='/notices/list']");
  if (list) new MutationObserver(() => slider.value !== slider.defaultValue && follow()).observe(list, { childList: true });
}
