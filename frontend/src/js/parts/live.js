// <hk-live src="…">: counters by server-sent events. Every message is a JSON object {key: text}; elements with the same
// data-live show it. The pill says 实时, 重连中 or 数据延迟 HH:MM; the last data stays.
import { say } from "./toast.js";

const STALE_MS = 20000;
const SILENT_MS = 45000;

class Live extends HTMLElement {
  connectedCallback() {
    this.open();
    this.watch = setInterval(() => this.look(), 5000);
  }

  disconnectedCallback() {
    clearInterval(this.watch);
    if (this.source) this.source.close();
  }

  open() {
    this.source = new EventSource(this.getAttribute("src"));
    this.source.onopen = () => this.alive();
    this.source.onmessage = (event) => {
      this.alive();
      this.at = new Date();
      this.show(JSON.parse(event.data));
    };
    this.source.addEventListener("beat", () => this.alive());
    this.source.onerror = () => {
      this.lostAt = this.lostAt || Date.now();
      this.look();
    };
  }

  alive() {
    this.lostAt = 0;
    this.heardAt = Date.now();
    this.pill("live", say("live"));
  }

  look() {
    if (!this.lostAt && this.heardAt && Date.now() - this.heardAt > SILENT_MS) this.lostAt = this.heardAt;
    if (!this.lostAt) return;
    if (Date.now() - this.lostAt < STALE_MS) this.pill("again", say("again"));
    else this.pill("stale", `${say("stale")} ${clock(this.at || new Date(this.lostAt))}`);
    if (this.source.readyState === 2 || Date.now() - (this.heardAt || this.lostAt) > 2 * SILENT_MS) {
      this.source.close();
      this.heardAt = Date.now();
      this.open();
    }
  }

  show(values) {
    Object.keys(values).forEach((key) => {
      const places = document.querySelectorAll(`[data-live="${key}"]`);
      places.forEach((place) => {
        const text = typeof values[key] === "number" ? values[key].toLocaleString("en-US") : String(values[key]);
        if (place.textContent !== text) place.textContent = text;
      });
    });
    this.dispatchEvent(new CustomEvent("hk-live", { bubbles: true, detail: values }));
  }

  pill(state, text) {
    document.querySelectorAll(".live-pill").forEach((pill) => {
      if (pill.dataset.liveState !== state || pill.textContent !== text) {
        pill.dataset.liveState = state;
        pill.textContent = text;
      }
    });
  }
}

export function clock(at) {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}
customElements.define("hk-live", Live);
