// Clicks saved, never access given: counters, autosave and a warning before typed text is left behind.
"use strict";

for (const counter of document.querySelectorAll("[data-counts]")) {
  const area = document.getElementById(counter.dataset.counts);
  const most = Number(area.dataset.most);
  const say = () => { counter.textContent = `${area.value.length} / ${most}`; };
  area.addEventListener("input", say);
  say();
}

const saveDelay = 1500;
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const line = document.querySelector("[data-saveline]");
  const key = `missions:${form.dataset.autosave}`;
  let timer = 0;
  const tell = (text) => { if (line) line.textContent = text; };
  const save = async () => {
    const typed = new FormData(form);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: typed, headers: { Accept: "application/json" } });
      const body = await answer.json();
      if (body.version !== undefined && form.elements.version) form.elements.version.value = body.version;
      tell(body.message ?? "");
      if (answer.ok) localStorage.removeItem(key);
    } catch {
      localStorage.setItem(key, JSON.stringify([...typed].filter(([name]) => name !== "csrf_token")));
      tell(form.dataset.offline ?? "");
      timer = window.setTimeout(save, 10 * saveDelay);
    }
  };
  form.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(save, saveDelay); });
}

const summary = document.querySelector(".m-errors");
if (summary) summary.focus();
