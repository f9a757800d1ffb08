// The wallboard: follows the live events, and shows each board as it comes.
"use strict";

(() => {
  const IN_TIME_SECONDS = 15;
  const VERY_LATE_SECONDS = 60;
  const root = document.getElementById("wallboard");
  const words = JSON.parse(document.getElementById("wallboard-words").textContent);
  const titles = JSON.parse(document.getElementById("wallboard-titles").textContent);
  const zone = root.dataset.zone;
  const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  const minutes = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false });
  const plot = wallboardPlot(document.getElementById("wallboard-plot"), words, minutes);
  let ahead = 0; // how far the service's clock is before this screen's
  let board = null;

  const place = (name) => root.querySelector(`[data-show="${name}"]`);
  const now = () => Date.now() + ahead;

  function show(name, text) {
    const there = place(name);
    if (there.textContent !== text) there.textContent = text;
  }

  function lines(name, texts) {
    const there = place(name);
    if (there.textContent === texts.join("")) return;
    there.replaceChildren(...texts.map((text) => {
      const line = document.createElement("span");
      line.className = "line";
      line.textContent = text;
      return line;
    }));
  }

  function percent(name, share) {
    const there = place(name);
    if (share.rate === null) { there.textContent = "–"; return; }
    const sign = document.createElement("span");
    sign.className = "small";
    sign.textContent = "%";
    there.replaceChildren((Math.floor(share.rate * 1000) / 10).toFixed(1), sign);
  }

  const rate = (share) => share.rate === null ? "–" : `${(Math.floor(share.rate * 1000) / 10).toFixed(1)}%`;
  const mood = (tile, value) => { root.querySelector(`[data-tile="${tile}"]`).dataset.mood = value; };
  const waited = (since) => since === null ? null : Math.max(0, (now() - Date.parse(since)) / 1000);
  const at = (moment) => minutes.format(new Date(moment));

  function length(seconds) {
    if (seconds === null) return "0:00";
    const whole = Math.floor(seconds);
    const hours = Math.floor(whole / 3600);
    const rest = String(whole % 60).padStart(2, "0");
    const middle = Math.floor(whole / 60) % 60;
    return hours ? `${hours}:${String(middle).padStart(2, "0")}:${rest}` : `${middle}:${rest}`;
  }

  function moodOfWait(seconds) {
    if (seconds === null || seconds <= IN_TIME_SECONDS) return "good";
    return seconds <= VERY_LATE_SECONDS ? "warn" : "bad";
  }

  function showWait() {
    const seconds = waited(board.waiting_since);
    const how = moodOfWait(seconds);
    show("longest", length(seconds));
    mood("longest", how);
    mood("waiting", board.waiting ? how : "good");
    const told = { good: words.in_time, warn: words.late, bad: words.very_late }[how];
    lines("longest_under", [seconds === null ? words.nobody : told]);
    for (const cell of root.querySelectorAll("[data-since]")) {
      const own = waited(cell.dataset.since || null);
      cell.textContent = own === null ? "–" : length(own);
      cell.dataset.mood = moodOfWait(own);
    }
  }

  function showQuarter() {
    const { quarter, day } = board;
    percent("quarter", quarter.in_15_seconds);
    const known = quarter.in_15_seconds.rate;
    mood("quarter", known === null ? "" : known >= day.target ? "good" : known >= day.target - 0.1 ? "warn" : "bad");
    lines("quarter_under", [
      `${words.quarter} ${quarter.in_15_seconds.part}/${quarter.in_15_seconds.whole}`,
      `${words.day} ${words.of_offered} ${rate(day.in_15_seconds_of_offered)} · ${words.of_answered} ${rate(day.in_15_seconds_of_answered)}`,
    ]);
  }

  function foreseen(day) {
    if (!day.foreseen) return words.few;
    if (day.crosses_at === null) return day.below_target ? words.stays_below : words.holds;
    const span = day.earliest && day.latest && day.earliest !== day.latest ? ` (${at(day.earliest)}–${at(day.latest)})` : "";
    return `${day.below_target ? words.rises : words.falls} ${at(day.crosses_at)}${span}`;
  }

  function showConnect() {
    const { day } = board;
    percent("connect", day.connect);
    const none = day.connect.rate === null;
    mood("connect", none ? "" : day.below_target ? "bad" : day.crosses_at ? "warn" : "good");
    lines("connect_under", [
      `${words.target} ${Math.round(day.target * 100)}% · ${day.connect.part}/${day.connect.whole}`,
      foreseen(day),
    ]);
  }

  function showPlan() {
    const { plan } = board;
    const sign = root.querySelector(".plan");
    const level = plan.level ? `${words.plan} ${plan.level}` : words.normal;
    const wish = plan.proposed !== null && plan.proposed !== plan.level;
    const proposed = !wish ? "" : ` → ${plan.proposed ? `${words.plan} ${plan.proposed}` : words.normal} ${words.proposed}`;
    show("plan", level + proposed);
    sign.dataset.mood = plan.level >= 2 ? "bad" : plan.level || wish ? "warn" : "good";
    root.querySelector(".storm").hidden = !plan.surge;
    show("storm", plan.surge ? `${words.storm} ×${plan.surge_ratio.toFixed(1)}` : "");
  }

  function showAgents() {
    const { states, logged_in, overdue } = board.agents;
    show("logged_in", String(logged_in));
    show("ready", String(states.ready));
    show("ringing", String(states.offered + states.ringing));
    show("talking", String(states.talking));
    show("wrap_up", String(states.wrap_up));
    show("paused", String(states.paused));
    show("overdue", overdue ? `${overdue} ${words.overdue}` : "");
  }

  function cell(kind, text, numeric = true) {
    const made = document.createElement(kind);
    made.textContent = text;
    if (kind === "th") made.scope = "row";
    if (numeric) made.className = "number";
    return made;
  }

  function showQueues() {
    document.getElementById("wallboard-queues").replaceChildren(...board.queues.map((queue) => {
      const row = document.createElement("tr");
      const longest = cell("td", "");
      longest.dataset.since = queue.waiting_since ?? "";
      row.append(cell("th", titles[queue.name] ?? queue.name, false), cell("td", String(queue.waiting)), longest,
        cell("td", String(queue.talking)), cell("td", `${queue.ready}/${queue.logged_in}`));
      return row;
    }));
  }

  function showBoard(text) {
    board = JSON.parse(text);
    ahead = Date.parse(board.at) - Date.now();
    show("waiting", String(board.waiting));
    lines("waiting_under", [`${words.talking} ${board.talking}`, `${words.ready} ${board.agents.states.ready}`]);
    showQueues();
    showWait();
    showQuarter();
    showConnect();
    showPlan();
    showAgents();
    plot.count(board.quarter);
  }

  function showFigures(curve) {
    const isForeseen = curve.quarters.some((quarter) => quarter.forecast !== null);
    show("unforeseen", isForeseen ? "" : words.unforeseen);
    const given = (value) => value === null ? "" : String(Math.round(value * 10) / 10);
    document.getElementById("wallboard-figures").replaceChildren(...curve.quarters.map((quarter) => {
      const row = document.createElement("tr");
      row.append(cell("th", at(quarter.start), false), cell("td", String(quarter.calls)), cell("td", given(quarter.forecast)),
        cell("td", given(quarter.required)), cell("td", String(quarter.rostered)), cell("td", given(quarter.present)));
      return row;
    }));
  }

  function link(how) {
    root.dataset.link = how;
    show("link", words[how]);
  }

  function follow() {
    const source = new EventSource(root.dataset.events);
    source.addEventListener("board", (event) => { showBoard(event.data); link("live"); });
    source.addEventListener("curve", (event) => {
      const curve = JSON.parse(event.data);
      plot.show(curve, now());
      showFigures(curve);
    });
    source.onopen = () => link("live");
    source.onerror = () => {
      link("lost");
      // A browser does not try again by itself what was refused: perhaps we must log in.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 15000);
    };
  }

  function tick() {
    show("clock", clock.format(new Date(now())));
    if (board) showWait();
  }

  const full = root.querySelector("[data-full]");
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", () => root.requestFullscreen());
  setInterval(tick, 1000);
  tick();
  follow();
})();
