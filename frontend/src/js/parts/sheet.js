// <hk-sheet>: half-screen panel when swapped into #sheet; a plain card when it came with the page.
class Sheet extends HTMLElement {
  connectedCallback() {
    this.floating = this.parentElement && this.parentElement.id === "sheet";
    if (!this.floating) return;
    this.opener = document.activeElement;
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("click", (event) => {
      if (event.target === this || event.target.closest(".close, [data-close]")) {
        event.preventDefault();
        this.close();
      }
    });
    const title = this.querySelector("h2");
    if (title) {
      title.tabIndex = -1;
      setTimeout(() => title.focus(), 0);
    }
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  close() {
    const { opener } = this;
    document.getElementById("sheet").textContent = "";
    if (opener && opener.focus) opener.focus();
  }

  key(event) {
    if (event.key === "Escape") this.close();
    if (event.key !== "Tab") return;
    const stops = [...this.querySelectorAll("a[href],button:not([disabled]),input:not([type=hidden]):not([disabled]),select,textarea")];
    if (!stops.length) return;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (event.shiftKey && (document.activeElement === first || !this.contains(document.activeElement))) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  }
}
customElements.define("hk-sheet", Sheet);
