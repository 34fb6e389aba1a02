// Writing without losing a word: saved as typed on the server, kept in the browser while the line is down, and similar
// texts looked for meanwhile. Everything here works without it too, by the buttons of the form.
"use strict";

const saveDelay = 1200;
const retryDelay = 12000;
const longestAddress = 3500;
const skipped = new Set(["csrf_token", "version", "mine", "next", "once"]);
const typedIn = (form) => [...new FormData(form)].filter(([name, value]) => !skipped.has(name) && typeof value === "string");
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function keep(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: the server still saves */ }
}

function kept(key) {
  try { return JSON.parse(localStorage.getItem(key) ?? "null"); } catch { return null; }
}

function fill(form, fields) {
  for (const field of form.elements) {
    if (!field.name || skipped.has(field.name) || field.type === "submit") continue;
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
    if (field.type === "checkbox" && field.checked) field.closest("details")?.setAttribute("open", "");
  }
}

function tell(text, isWaiting) {
  const line = document.querySelector("[data-saveline]");
  if (!line || !text) return;
  line.textContent = text;
  line.closest(".m-tag")?.setAttribute("data-color", isWaiting ? "signal" : "success");
}

// What follows from what was typed comes back with the answer, by the id of its place in the page.
function showParts(parts) {
  for (const [id, markup] of Object.entries(parts ?? {})) {
    const place = document.getElementById(id);
    const made = new DOMParser().parseFromString(markup, "text/html").body;
    if (place && place.textContent.replace(/\s+/g, " ").trim() !== made.textContent.replace(/\s+/g, " ").trim()) {
      place.replaceChildren(...made.childNodes);
    }
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const key = `missions:${form.dataset.writer}:${form.dataset.autosave}`;
  let saved = typedIn(form);
  let timer = 0;
  let flight = null;
  let isLeaving = false;

  const later = (delay) => { window.clearTimeout(timer); timer = window.setTimeout(save, delay); };
  const note = () => keep(key, { version: form.elements.version.value, fields: typedIn(form) });

  async function send() {
    const now = typedIn(form);
    if (same(now, saved)) { localStorage.removeItem(key); return; }
    let answer;
    try {
      answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual",
      });
    } catch {
      tell(form.dataset.offline, true);
      later(retryDelay);
      return;
    }
    if (answer.type === "opaqueredirect" || answer.status === 400) { tell(form.dataset.signedOut, true); return; }
    const body = await answer.json().catch(() => ({}));
    tell(body.message ?? form.dataset.offline, !answer.ok || body.left_out?.length > 0);
    if (!answer.ok) return;
    form.elements.version.value = body.version;
    saved = now;
    showParts(body.parts);
    if (!same(typedIn(form), saved)) { note(); later(saveDelay); }
    else if (body.left_out?.length) note();  // what was left out is only here
    else localStorage.removeItem(key);
  }

  async function save() {
    window.clearTimeout(timer);
    if (flight) { later(saveDelay); return; }
    flight = send();
    try { await flight; } finally { flight = null; }
  }

  const isRefused = document.querySelector(".m-errors") !== null;
  if (kept(`${key}:pressed`)) {
    // Pressing a button saved it, if the version has gone on; what was refused is shown, and still only here.
    if (isRefused) note();
    else if (kept(key)?.version !== form.elements.version.value) localStorage.removeItem(key);
    localStorage.removeItem(`${key}:pressed`);
  }
  const before = kept(key);
  if (before && !same(before.fields, saved) && !isRefused) {
    fill(form, before.fields);
    form.elements.version.value = before.version;  // if others have saved since, the answer is a choice between texts
    tell(form.dataset.kept, true);
    later(0);
  }
  form.addEventListener("input", () => { note(); later(saveDelay); });
  window.addEventListener("online", () => later(0));
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    isLeaving = true;
    keep(`${key}:pressed`, true);
    if (!flight) return;
    event.preventDefault();
    const { submitter } = event;
    flight.finally(() => form.requestSubmit(submitter));
  });
  window.addEventListener("pagehide", () => {
    if (!isLeaving && !same(typedIn(form), saved)) navigator.sendBeacon(form.dataset.autosave, new FormData(form));
  });
  for (const name of Object.keys(localStorage)) if (name.startsWith("missions:") && name.endsWith(":sent")) {
    localStorage.removeItem(name);
    localStorage.removeItem(name.slice(0, -":sent".length));
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = `missions:${form.dataset.writer}:${form.dataset.keep}`;
  const before = kept(key);
  const isEmpty = [...form.querySelectorAll("textarea")].every((area) => !area.value);
  if (before && isEmpty && before.some(([name, value]) => value && form.elements[name]?.tagName === "TEXTAREA")) {
    fill(form, before);
    const said = document.querySelector("[data-saveline]");
    if (said) { said.hidden = false; said.textContent = form.dataset.kept; }
  }
  form.addEventListener("input", () => keep(key, typedIn(form)));
  form.addEventListener("submit", () => keep(`${key}:sent`, true));
}

for (const panel of document.querySelectorAll("[data-similar]")) {
  const fields = panel.dataset.similarFrom.split(" ").map((name) => document.getElementById(name)).filter(Boolean);
  const list = panel.querySelector("[data-similar-list]");
  let timer = 0;
  let asked = "";
  const look = async () => {
    let text = fields.map((field) => field.value).join(" ").trim().slice(0, 1500);
    while (encodeURIComponent(text).length > longestAddress) text = text.slice(0, -50);
    if (text.length < 20 || text === asked) return;
    asked = text;
    const question = new URLSearchParams({ text, besides: panel.dataset.besides ?? "" });
    const answer = await fetch(`${panel.dataset.similar}?${question}`).catch(() => null);
    if (!answer?.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-similar-list]");
    list.replaceChildren(...found.childNodes);
    panel.hidden = !list.querySelector("li");
  };
  for (const field of fields) field.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(look, saveDelay); });
}

// A click on the coast fills in the degrees, which can always be written by hand.
for (const map of document.querySelectorAll("svg[data-map]")) {
  const [latitude, longitude] = map.dataset.map.split(" ").map((name) => document.getElementById(name));
  const [west, north, east, south] = map.dataset.edges.split(" ").map(Number);
  const written = (degrees) => degrees.toFixed(4).replace(".", document.documentElement.lang === "sv" ? "," : ".");
  map.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    latitude.value = written(north - y * (north - south));
    longitude.value = written(west + x * (east - west));
    const view = map.viewBox.baseVal;
    const pin = map.querySelector(".m-map__chosen");
    pin.setAttribute("cx", view.x + x * view.width);
    pin.setAttribute("cy", view.y + y * view.height);
    pin.setAttribute("r", 11);
    map.querySelector(".m-map__around").setAttribute("r", 0);
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
