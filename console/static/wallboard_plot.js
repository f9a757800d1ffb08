// Today by quarters of an hour: calls beside their forecast, agents beside what is required.
"use strict";

function wallboardPlot(place, words, minutes) {
  const chart = echarts.init(place, null, { renderer: "canvas" });
  let curve = null;
  let moment = 0;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const unit = () => Math.max(12, place.clientWidth / 46);

  function axes(size) {
    const text = colour("--text");
    const line = colour("--line");
    const label = { color: text, fontSize: size };
    const names = curve.quarters.map((quarter) => minutes.format(new Date(quarter.start)));
    const x = (gridIndex, shown) => ({
      type: "category", gridIndex, data: names, axisLine: { lineStyle: { color: line } }, axisTick: { show: false },
      axisLabel: { ...label, show: shown, interval: (index) => index % 16 === 0, formatter: (name) => name.slice(0, 2) + ":" + name.slice(3) },
    });
    const y = (gridIndex, name) => ({
      type: "value", gridIndex, name, nameTextStyle: { ...label, align: "left", padding: [0, 0, 0, -size * 2.6] }, nameGap: size * 0.7,
      minInterval: 1, splitNumber: 2, axisLabel: label, splitLine: { lineStyle: { color: line } },
    });
    return { xAxis: [x(0, false), x(1, true)], yAxis: [y(0, words.calls), y(1, words.agents)] };
  }

  function series(size) {
    const pick = (name) => curve.quarters.map((quarter) => quarter[name]);
    const over = (quarter) => Date.parse(quarter.start) <= moment;
    const past = (name) => curve.quarters.map((quarter) => over(quarter) ? quarter[name] : null);
    const steps = (name, data, tint, width, type = "solid") => ({
      name, type: "line", step: "middle", symbol: "none", xAxisIndex: 1, yAxisIndex: 1, data, connectNulls: false,
      color: tint, lineStyle: { color: tint, width, type },
    });
    const band = (name, data, fill) => ({
      name, type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true, data,
      color: colour("--plot-2"), lineStyle: { opacity: 0 }, itemStyle: { opacity: fill }, areaStyle: { color: colour("--plot-2"), opacity: fill },
    });
    const wide = Math.max(2, size / 6);
    const nowMark = {
      silent: true, symbol: "none", label: { show: false }, lineStyle: { color: colour("--text"), width: 2, type: "dashed" },
      data: [{ xAxis: curve.quarters.findLastIndex(over) }],
    };
    return [
      { name: words.calls, type: "bar", data: past("calls"), color: colour("--plot-1"), barCategoryGap: "15%", markLine: nowMark },
      band("low", pick("low"), 0),
      band(words.band, curve.quarters.map((q) => q.high === null ? null : q.high - q.low), 0.3),
      { name: words.forecast, type: "line", symbol: "none", data: pick("forecast"), color: colour("--plot-2"), lineStyle: { color: colour("--plot-2"), width: wide } },
      { ...steps(words.required, pick("required"), colour("--bad"), wide), markLine: nowMark },
      steps(words.rostered, pick("rostered"), colour("--plot-4"), wide, "dotted"),
      steps(words.present, past("present"), colour("--plot-3"), wide * 1.4),
    ];
  }

  function draw() {
    if (!curve) return;
    const size = unit();
    const left = size * 3.4;
    const legend = (names, top) => ({
      data: names.map((name) => ({ name, icon: "roundRect" })), top, right: 0, itemWidth: size * 1.2, itemHeight: size * 0.6, itemGap: size,
      textStyle: { color: colour("--text"), fontSize: size }, selectedMode: false,
    });
    chart.setOption({
      animation: false,
      legend: [legend([words.calls, words.forecast, words.band], 0), legend([words.required, words.rostered, words.present], "50%")],
      grid: [
        { left, right: size, top: size * 1.9, bottom: "54%" },
        { left, right: size, top: "60%", bottom: size * 1.7 },
      ],
      ...axes(size),
      series: series(size),
    }, true);
  }

  new ResizeObserver(() => { chart.resize(); draw(); }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  return {
    show(newest, now) { curve = newest; moment = now; draw(); },
    // What has come in the quarter of an hour that goes on, sooner than the next curve tells.
    count(quarter) {
      const there = curve?.quarters.find((each) => Date.parse(each.start) === Date.parse(quarter.start));
      if (!there || there.calls === quarter.offered) return;
      there.calls = quarter.offered;
      draw();
    },
  };
}
