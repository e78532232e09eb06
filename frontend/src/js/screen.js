// Walls: live counters, clock, scenes that rotate (space pauses), and a quiet refresh of the page itself.
import "./parts/live.js";

class Clock extends HTMLElement {
  connectedCallback() {
    this.tick();
    this.timer = setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const now = new Date();
    const language = document.documentElement.lang || "zh-CN";
    const zone = "Asia/Shanghai";
    const day = now.toLocaleDateString(language, { month: "long", day: "numeric", weekday: "long", timeZone: zone });
    const time = now.toLocaleTimeString("en-GB", { timeZone: zone });
    this.textContent = `${day} `;
    const bold = document.createElement("b");
    bold.textContent = time;
    this.append(bold);
  }
}
customElements.define("hk-clock", Clock);

// <hk-scenes every="30"> with children [data-scene]: one at a time.
class Scenes extends HTMLElement {
  connectedCallback() {
    this.show(0);
    const seconds = Number(this.getAttribute("every")) || 30;
    this.timer = setInterval(() => this.paused || this.show(this.at + 1), seconds * 1000);
    this.onKey = (event) => {
      if (event.key === " ") {
        this.paused = !this.paused;
        event.preventDefault();
      }
      if (event.key === "ArrowRight") this.show(this.at + 1);
      if (event.key === "ArrowLeft") this.show(this.at - 1);
    };
    document.addEventListener("keydown", this.onKey);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("keydown", this.onKey);
  }

  show(place) {
    const all = [...this.querySelectorAll("[data-scene]")];
    if (!all.length) return;
    this.at = (place + all.length) % all.length;
    all.forEach((one, i) => one.toggleAttribute("data-on", i === this.at));
  }
}
customElements.define("hk-scenes", Scenes);

// <hk-refresh every="60">: asks for this page again and, when it changed, takes over #main.
class Refresh extends HTMLElement {
  connectedCallback() {
    const seconds = Math.max(10, Number(this.getAttribute("every")) || 60);
    this.timer = setInterval(() => this.ask(), seconds * 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async ask() {
    try {
      const answer = await fetch(location.href, { cache: "no-cache", credentials: "same-origin" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
      const old = document.getElementById("main");
      if (fresh && old && fresh.innerHTML !== this.last) {
        this.last = fresh.innerHTML;
        old.replaceWith(fresh);
      }
    } catch (error) {
      // the wall keeps its last data; the pill tells
    }
  }
}
customElements.define("hk-refresh", Refresh);
