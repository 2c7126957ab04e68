"use strict";
// Without this script the page shows everything; with it, what the reader asks for.
const form = document.getElementById("filter");
const shown = document.getElementById("shown");
const findings = Array.from(document.querySelectorAll(".finding"), (element) => ({
  element,
  text: (element.textContent + " " + element.closest(".group").textContent).toLowerCase(),
}));
function filter() {
  const asked = new FormData(form);
  const kinds = asked.getAll("kind");
  const words = asked.get("text").toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { element, text } of findings) {
    const theme = asked.get("theme");
    const wanted =
      kinds.includes(element.dataset.kind) &&
      (theme === "" || theme === element.dataset.theme) &&
      words.every((word) => text.includes(word));
    element.hidden = !wanted;
    count += wanted ? 1 : 0;
  }
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = group.querySelector(".finding:not([hidden])") === null;
  }
  shown.textContent = `${count} of ${findings.length} shown`;
}
if (form !== null) {
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}
