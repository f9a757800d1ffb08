// The rates of a campaign: by day as lines, by unit as bars.
"use strict";

const campaignCharts = new Map();

function campaignPlots(data) {
  const TINTS = { attempted: "--plot-5", reached: "--plot-4", completed: "--plot-2", satisfied: "--plot-1", solved: "--plot-3" };
  const DASHES = { attempted: "dotted", reached: "dashed", completed: "dashed", satisfied: "solid", solved: "solid" };
  const SIGNS = { attempted: "rect", reached: "triangle", completed: "diamond", satisfied: "circle", solved: "emptyCircle" };
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const size = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8;
  const percent = (value) => (value === null || value === undefined ? "–" : `${value} %`);

  function parts(title, names) {
    const text = { color: colour("--text"), fontSize: size() };
    return {
      animation: false,
      title: { text: title, textStyle: { ...text, fontWeight: 600 } },
      legend: { data: names, top: size() * 1.8, textStyle: text, selectedMode: false, itemGap: 14 },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("--surface"), borderColor: colour("--line"), textStyle: text, valueFormatter: percent },
      grid: { left: size(), right: size() * 2, top: size() * 5.2, bottom: size(), containLabel: true },
    };
  }

  const line = () => ({ lineStyle: { color: colour("--line") } });
  const label = (more) => ({ color: colour("--text"), fontSize: size(), ...more });
  const shares = () => ({ type: "value", min: 0, max: 100, axisLabel: label({ formatter: "{value} %" }), splitLine: line() });

  function byDay({ names, title, days, by_day: rates }) {
    return {
      ...parts(title.days, Object.keys(rates).map((name) => names[name])),
      xAxis: { type: "category", data: days, axisLine: line(), axisLabel: label({ hideOverlap: true }) },
      yAxis: shares(),
      series: Object.entries(rates).map(([name, values]) => ({
        name: names[name], type: "line", data: values, symbol: SIGNS[name], symbolSize: 9, color: colour(TINTS[name]), lineStyle: { width: 2.5, type: DASHES[name] },
      })),
    };
  }

  function byUnit({ names, title, units, by_unit: rates }) {
    return {
      ...parts(title.units, Object.keys(rates).map((name) => names[name])),
      xAxis: shares(),
      yAxis: { type: "category", data: units, inverse: true, axisLine: line(), axisTick: { show: false }, axisLabel: label({ width: size() * 10, overflow: "truncate" }) },
      series: Object.entries(rates).map(([name, values]) => ({ name: names[name], type: "bar", data: values, color: colour(TINTS[name]), barMaxWidth: 18 })),
    };
  }

  function draw(id, option, shown) {
    const place = document.getElementById(id);
    place.hidden = !shown;
    if (!shown) return;
    if (!campaignCharts.has(id)) {
      const chart = echarts.init(place, null, { renderer: "canvas" });
      campaignCharts.set(id, { chart, again: () => {} });
      const again = () => campaignCharts.get(id).again();
      new ResizeObserver(() => { chart.resize(); again(); }).observe(place);
      new MutationObserver(again).observe(document.documentElement, { attributes: true });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    }
    const kept = campaignCharts.get(id);
    kept.again = () => kept.chart.setOption(option(), true);
    kept.again();
    place.dataset.drawn = "yes";
  }

  const values = data && typeof echarts !== "undefined" ? JSON.parse(data.textContent) : null;
  draw("campaign-days", () => byDay(values), Boolean(values?.days.length));
  draw("campaign-units", () => byUnit(values), Boolean(values?.units.length));
}
