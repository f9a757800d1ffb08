// Somebody is carried to another column by mouse, by pen, or by a finger on his grip.
// A browser's own drag and drop knows no finger, and takes the pointer away for good when it fails.
"use strict";

// Let each `.member[data-movable]` of a ground be carried to a `.column`. `takes(member, column)` says
// which; `drop(member, column)` is told the one he was let go over. The ground itself must stay.
function carryMembers(ground, { takes, drop }) {
  const FAR = 6; // pixels; what is nearer is a click
  const EDGE = 48, STEP = 12; // pixels; near the window's edge it scrolls, so many a frame
  let held = null; // { member, x, y, mark }: the mark follows the pointer

  const columns = () => [...ground.querySelectorAll(".column")];

  function columnUnder() {
    const column = document.elementFromPoint(held.x, held.y)?.closest(".column");
    return column && ground.contains(column) && takes(held.member, column) ? column : null;
  }

  function lift() {
    held.mark = document.createElement("div");
    held.mark.className = "carried";
    held.mark.ariaHidden = "true";
    held.mark.textContent = held.member.dataset.name;
    document.body.append(held.mark);
    ground.classList.add("carrying");
    held.member.classList.add("lifted");
    for (const column of columns()) column.classList.toggle("takes", takes(held.member, column));
    follow();
  }

  function follow() {
    if (!held?.mark) return;
    held.mark.style.translate = `${held.x}px ${held.y}px`;
    if (held.y < EDGE) scrollBy(0, -STEP);
    if (held.y > innerHeight - EDGE) scrollBy(0, STEP);
    const under = columnUnder();
    for (const column of columns()) column.classList.toggle("over", column === under);
    requestAnimationFrame(follow);
  }

  function letGo() {
    held?.mark?.remove();
    held = null;
    ground.classList.remove("carrying");
    for (const marked of ground.querySelectorAll(".lifted, .takes, .over")) marked.classList.remove("lifted", "takes", "over");
  }

  ground.addEventListener("pointerdown", (event) => {
    const member = event.target.closest(".member[data-movable]");
    const grip = event.target.closest(".grip");
    if (held || !member || event.button !== 0 || event.target.closest("button")) return;
    if (event.pointerType === "touch" && !grip) return; // a finger scrolls
    ground.setPointerCapture(event.pointerId);
    held = { member, x: event.clientX, y: event.clientY, mark: null };
  });
  ground.addEventListener("pointermove", (event) => {
    if (!held) return;
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y);
    if (!held.mark && far < FAR) return;
    [held.x, held.y] = [event.clientX, event.clientY];
    if (!held.mark) lift();
  });
  ground.addEventListener("pointerup", (event) => {
    if (!held?.mark) return;
    [held.x, held.y] = [event.clientX, event.clientY];
    const { member } = held, column = columnUnder();
    letGo();
    if (column) drop(member, column);
  });
  ground.addEventListener("lostpointercapture", letGo); // after each press, whatever its end
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") letGo();
  });
}
