// Every page: htmx as the house wants it, toast, sheet, live counters, double-submit guard, drafts.
import htmx from "htmx.org";
import "./parts/live.js";
import "./parts/locate.js";
import "./parts/poll.js";
import "./parts/sheet.js";
import "./parts/forms.js";
import { say, toast } from "./parts/toast.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  disableInheritance: true,
  selfRequestsOnly: true,
  timeout: 15000,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf"]');
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
});

// A refusal addressed to #flash is shown even though its status is an error; a sign-in page is gone to, not swapped in.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname.startsWith("/signin/") && !location.pathname.startsWith("/signin/")) {
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  } else if (xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (!xhr.getResponseHeader("HX-Trigger")) toast(say(xhr.status === 403 ? "gone" : "broken"));
});
["htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, () => toast(say("slow"))));

function focusSummary() {
  const summary = document.querySelector("[data-focus], #flash .summary");
  if (summary) {
    summary.removeAttribute("data-focus");
    summary.focus();
    return;
  }
  const wrong = document.querySelector("[aria-invalid='true'][data-fresh]");
  if (wrong) wrong.focus();
}
document.addEventListener("htmx:afterSettle", focusSummary);
focusSummary();
