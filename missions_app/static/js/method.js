// Asks the server's validator while the method is edited, and says what is wrong at the field. Saving works without.
"use strict";

const partForm = document.querySelector("form[data-check]");

if (partForm) {
  const status = document.getElementById("check-status");
  let asked = 0;
  let timer = 0;

  const say = (field, text) => {
    const input = partForm.elements[field];
    if (!input || !input.id) return;
    const id = `${field}-error`;
    let line = document.getElementById(id);
    if (!text) {
      if (line) line.remove();
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
      return;
    }
    if (!line) {
      line = document.createElement("p");
      line.className = "ds-validation-message";
      line.id = id;
      input.after(line);
    }
    line.textContent = text;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", id);
  };

  const check = async () => {
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(partForm.dataset.check, {
        method: "POST", body: new FormData(partForm), headers: { Accept: "application/json" },
      });
      if (!answer.ok || mine !== asked) return;
      const found = await answer.json();
      for (const input of partForm.elements) if (input.id) say(input.name, found.fields[input.name]);
      if (status.textContent !== found.summary) status.textContent = found.summary;
    } catch {
      // The line is down: what is typed stays, and the server judges it when it is saved.
    }
  };

  partForm.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, 600);
  });
  partForm.addEventListener("change", () => {
    clearTimeout(timer);
    check();
  });
}
