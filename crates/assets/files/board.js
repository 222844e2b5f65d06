// Boards and calendars: a card is dragged to another column or day. What happens is the form's own POST; without this, "Move…" does the same.
import { say } from "./forms.js";
import { fresh } from "./live.js";

let dragged = null;
const lay = () => { document.querySelectorAll("[data-board] [data-card]").forEach((card) => { card.draggable = true; }); };

const move = async (card, column) => {
  const form = document.getElementById("move"), value = `${card.dataset.card}.${column.dataset.column}`;
  const body = new URLSearchParams(new FormData(form));
  body.append("move", value);
  try {
    const page = await fresh(form.action, { method: "POST", body });
    const next = page.getElementById("results");
    if (!next) throw new Error("no board");
    document.getElementById("results").replaceWith(next);
    lay();
    next.querySelector("[autofocus]")?.focus();
    say(`${card.querySelector("[data-open]").textContent}: ${column.querySelector("h2, .unseen").textContent}`);
  } catch {
    // The server's own words say why not.
    const button = document.createElement("button");
    button.name = "move";
    button.value = value;
    form.append(button);
    button.click();
  }
};

const over = (event) => (dragged && event.target instanceof Element ? event.target.closest("[data-column]") : null);
const mark = (column) => document.querySelectorAll("[data-column]").forEach((one) => one.classList.toggle("over", one === column));
addEventListener("dragstart", (event) => {
  dragged = event.target instanceof Element ? event.target.closest("[data-card]") : null;
  if (dragged) { event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", ""); dragged.classList.add("dragged"); }
});
addEventListener("dragover", (event) => { const column = over(event); mark(column); if (column) event.preventDefault(); });
addEventListener("dragend", () => { dragged?.classList.remove("dragged"); dragged = null; mark(null); });
addEventListener("drop", (event) => {
  const column = over(event), card = dragged;
  if (!column) return;
  event.preventDefault();
  if (!column.contains(card)) move(card, column);
});
lay();
