// Doubtful answers, by keyboard: one key plays, one key sets, and the next one comes.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const review = document.getElementById("review");
  const keys = document.getElementById("review-keys");
  const clip = () => document.getElementById("review-clip");

  function play() {
    clip().play().catch(() => tell(clip().dataset.lost));
  }

  const ACTS = {
    k: () => (clip().paused ? play() : clip().pause()),
    r: () => {
      clip().currentTime = 0;
      play();
    },
  };

  function act(key) {
    if (ACTS[key]) {
      if (clip()) ACTS[key]();
      return Boolean(clip());
    }
    const button = [...review.querySelectorAll("[data-key]")].find((one) => one.dataset.key.toLowerCase() === key);
    button?.click();
    return Boolean(button);
  }

  let busy = false; // a key that is pressed twice must not set the next answer
  document.addEventListener("keydown", (event) => {
    const writes = event.target.matches("input:not([type=checkbox]), select, textarea");
    if (!keys.checked || writes || busy || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (act(event.key.toLowerCase())) event.preventDefault();
  });
  review.addEventListener("htmx:beforeRequest", () => { busy = true; });
  review.addEventListener("htmx:afterRequest", () => { busy = false; });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === review) document.getElementById("review-title")?.focus();
  });
});
