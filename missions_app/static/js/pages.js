// Clicks saved, never access given: counters, and focus on what is to be mended.
"use strict";

for (const counter of document.querySelectorAll("[data-counts]")) {
  const area = document.getElementById(counter.dataset.counts);
  const most = Number(area.dataset.most);
  const say = () => { counter.textContent = `${area.value.length} / ${most}`; };
  area.addEventListener("input", say);
  say();
}

// What is kept in this browser while somebody writes belongs to that session only.
for (const form of document.querySelectorAll('form[action$="/sign-out"]')) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("missions:")) localStorage.removeItem(key);
  });
}

const summary = document.querySelector(".m-errors");
if (summary) summary.focus();
