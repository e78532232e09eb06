// Forms that survive impatient thumbs: one submit at a time, buttons dim after 300 ms, drafts kept until submit.
const BUSY_MS = 8000;
const DIM_MS = 300;

function newKey() {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  return ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
}

function free(form) {
  clearTimeout(form.hkDim);
  clearTimeout(form.hkFree);
  delete form.dataset.busy;
  form.querySelectorAll("[data-dimmed]").forEach((button) => {
    button.disabled = false;
    button.removeAttribute("data-dimmed");
  });
}

function buttonsOf(form) {
  return [...form.querySelectorAll("button:not([type=button])")];
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ((form.method || "").toLowerCase() !== "post") return;
  if (form.dataset.busy) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.busy = "1";
  form.hkDim = setTimeout(() => buttonsOf(form).forEach((button) => {
    if (!button.disabled) {
      button.disabled = true;
      button.setAttribute("data-dimmed", "");
    }
  }), DIM_MS);
  form.hkFree = setTimeout(() => free(form), BUSY_MS);
  if (form.getAttribute("action") === "/signout/") sessionStorage.clear();
  form.querySelectorAll("[data-draft]").forEach((box) => sessionStorage.removeItem(draftKey(box)));
}, true);

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt && event.detail.elt.closest ? event.detail.elt.closest("form") : null;
  if (!form) return;
  free(form);
  const key = form.querySelector("input[name=client_key]");
  if (key && event.detail.successful) key.value = newKey();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(free);
});

// Drafts live in this tab only and go with the submit or the sign-out.
function draftKey(box) {
  return `draft:${location.pathname}:${box.dataset.draft}`;
}
function restoreDrafts() {
  document.querySelectorAll("textarea[data-draft]").forEach((box) => {
    const kept = sessionStorage.getItem(draftKey(box));
    if (kept && !box.value) box.value = kept;
  });
}
document.addEventListener("input", (event) => {
  const box = event.target;
  if (box.dataset && box.dataset.draft) sessionStorage.setItem(draftKey(box), box.value);
});
document.addEventListener("htmx:afterSettle", restoreDrafts);
restoreDrafts();

// "All of this page" check boxes and selects that submit their form at once.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.dataset && box.dataset.all) {
    document.querySelectorAll(`input[type=checkbox][name="${box.dataset.all}"]`).forEach((one) => {
      one.checked = box.checked;
    });
  }
  if (box.dataset && "autosubmit" in box.dataset && box.form) box.form.requestSubmit ? box.form.requestSubmit() : box.form.submit();
});
document.addEventListener("click", (event) => {
  if (event.target.closest && event.target.closest("[data-print]")) window.print();
});
