// The shift desk: people are carried or moved by a menu, and no refresh takes work away.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const HOUR = 3; // the fourth of the quarters of an hour to come
  const crew = document.getElementById("shift-crew");
  const armed = document.getElementById("shift-armed");
  const dialog = document.getElementById("shift-move");
  const form = dialog.querySelector("form");
  const plot = shiftPlot(document.getElementById("shift-plot"));
  const parts = new Set(document.querySelectorAll(".shift-desk [hx-trigger]"));
  let pressed = false; // nothing may move or be replaced under a press
  let missed = false; // a refresh came meanwhile
  const kept = new Map(); // what a part had before it was replaced

  // --- Moving somebody -------------------------------------------------------------

  function fillUntils(select) {
    const untils = JSON.parse(document.getElementById("shift-untils").textContent);
    const end = new Option(select.dataset.end, "");
    select.replaceChildren(...untils.map((until) => new Option(until, until)), end);
    select.selectedIndex = HOUR;
  }

  function ask(member, post) {
    const posts = member.dataset.posts.split(" ");
    const select = form.elements.post;
    form.elements.person_id.value = member.dataset.person;
    dialog.querySelector("[data-name]").textContent = member.dataset.name;
    dialog.querySelector("[data-now]").textContent = member.closest(".column").querySelector("h3").firstChild.textContent;
    for (const option of select.options) {
      option.hidden = option.disabled = !posts.includes(option.value) || option.value === member.dataset.where;
    }
    const first = [...select.options].find((option) => !option.disabled);
    select.value = post ?? (first ? first.value : "");
    fillUntils(form.elements.until);
    dialog.showModal();
    (post ? form.querySelector("[type=submit]") : select).focus();
  }

  crew.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) ask(button.closest(".member"), null);
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) dialog.close();
  });

  carryMembers(crew, {
    takes: (member, column) =>
      column.dataset.place !== member.dataset.where && member.dataset.posts.split(" ").includes(column.dataset.place),
    drop: (member, column) => ask(member, column.dataset.place),
  });

  // --- An armed plan ---------------------------------------------------------------

  function disarm() {
    armed.hidden = true;
    armed.replaceChildren();
  }

  armed.addEventListener("click", (event) => {
    if (!event.target.closest("[data-disarm]")) return;
    disarm();
    document.getElementById("shift-plans-title").focus();
  });

  // --- The day's figures begin with this quarter of an hour --------------------------

  document.getElementById("shift-day").addEventListener("click", (event) => {
    const details = event.target.closest("summary")?.parentElement;
    if (!details || details.open) return;
    requestAnimationFrame(() => {
      const now = details.querySelector("tr.now");
      details.querySelector(".tall").scrollTop = now.offsetTop - 2 * now.offsetHeight;
    });
  });

  // --- Refreshes -------------------------------------------------------------------

  const part = (event) => event.detail.target;
  const isHeldBack = (event) => pressed && parts.has(event.detail.requestConfig.elt); // no press asked for it

  document.addEventListener("pointerdown", () => { pressed = true; });
  for (const end of ["pointerup", "pointercancel", "pointermove"]) {
    document.addEventListener(end, (event) => {
      if (!pressed || event.buttons) return;
      pressed = false;
      if (missed) htmx.trigger(document.body, "shift-desk-changed");
      missed = false;
    });
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isHeldBack(event)) return;
    event.preventDefault();
    missed = true;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const place = part(event);
    if (isHeldBack(event)) {
      event.detail.shouldSwap = false;
      missed = true;
    }
    if (!event.detail.shouldSwap) return;
    kept.set(place, {
      hadFocus: place.contains(document.activeElement),
      unchosen: [...place.querySelectorAll("input[name=ids]:not(:checked)")].map((box) => box.value),
      open: [...place.querySelectorAll("details[open][data-keep]")].map((one) => one.dataset.keep),
      scrolled: [...place.querySelectorAll(".tall")].map((one) => one.scrollTop),
    });
    if (place === armed) armed.hidden = false;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = part(event);
    if (!kept.has(place)) return;
    const { hadFocus, unchosen, open, scrolled } = kept.get(place);
    kept.delete(place);
    for (const box of place.querySelectorAll("input[name=ids]")) {
      if (unchosen.includes(box.value)) box.checked = false;
    }
    for (const one of place.querySelectorAll("details[data-keep]")) one.open = open.includes(one.dataset.keep);
    [...place.querySelectorAll(".tall")].forEach((one, index) => { one.scrollTop = scrolled[index] ?? 0; });
    if (place.id === "shift-day") plot.show(document.getElementById("shift-plot-data"));
    const lost = hadFocus && document.activeElement === document.body;
    if (lost || place === armed) place.querySelector("h2")?.focus();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.elt.matches("[data-armed]")) disarm();
  });
});
