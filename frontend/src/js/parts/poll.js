// <hk-poll src="/m/mine/" every="30" target="rows">: asks for a part again while somebody is looking.
import htmx from "htmx.org";

class Poll extends HTMLElement {
  connectedCallback() {
    const seconds = Math.max(5, Number(this.getAttribute("every")) || 30);
    this.timer = setInterval(() => {
      if (document.visibilityState !== "visible" || document.querySelector("#sheet > *")) return;
      const target = this.getAttribute("target");
      htmx.ajax("GET", this.getAttribute("src"), { target: `#${target}`, swap: this.getAttribute("swap") || "outerHTML", source: this });
    }, seconds * 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }
}
customElements.define("hk-poll", Poll);
