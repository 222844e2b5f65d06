// Pages that change while one looks: long work, and search as one types. The same page is fetched and one part of it put in place.
import { say } from "./forms.js";

const fresh = async (address, init) => {
  const answer = await fetch(address, init);
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

// Long work: every second while it runs; each quarter is said aloud; the end loads the page, which then shows the result.
const follow = (quarter) => setTimeout(async () => {
  const job = document.getElementById("job");
  if (job?.dataset.job !== "running") return;
  try {
    const next = (await fresh(location.href)).getElementById("job");
    if (next?.dataset.job !== "running") { location.reload(); return; }
    const held = job.contains(document.activeElement);
    if (!held) job.replaceWith(next);
    else for (const part of ["progress", ".job-words"]) { const a = job.querySelector(part), b = next.querySelector(part); if (a && b) a.replaceWith(b); }
    if (next.dataset.quarter !== quarter) say(next.querySelector(".job-words")?.textContent ?? "");
    follow(next.dataset.quarter);
  } catch {
    setTimeout(() => follow(quarter), 4000);
  }
}, document.hidden ? 10000 : 1000);
const job = document.getElementById("job");
if (job?.dataset.job === "running") { job.querySelector("[data-again]")?.remove(); follow(job.dataset.quarter); }

// Search as one types: the form's own POST, a quarter of a second after the last key; only the newest answer is shown.
for (const form of document.querySelectorAll("form[data-live-search]")) {
  let timer, running;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      try {
        const page = await fresh(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: running.signal });
        const next = page.getElementById("results");
        if (next) { document.getElementById("results")?.replaceWith(next); say(page.querySelector(".head .quiet")?.textContent ?? ""); }
      } catch { /* The form still works with Enter. */ }
    }, 250);
  });
}

export { fresh };
