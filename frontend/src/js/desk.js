// Staff keys: / search, j k rows, Enter open, d dispatch the first recommendation, r reply, ? help.
function rows() {
  return [...document.querySelectorAll("[data-row]")];
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const marked = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const from = here >= 0 ? here : marked;
  const next = all[Math.min(all.length - 1, Math.max(0, from + step))];
  const link = next.querySelector("a[href]");
  if (link) link.focus();
}

function press(selector) {
  const button = document.querySelector(selector);
  if (!button) return;
  if (button.matches("textarea, input, select")) button.focus();
  else button.click();
}

const KEYS = {
  "/": () => press("input[type=search]"),
  j: () => move(1),
  k: () => move(-1),
  d: () => press("[data-key=d]"),
  r: () => press("[data-key=r]"),
  "?": () => {
    const keys = document.getElementById("keys");
    if (keys && keys.showModal && !keys.open) keys.showModal();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog, hk-sheet")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// The row whose link was followed stays marked while its pane is open.
document.addEventListener("htmx:afterRequest", (event) => {
  const row = event.detail.elt && event.detail.elt.closest ? event.detail.elt.closest("[data-row]") : null;
  if (!row || !event.detail.successful) return;
  rows().forEach((one) => one.removeAttribute("aria-selected"));
  row.setAttribute("aria-selected", "true");
});
document.addEventListener("click", (event) => {
  const row = event.target.closest && event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input, label, select")) return;
  const link = row.querySelector("a[href]");
  if (link) link.click();
});
