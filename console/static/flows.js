// The page of a flow: line numbers, the checker's words beside their lines, keys typed.
"use strict";

const text = document.getElementById("flow-text");
const KEYS = "0123456789*#";
const typed = [];

function lineHeight() {
  return parseFloat(getComputedStyle(text).lineHeight);
}

function faults() {
  return [...document.querySelectorAll("#flow-found .flow-fault")];
}

function numberLines() {
  const count = text.value.split("\n").length;
  text.rows = count + 1;
  const worst = new Map();
  for (const fault of faults()) {
    const line = Number(fault.dataset.line);
    if (worst.get(line) !== "bad") worst.set(line, fault.classList.contains("bad") ? "bad" : "warn");
  }
  const lines = document.getElementById("flow-lines");
  lines.replaceChildren(...Array.from({ length: count }, (_, n) => {
    const number = document.createElement("span");
    const kind = worst.get(n + 1);
    number.textContent = `${kind ? (kind === "bad" ? "✗ " : "! ") : ""}${n + 1}`;
    if (kind) number.className = kind;
    return number;
  }));
}

// Each message lies at its line, or below the one before it when there is no room.
function placeFaults() {
  const found = document.getElementById("flow-found");
  const beside = getComputedStyle(found).borderLeftStyle !== "none" && found.offsetTop < text.offsetHeight;
  found.classList.toggle("placed", beside);
  let free = beside ? found.querySelector(".flow-verdict").offsetHeight + 12 : 0;
  for (const fault of faults()) {
    const top = Math.max(free, (Number(fault.dataset.line) - 1) * lineHeight() + 8);
    fault.style.top = beside ? `${top}px` : "";
    free = top + fault.offsetHeight + 4;
  }
  found.style.minHeight = beside ? `${free}px` : "";
}

function showFaults() {
  numberLines();
  placeFaults();
}

function goTo(line, column) {
  const before = text.value.split("\n").slice(0, line - 1).join("\n").length;
  const at = before + (line > 1 ? 1 : 0) + column - 1;
  text.focus({ preventScroll: true });
  text.setSelectionRange(at, at);
  const editor = document.getElementById("flow-editor");
  editor.scrollTop = Math.max(0, (line - 4) * lineHeight());
  editor.scrollIntoView({ block: "nearest" });
}

// A key pressed on the keyboard, while nothing is being typed into a field.
function pressed(event) {
  const key = event.key;
  if (event.ctrlKey || event.altKey || event.metaKey || key.length !== 1 || !KEYS.includes(key)) return;
  event.preventDefault();
  typed.push(key);
  if (!document.getElementById("flow-trial-form").classList.contains("htmx-request")) pressNext();
}

// Keys that are typed faster than they are answered wait for their turn.
function pressNext() {
  const key = typed.shift();
  if (key === undefined) return;
  const button = document.querySelector(`#flow-pad button[data-key="${CSS.escape(key)}"]`);
  if (button && !button.disabled) button.click();
  else pressNext();
}

text.addEventListener("input", numberLines);
document.getElementById("flow-try").addEventListener("keydown", pressed);
document.addEventListener("click", (event) => {
  const place = event.target.closest(".flow-picture [data-line], .flow-fault[data-line]");
  if (place && text) goTo(Number(place.dataset.line), Number(place.dataset.column || 1));
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id === "flow-found" || event.detail.target.id === "flow-found") showFaults();
  if (event.detail.target.id === "flow-trial") {
    const talk = document.getElementById("flow-talk");
    if (talk) talk.scrollTop = talk.scrollHeight;
    if (document.activeElement === document.body) document.getElementById("flow-pad").focus({ preventScroll: true });
    pressNext();
  }
});
addEventListener("resize", placeFaults);
showFaults();
