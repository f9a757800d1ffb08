// A flow's text that is not kept yet: whoever goes elsewhere is asked first; Ctrl+S keeps it.
"use strict";

{
  const form = document.getElementById("flow-form");
  const text = document.getElementById("flow-text");
  const ask = document.getElementById("flow-unsaved");
  const kept = "refused" in form.dataset ? null : text.value;
  let leaving = false;
  let goOn = null;

  const isUnsaved = () => !leaving && text.value !== kept;

  function askFirst(event, go) {
    if (!isUnsaved()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    goOn = go;
    if (!ask.open) ask.showModal();
  }

  function leave() {
    leaving = true;
    goOn();
  }

  // Closing the window, reloading, going back: the browser asks in words of its own.
  addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });
  // Back from another page by the browser's memory: what is here may be left unsaved again.
  addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const stays = !link || link.target || link.hasAttribute("download") || link.getAttribute("href").startsWith("#");
    if (stays || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    askFirst(event, () => location.assign(link.href));
  }, true);
  document.addEventListener("submit", (event) => {
    const other = event.target;
    if (other === form) leaving = true;
    else if (!ask.contains(other) && !other.hasAttribute("hx-post")) askFirst(event, () => other.requestSubmit(event.submitter));
  }, true);
  // A part of the page that takes the text's place.
  document.addEventListener("htmx:confirm", (event) => {
    const target = event.detail.target;
    if (target !== text && target.contains(text)) askFirst(event, () => event.detail.issueRequest(true));
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    if (isUnsaved()) form.requestSubmit();
  });
  document.getElementById("flow-keep").addEventListener("click", () => {
    ask.close();
    form.requestSubmit();
  });
  document.getElementById("flow-leave").addEventListener("click", () => {
    ask.close();
    leave();
  });
}
