// Choosing rows of a list: what is ticked is counted and said; a range by Shift. Without this the boxes and the two buttons work as they are.
import { say } from "./forms.js";

const boxes = () => [...document.querySelectorAll("input[name=chosen]")];
let last = null;

const tell = (aloud) => {
  const bar = document.getElementById("bulk");
  const words = bar?.querySelector("[data-chosen]");
  if (!words) return;
  const all = boxes(), ticked = all.filter((box) => box.checked);
  words.dataset.none ??= words.textContent;
  words.textContent = ticked.length ? words.dataset.chosen.replace("#", String(ticked.length)) : words.dataset.none;
  bar.classList.toggle("some", ticked.length > 0);
  bar.querySelector("[data-with-chosen]").disabled = !ticked.length;
  const whole = document.querySelector("[data-choose-all]");
  if (whole) { whole.checked = ticked.length === all.length; whole.indeterminate = ticked.length > 0 && ticked.length < all.length; }
  all.forEach((box) => box.closest("tr")?.classList.toggle("chosen", box.checked));
  if (aloud) say(words.textContent);
};

// Ticks or unticks a row; with `range`, ticks all from the one ticked before.
const pick = (box, range) => {
  if (!box) return false;
  const all = boxes(), from = all.indexOf(last), to = all.indexOf(box);
  if (range && from >= 0) all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => { one.checked = true; });
  else box.checked = !box.checked;
  last = box;
  tell(true);
  return true;
};

addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) return;
  if (box.matches("[data-choose-all]")) { boxes().forEach((one) => { one.checked = box.checked; }); tell(true); }
  else if (box.name === "chosen") { if (event.shiftKey && last) { box.checked = !box.checked; pick(box, true); } else { last = box; tell(true); } }
});

const ready = () => { document.querySelectorAll("[data-choose-all]").forEach((box) => { box.hidden = false; }); tell(false); };
const results = document.querySelector(".tools")?.parentElement;
if (results) new MutationObserver(ready).observe(results, { childList: true });
addEventListener("pageshow", ready);
ready();

export { pick };
