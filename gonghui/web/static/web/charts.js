// A figure [data-chart] draws the table whose id it names: a row's <th> is its name, the cells below a
// heading [data-series] are that series' numbers (data-value), a row [data-skip] stays out. Bars and
// points lead where the link in their cell leads.
const COLOURS = ["#1d5b9e", "#c9a227", "#6b7783"];
const TEXT = "#1b2530";

function seriesOf(table) {
  const headings = [...table.querySelectorAll("thead tr:last-child > *")];
  return headings
    .map((heading, column) => ({ name: heading.dataset.series, column }))
    .filter((series) => series.name);
}

function rowsOf(table) {
  return [...table.querySelectorAll("tbody tr:not([data-skip])")].map((row) => ({
    name: row.cells[0].textContent.trim(),
    cells: [...row.cells],
  }));
}

function point(cell) {
  const raw = cell.dataset.value;
  const link = cell.querySelector("a");
  return { value: raw === undefined || raw === "" ? null : Number(raw), href: link ? link.href : "" };
}

function options(kind, table, unit, isNarrow) {
  const rows = rowsOf(table);
  const isBar = kind === "bar";
  const names = { type: "category", data: rows.map((row) => row.name), inverse: isBar,
    axisLabel: { color: TEXT, fontSize: 14, interval: isBar ? 0 : "auto", width: isNarrow ? 96 : 180, overflow: "truncate" } };
  const numbers = { type: "value", axisLabel: { color: TEXT, fontSize: 13 }, splitNumber: isNarrow ? 3 : 5 };
  const series = seriesOf(table).map((one) => ({
    name: one.name,
    type: kind,
    barMaxWidth: 22,
    symbolSize: 8,
    label: { show: isBar, position: "right", color: TEXT, fontSize: 13 },
    labelLayout: { hideOverlap: true },
    data: rows.map((row) => point(row.cells[one.column])),
  })).filter((one) => one.data.some((each) => each.value !== null));
  return {
    color: COLOURS,
    aria: { enabled: true },
    animation: false,
    grid: { left: 8, right: isBar ? 64 : 24, top: series.length > 1 ? 44 : 20, bottom: 8, containLabel: true },
    legend: { show: series.length > 1, top: 4, left: 8, textStyle: { color: TEXT, fontSize: 14 } },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (value) => (value === null || value === undefined ? "—" : `${value.toLocaleString("zh-CN")}${unit}`) },
    xAxis: isBar ? numbers : names,
    yAxis: isBar ? names : numbers,
    series,
  };
}

function draw(figure, echarts) {
  const table = document.getElementById(figure.dataset.table);
  if (!table || !seriesOf(table).length || !rowsOf(table).length) return;
  const isBar = figure.dataset.chart === "bar";
  const series = seriesOf(table).length;
  figure.hidden = false;
  figure.style.height = isBar ? `${rowsOf(table).length * (14 + 22 * series) + 60}px` : "280px";
  const chart = echarts.init(figure, null, { renderer: "canvas" });
  const show = () => {
    const isNarrow = figure.clientWidth < 600;
    chart.setOption(options(figure.dataset.chart, table, figure.dataset.unit, isNarrow), true);
    chart.resize();
  };
  show();
  chart.on("click", (event) => {
    if (event.data && event.data.href) window.location.href = event.data.href;
  });
  window.addEventListener("resize", show);
}

const figures = [...document.querySelectorAll("[data-chart]")];
if (figures.length) {
  const { echarts } = await import(figures[0].dataset.library);
  figures.forEach((figure) => draw(figure, echarts));
}
