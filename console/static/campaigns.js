// Campaigns: follow the events, never take away what somebody is about to confirm.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const KINDS = ["follow_up_begun", "follow_up_result"];
  const live = () => document.getElementById("campaign-live");
  const numbers = document.getElementById("campaign-numbers");

  // --- What happens is shown soon after, however much happens ------------------------

  function atMostEvery(seconds, act) {
    let due = null;
    let last = -Infinity;
    return () => {
      if (due) return;
      const wait = Math.max(0, last + seconds * 1000 - performance.now());
      due = setTimeout(() => {
        due = null;
        last = performance.now();
        act();
      }, wait);
    };
  }

  if (live()) {
    const progress = atMostEvery(1, () => htmx.trigger(document.body, "campaigns-changed"));
    const results = atMostEvery(10, () => htmx.trigger(document.body, "campaign-results-changed"));
    const events = new EventSource(`/api/v1/events?${KINDS.map((kind) => `kind=${kind}`).join("&")}`);
    for (const kind of [...KINDS, "gap"]) {
      events.addEventListener(kind, () => {
        progress();
        results();
      });
    }
    events.addEventListener("open", () => { document.body.dataset.follows = "yes"; });
  }

  // --- A refresh waits while somebody confirms, and keeps the place -------------------

  const confirms = () => live()?.querySelector("details.confirm[open]");
  const places = () => [...live().querySelectorAll("a, button, summary, [tabindex]")];
  let focused = -1;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === live() && confirms()) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== live()) return;
    if (confirms()) event.detail.shouldSwap = false;
    focused = places().indexOf(document.activeElement);
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches("details.confirm") && !event.target.open) htmx.trigger(document.body, "campaigns-changed");
  }, true);

  // --- What is shown must be read and plotted ------------------------------------------

  let plotted = null; // each part that settles is told: once is enough

  function plot(data) {
    if (data === plotted) return;
    plotted = data;
    campaignPlots(data);
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    const place = event.detail.elt;
    if (place === live() && focused >= 0) {
      places()[focused]?.focus();
      focused = -1;
    }
    if (numbers && event.detail.target === numbers) plot(document.getElementById("campaign-plot-data"));
    if (event.detail.target?.id === "import-preview") event.detail.target.querySelector("h2")?.focus();
  });

  // --- A file --------------------------------------------------------------------------

  const form = document.getElementById("import-form");
  if (!form) return;
  const file = document.getElementById("import-file");
  file.addEventListener("change", () => document.getElementById("import-preview").replaceChildren());
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (file.files.length && file.files[0].size > Number(form.dataset.most)) {
      event.preventDefault();
      tell(form.dataset.tooLarge);
    }
  });
});
