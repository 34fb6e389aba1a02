// Drag in the week to choose a time, or drag one's own booking to another: both only fill in the form beside it.
"use strict";

const plan = document.getElementById("plan");
const table = document.querySelector("table[data-plan]");
const firstHour = 6;
const halfHours = 28;

if (plan && table) {
  const fields = plan.elements;
  const minuteOf = (half) => (firstHour * 60) + (half * 30);
  const words = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const halfAt = (cell, x) => {
    const box = cell.getBoundingClientRect();
    return Math.max(0, Math.min(halfHours, Math.round(((x - box.left) / box.width) * halfHours)));
  };
  const cellOf = (target) => target.closest("td[data-day]");
  const choose = (line) => {
    fields.line.value = line;
    plan.querySelector("[data-moves]").hidden = line === "";
  };
  const fill = (cell, from, until, line) => { // minutes of the day
    fields.resource.value = cell.parentElement.dataset.resource;
    fields.day.value = cell.dataset.day;
    fields.starts.value = words(from);
    fields.ends.value = words(until);
    choose(line);
    plan.scrollIntoView({ block: "nearest" });
    fields.starts.focus({ preventScroll: true });
  };

  fields.resource.addEventListener("change", () => choose("")); // another resource is another booking

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
    fill(cell, minuteOf(from), minuteOf(Math.max(until, from + 2)), "");
    began = null;
  });

  // What is moved keeps its length, and straight to the side its hour as well. A strip shows set-up and clean-up too.
  let carried = null;
  table.addEventListener("dragstart", (event) => {
    const slot = event.target.closest("a[data-line]");
    carried = null;
    if (!slot) return;
    const { line, starts, minutes } = slot.dataset;
    const cell = cellOf(slot);
    carried = { line, starts: Number(starts), minutes: Number(minutes), row: cell.parentElement, half: halfAt(cell, event.clientX) };
    event.dataTransfer.setData("text/plain", line);
    event.dataTransfer.effectAllowed = "move";
  });
  const takes = (event) => carried && cellOf(event.target)?.parentElement === carried.row;
  table.addEventListener("dragover", (event) => {
    if (takes(event)) event.preventDefault();
  });
  table.addEventListener("drop", (event) => {
    if (!takes(event)) return;
    event.preventDefault();
    const cell = cellOf(event.target);
    const later = halfAt(cell, event.clientX) - carried.half;
    const wanted = carried.starts + (Math.abs(later) > 1 ? later * 30 : 0);
    const from = Math.max(0, Math.min(wanted, (24 * 60) - carried.minutes));
    fill(cell, from, from + carried.minutes, carried.line);
  });
}
