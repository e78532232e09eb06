// One short sentence at the bottom; never the only place an error is said.
export function say(key) {
  return document.body.getAttribute(`data-say-${key}`) || "";
}

export function toast(text) {
  const box = document.getElementById("toast");
  if (!box || !text) return;
  box.removeAttribute("data-show");
  box.textContent = text;
  void box.offsetWidth; // restarts the animation
  box.setAttribute("data-show", "");
}

document.addEventListener("hk-toast", (event) => toast(event.detail && event.detail.text));
