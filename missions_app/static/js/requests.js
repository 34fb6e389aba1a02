// Questions that follow from other answers show at once instead of after saving.
"use strict";

const questions = document.querySelectorAll('input[name="answers"]');
for (const box of questions) {
  box.addEventListener("change", () => {
    for (const part of document.querySelectorAll(`[data-asks="${box.value}"]`)) part.hidden = !box.checked;
  });
}
