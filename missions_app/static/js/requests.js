// Questions that follow from other answers show at once instead of after saving.
"use strict";

const questions = document.querySelectorAll('input[name="answers"]');
for (const box of questions) {
  const show = () => {
    for (const part of document.querySelectorAll(`[data-asks="${box.value}"]`)) part.hidden = !box.checked;
  };
  if (box.checked) show();  // kept in this browser, and only now back on the page
  box.addEventListener("change", show);
}
