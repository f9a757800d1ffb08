// Today by quarters of an hour: calls beside their forecast, agents beside what is required.
"use strict";

function shiftPlot(place) {
  const chart = echarts.init(place, null, { renderer: "canvas" });
  let shown = null;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const size = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8;

  function axes(lines, words) {
    const label = { color: colour("--text"), fontSize: size() };
    const line = { lineStyle: { color: colour("--line") } };
    const x = (gridIndex, hours) => ({
      type: "category", gridIndex, data: lines.begins, axisLine: line, axisTick: { show: false },
      axisLabel: { ...label, show: hours, interval: (index) => index % 8 === 0 },
    });
    const y = (gridIndex, name) => ({
      type: "value", gridIndex, name, nameTextStyle: { ...label, align: "left" }, minInterval: 1, splitNumber: 3,
      axisLabel: label, splitLine: line,
    });
    return { xAxis: [x(0, false), x(1, true)], yAxis: [y(0, words.came), y(1, words.agents)] };
  }

  function series({ lines, cell, words }) {
    const past = lines.came.map((came, index) => (index <= cell ? came : null));
    const now = {
      silent: true, symbol: "none", label: { show: false }, lineStyle: { color: colour("--text"), width: 2, type: "dashed" },
      data: [{ xAxis: cell }],
    };
    const band = (name, data, opacity) => ({
      name, type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true, data, color: colour("--plot-2"),
      lineStyle: { opacity: 0 }, itemStyle: { opacity }, areaStyle: { color: colour("--plot-2"), opacity }, tooltip: { show: false },
    });
    const steps = (name, data, tint, width, type = "solid") => ({
      name, type: "line", step: "middle", symbol: "none", xAxisIndex: 1, yAxisIndex: 1, data, color: tint, lineStyle: { color: tint, width, type },
    });
    const gap = lines.gap.map((value) => ({ value, itemStyle: { color: colour(value < 0 ? "--bad" : "--good") } }));
    const between = lines.high.map((high, index) => (high === null ? null : high - lines.low[index]));
    return [
      { name: words.came, type: "bar", data: past, color: colour("--plot-1"), barCategoryGap: "15%", markLine: now },
      band("low", lines.low, 0),
      band(words.band, between, 0.25),
      { name: words.forecast, type: "line", symbol: "none", data: lines.forecast, color: colour("--plot-2"), lineStyle: { color: colour("--plot-2"), width: 2 } },
      { name: words.gap, type: "bar", xAxisIndex: 1, yAxisIndex: 1, data: gap, color: colour("--good"), barCategoryGap: "15%" },
      { ...steps(words.required, lines.required, colour("--plot-2"), 2.5), markLine: now },
      steps(words.rostered, lines.rostered, colour("--plot-4"), 2.5, "dashed"),
      steps(words.present, lines.present, colour("--plot-1"), 3),
    ];
  }

  function draw() {
    if (!shown) return;
    const { lines, words } = shown;
    const text = { color: colour("--text"), fontSize: size() };
    const legend = (data, top) => ({ data, top, right: 0, textStyle: text, selectedMode: false });
    const left = size() * 4;
    chart.setOption({
      animation: false,
      legend: [legend([words.came, words.band, words.forecast], 0), legend([words.required, words.rostered, words.present, words.gap], "47%")],
      grid: [
        { left, right: 12, top: size() * 2.6, bottom: "56%" },
        { left, right: 12, top: "57%", bottom: size() * 2.2 },
      ],
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("--surface"), borderColor: colour("--line"), textStyle: text },
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      ...axes(lines, words),
      series: series(shown),
    }, true);
  }

  new ResizeObserver(() => { chart.resize(); draw(); }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true });
  return {
    show(data) {
      if (!data) return;
      shown = JSON.parse(data.textContent);
      draw();
    },
  };
}
