// <hk-locate>: a button that fills the hidden lon and lat of its form; without it the area is chosen from the list.
class Locate extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const said = this.querySelector("[role=status]");
    if (!button || !navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          this.querySelector("[name=lon]").value = coords.longitude.toFixed(6);
          this.querySelector("[name=lat]").value = coords.latitude.toFixed(6);
          said.textContent = this.dataset.sayDone;
          button.disabled = false;
        },
        () => {
          said.textContent = this.dataset.sayFailed;
          button.disabled = false;
        },
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
      );
    });
  }
}
customElements.define("hk-locate", Locate);
