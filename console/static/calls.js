// The player of a recording: two channels drawn from peaks, all of it by keyboard.
"use strict";

(() => {
  const player = document.getElementById("player");
  if (!player) return;
  const [audio, seek, play, speed, clock, wave] =
    ["audio", "seek", "play", "speed", "clock", "wave"].map((id) => document.getElementById(id));
  const seconds = Number(player.dataset.seconds);
  const marks = [...player.querySelectorAll("[data-mark]")];
  let peaks = null;
  let wanted = 0;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const told = (value) => `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, "0")}`;
  const here = () => (audio.readyState ? audio.currentTime : wanted);

  function lane(paint, values, middle, height, width) {
    const step = width / values.length;
    values.forEach((value, at) => {
      const tall = Math.max(1, value / 100 * height);
      paint.fillRect(at * step, middle - tall / 2, Math.max(1, step - 0.5), tall);
    });
  }

  function draw() {
    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = wave;
    wave.width = width * scale;
    wave.height = height * scale;
    const paint = wave.getContext("2d");
    paint.scale(scale, scale);
    if (peaks) {
      paint.fillStyle = colour("--plot-1");
      lane(paint, peaks.citizen, height / 4, height / 2 - 6, width);
      paint.fillStyle = colour("--plot-2");
      lane(paint, peaks.agent, height * 3 / 4, height / 2 - 6, width);
    }
    paint.fillStyle = colour("--faint");
    for (const mark of marks) {
      for (let y = 0; y < height; y += 6) paint.fillRect(Number(mark.dataset.mark) / seconds * width, y, 1, 3);
    }
    paint.fillStyle = colour("--bad");
    paint.fillRect(here() / seconds * width, 0, 2, height);
  }

  function show() {
    seek.value = here();
    seek.setAttribute("aria-valuetext", told(here()));
    clock.textContent = `${told(here())} / ${told(seconds)}`;
    play.textContent = audio.paused ? player.dataset.play : player.dataset.pause;
    draw();
  }

  function go(to) {
    wanted = Math.min(Math.max(0, to), seconds);
    if (audio.readyState) audio.currentTime = wanted;
    show();
  }

  function toggle() {
    if (audio.paused) audio.play().catch(() => tell(player.dataset.lost));
    else audio.pause();
  }

  function faster(by) {
    speed.selectedIndex = Math.min(Math.max(0, speed.selectedIndex + by), speed.options.length - 1);
    audio.playbackRate = Number(speed.value);
  }

  const KEYS = {
    k: toggle,
    j: () => go(here() - 5),
    l: () => go(here() + 5),
    "<": () => faster(-1),
    ">": () => faster(1),
  };
  document.addEventListener("keydown", (event) => {
    const writes = event.target.matches("input:not([type=range]), select, textarea");
    const act = KEYS[event.key.toLowerCase()];
    if (!act || writes || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  });
  play.addEventListener("click", toggle);
  seek.addEventListener("input", () => go(Number(seek.value)));
  speed.addEventListener("change", () => { audio.playbackRate = Number(speed.value); });
  wave.addEventListener("click", (event) => go(event.offsetX / wave.clientWidth * seconds));
  for (const part of player.querySelectorAll("[data-skip]")) {
    part.addEventListener("click", () => go(here() + Number(part.dataset.skip)));
  }
  for (const mark of marks) mark.addEventListener("click", () => go(Number(mark.dataset.mark)));
  audio.addEventListener("loadedmetadata", () => {
    if (wanted) audio.currentTime = wanted;
    audio.playbackRate = Number(speed.value);
  });
  for (const name of ["timeupdate", "play", "pause", "ended", "seeked"]) audio.addEventListener(name, show);
  audio.addEventListener("error", () => tell(player.dataset.lost));
  window.addEventListener("resize", draw);
  fetch(player.dataset.peaks).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
    .then((found) => { peaks = found; wave.dataset.drawn = "yes"; draw(); })
    .catch(() => tell(player.dataset.lost));
  show();
})();
