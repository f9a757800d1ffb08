// New forms are htmx's at once (settle:0ms): a native submit would reload the page, and take a note away.
// The agent desk: timers, keys that never fire while typing, and notes that no call takes away.
"use strict";

(() => {
  const KEYS = "hotline-desk-keys";
  const TYPED = "input:not([type=checkbox]), select, textarea, [contenteditable]";
  const now = () => document.getElementById("desk-now");
  const work = () => document.getElementById("desk-work");
  let readAt = performance.now();
  let said = "";

  function clock(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const parts = [Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, "0"));
    const hours = Math.floor(whole / 3600);
    return (hours ? [hours, ...parts] : parts).join(":");
  }

  function tick() {
    const passed = (performance.now() - readAt) / 1000;
    for (const timer of document.querySelectorAll("[data-elapsed]")) timer.textContent = clock(Number(timer.dataset.elapsed) + passed);
    for (const timer of document.querySelectorAll("[data-left]")) timer.textContent = clock(Math.ceil(Number(timer.dataset.left) - passed));
  }

  // A new call brings its own forms, but never over a note that is not kept yet.
  function bringWork(call) {
    const draft = document.getElementById("desk-note");
    if (!call || call === work().dataset.call || (draft && draft.value.trim())) return;
    work().dataset.call = call;
    htmx.ajax("GET", `/agent-desk/calls/${encodeURIComponent(call)}`, { target: "#desk-work", swap: "innerHTML settle:0ms" });
  }

  function settled() {
    readAt = performance.now();
    const state = now().querySelector("[data-state]");
    if (state.dataset.state !== said) {
      if (said) document.getElementById("desk-said").textContent = state.dataset.state;
      said = state.dataset.state;
    }
    bringWork(state.dataset.call);
    tick();
  }

  function press(event) {
    if (event.target.id === "desk-note" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (event.target.matches(TYPED)) {
      if (event.key === "Escape") now().focus();
      return;
    }
    if (!document.getElementById("desk-keys").checked) return;
    const wanted = event.key.length === 1 ? event.key.toUpperCase() : "";
    const found = wanted && [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === wanted);
    if (!found || found.disabled) return;
    event.preventDefault();
    if (found.matches(TYPED)) found.focus();
    else found.click();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const keys = document.getElementById("desk-keys");
    keys.checked = localStorage.getItem(KEYS) !== "off";
    keys.addEventListener("change", () => localStorage.setItem(KEYS, keys.checked ? "on" : "off"));
    document.addEventListener("keydown", press);
    let focused = false;
    document.addEventListener("htmx:beforeSwap", (event) => {
      focused = event.target === now() && now().contains(document.activeElement);
    });
    document.addEventListener("htmx:afterSettle", (event) => {
      if (event.target === now() || now().contains(event.target)) settled();
      if (focused && document.activeElement === document.body) now().focus();
      focused = false;
      if (event.target === work()) bringWork(now().querySelector("[data-state]").dataset.call);
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      const { verb, path } = event.detail.requestConfig;
      if (verb === "post" && path.startsWith("/agent-desk/")) htmx.trigger(now(), "desk:read");
    });
    const lost = document.getElementById("desk-lost");
    document.addEventListener("htmx:sseError", () => { lost.hidden = false; });
    document.addEventListener("htmx:sseOpen", () => {
      if (lost.hidden) return;
      lost.hidden = true;
      htmx.trigger(now(), "desk:read");
    });
    settled();
    setInterval(tick, 1000);
  });
})();
