// Drag in the week to choose a time, or drag one's own booking to another: both only fill in the form beside it.
"use strict";

const plan = document.getElementById("plan");
const table = document.querySelector("table[data-plan]");
const firstHour = 6;
const halfHours = 28;

if (plan && table) {
  const fields = plan.elements;
  const words = (half) => {
    const minutes = (firstHour * 60) + (half * 30);
    return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const halfAt = (cell, x) => {
    const box = cell.getBoundingClientRect();
    return Math.max(0, Math.min(halfHours, Math.round(((x - box.left) / box.width) * halfHours)));
  };
  const cellOf = (target) => target.closest("td[data-day]");
  const fill = (cell, from, until, line) => {
    fields.resource.value = cell.parentElement.dataset.resource;
    fields.day.value = cell.dataset.day;
    fields.starts.value = words(from);
    fields.ends.value = words(until);
    fields.line.value = line;
    plan.querySelector("[data-moves]").hidden = line === "";
    plan.scrollIntoView({ block: "nearest" });
    fields.starts.focus({ preventScroll: true });
  };

  let began = null;
  table.addEventListener("pointerdown", (event) => {
    const cell = cellOf(event.target);
    if (!cell || event.button !== 0 || event.target.closest("a")) return;
    began = { cell, half: halfAt(cell, event.clientX) };
    event.preventDefault();
  });
  table.addEventListener("pointerup", (event) => {
    const cell = cellOf(event.target);
    if (!began || cell !== began.cell) { began = null; return; }
    const [from, until] = [began.half, halfAt(cell, event.clientX)].sort((a, b) => a - b);
    fill(cell, from, Math.max(until, from + 2), "");
    began = null;
  });

  table.addEventListener("dragstart", (event) => {
    const slot = event.target.closest("a[data-line]");
    const strip = slot && slot.querySelector("[data-a]");
    if (!strip) return;
    const carried = { line: slot.dataset.line, length: Number(strip.dataset.b) - Number(strip.dataset.a), resource: slot.closest("tr").dataset.resource };
    event.dataTransfer.setData("application/x-missions", JSON.stringify(carried));
    event.dataTransfer.effectAllowed = "move";
  });
  table.addEventListener("dragover", (event) => {
    if (cellOf(event.target) && event.dataTransfer.types.includes("application/x-missions")) event.preventDefault();
  });
  table.addEventListener("drop", (event) => {
    const cell = cellOf(event.target);
    const text = event.dataTransfer.getData("application/x-missions");
    if (!cell || !text) return;
    event.preventDefault();
    const carried = JSON.parse(text);
    if (carried.resource !== cell.parentElement.dataset.resource) return;
    const from = Math.min(halfAt(cell, event.clientX), halfHours - carried.length);
    fill(cell, from, from + carried.length, carried.line);
  });
}
