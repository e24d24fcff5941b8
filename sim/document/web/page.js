"use strict";
(function () {
  const D = JSON.parse(document.getElementById("data").textContent);
  const W = D.words;
  const $ = (id) => document.getElementById(id);
  const first = D.years[0], last = D.years[D.years.length - 1];
  const state = { s: D.start.s, r: D.start.r, k: (D.items[0] || {}).id, y: D.start.y, v: "", row: -1 };
  const charts = {};

  // --- what is chosen, kept in the address so that a view can be passed on ---
  function readHash() {
    const given = new URLSearchParams(location.hash.slice(1));
    const known = { s: D.scenarios.map((x) => x[0]), r: D.regions.map((x) => x[0]), k: D.items.map((x) => x.id), y: D.years };
    for (const key of Object.keys(known)) {
      const value = key === "y" ? Number(given.get(key)) : given.get(key);
      if (known[key].includes(value)) state[key] = value;
    }
  }
  function writeHash() {
    const kept = new URLSearchParams({ s: state.s, r: state.r, k: state.k, y: state.y });
    history.replaceState(null, "", "#" + kept);
  }

  // --- numbers and looks ---
  const steps = D.lang === "zh" ? [[1e8, "亿"], [1e4, "万"]] : [[1e6, " million"]];
  function number(value) {
    if (value === null || value === undefined) return "–";
    for (const [size, word] of steps) if (Math.abs(value) >= size) return round(value / size) + word;
    return round(value);
  }
  function round(value) {
    const size = Math.abs(value);
    const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 || size === 0 ? 2 : 4;
    return value.toLocaleString("en", { maximumFractionDigits: digits });
  }
  const exact = (value) => (value === null || value === undefined ? "–" : round(value));
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  function text(tag, words, className) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.textContent = words;
    return node;
  }
  const here = () => state.s + "|" + state.r;
  const item = () => D.items.find((x) => x.id === state.k);
  const values = (key, at) => (D.series[key] ? D.series[key].values[at || here()] : undefined);
  const nameOf = (list, id) => (list.find((x) => x[0] === id) || ["", ""])[1];

  // --- parts of charts ---
  function axes(unit) {
    const line = { lineStyle: { color: color("line") } };
    return {
      animation: false,
      textStyle: { color: color("ink"), fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 16, top: 44, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, padding: 0, textStyle: { color: color("ink"), fontSize: LETTER, lineHeight: LINE }, itemWidth: 22, itemHeight: 12, itemGap: GAP },
      xAxis: { type: "category", data: D.years.map(String), boundaryGap: false, axisLine: line, axisLabel: { color: color("muted") } },
      yAxis: { type: "value", name: unit, nameLocation: "end", nameTextStyle: { color: color("muted"), align: "left" }, min: (v) => (v.min < 0 ? v.min : 0), axisLabel: { color: color("muted"), formatter: number }, splitLine: line },
      tooltip: tip(),
    };
  }
  function tip() {
    return { trigger: "axis", confine: true, backgroundColor: color("paper"), borderColor: color("line"), textStyle: { color: color("ink"), fontSize: 13 }, extraCssText: "max-width:320px;white-space:normal" };
  }
  const escaped = (words) => String(words).replace(/[&<>"]/g, (c) => "&#" + c.charCodeAt(0) + ";");
  function lines(head, rows) {
    const body = rows.map((r) => escaped(r[0]) + ": <b>" + escaped(r[1]) + "</b>").join("<br>");
    return escaped(head) + "<br>" + body + '<br><span style="color:' + color("muted") + ';font-size:11px">' + escaped(D.source) + "</span>";
  }
  function band(name, three, tint) {
    const hidden = { type: "line", symbol: "none", lineStyle: { opacity: 0 }, silent: true, stack: name, stackStrategy: "all", tooltip: { show: false } };
    const width = three[2].map((v, i) => (v === null ? null : v - three[0][i]));
    return [
      { ...hidden, name: name, data: three[0], itemStyle: { color: tint } },
      { ...hidden, name: name, data: width, itemStyle: { color: tint }, areaStyle: { color: tint, opacity: 0.18 } },
    ];
  }
  function curve(name, data, tint, dash, symbol) {
    return { type: "line", name: name, data: data, symbol: symbol || "none", symbolSize: 7, showSymbol: true, lineStyle: { color: tint, width: 2, type: dash || "solid" }, itemStyle: { color: tint }, z: 4 };
  }
  /* a legend is laid out in rows here too: what it is high, a chart is lower or its box is higher */
  const LETTER = 12, LINE = 15, GAP = 10, MARK = 27, PLAIN = 2;
  const pen = document.createElement("canvas").getContext("2d");
  function width(words, size) {
    pen.font = size + "px " + getComputedStyle(document.body).fontFamily;
    return Math.max(...words.split("\n").map((line) => pen.measureText(line).width));
  }
  function legendRows(names, room) {
    const rows = [];
    let used = Infinity;
    for (const name of names) {
      const size = MARK + width(name, LETTER) + GAP + 4, lines = name.split("\n").length;
      if (used + size - GAP > room) { rows.push(lines); used = 0; }
      rows[rows.length - 1] = Math.max(rows[rows.length - 1], lines);
      used += size;
    }
    return rows;
  }
  function fit(id, option) {
    if (option.legend.show === false) return;
    const room = $(id).clientWidth, named = option.legend.data ? option.legend.data.map((x) => x.name) : [...new Set(option.series.map((x) => x.name).filter(Boolean))];
    option.legend.formatter = (name) => broken(name, room - MARK - 8, LETTER);
    const rows = legendRows(named.map(option.legend.formatter), room);
    const high = rows.reduce((sum, lines) => sum + lines * LINE + GAP, 0), usual = PLAIN * (LINE + GAP);
    option.grid.top = 22 + high;
    $(id).style.height = "";
    if (high > usual) $(id).style.height = $(id).clientHeight + high - usual + "px";
    if (charts[id]) charts[id].resize();
  }
  /* a name in lines no wider than the room: broken before a last bracket where both parts have room, else at spaces and between Chinese characters; no line begins with a closing mark or ends with an opening one */
  function broken(name, room, size) {
    if (width(name, size) <= room) return name;
    const bracket = name.search(/\s*[（(][^（(]*[）)]$/), parts = [name.slice(0, bracket), name.slice(bracket).trim()];
    if (bracket > 0 && parts.every((part) => width(part, size) <= room)) return parts.join("\n");
    return filled(name, room, size);
  }
  function filled(name, room, size) {
    const pieces = name.match(/[（(]?[\u3400-\u9fff][）)，、。：；”]*|\s*[（(]?[^\s\u3400-\u9fff（(）)]+[）)，、。：；”]*|\s+|./g) || [name];
    const out = [""];
    for (const piece of pieces) {
      const at = out.length - 1;
      if (out[at] && width(out[at] + piece, size) > room) out.push(piece.trim());
      else out[at] += piece;
    }
    return out.map((line) => line.trim()).join("\n");
  }
  function draw(id, option) {
    fit(id, option);
    if (!charts[id]) charts[id] = echarts.init($(id), null, { devicePixelRatio: Math.max(window.devicePixelRatio || 1, 2) });
    charts[id].setOption(withHistory(option), true);
  }

  function withHistory(option) {
    if (!D.history || !option.xAxis || option.xAxis.type !== "category") return option;
    const ends = [{ name: W.history, xAxis: String(D.years[0]) }, { xAxis: String(D.history) }];
    const area = { silent: true, itemStyle: { color: color("muted"), opacity: 0.12 }, label: { position: "insideBottomRight", color: color("muted"), fontSize: 11 }, data: [ends] };
    return { ...option, series: [{ type: "line", data: [], silent: true, markArea: area }, ...option.series] };
  }

  // --- the charts ---
  function sides() {
    const tints = { required: ["need", "need"], projected: ["supply", "supply"], required_norm: ["norm", "norm"], people: ["people", "supply"] };
    return Object.entries(item().series).map(([side, key]) => ({ side: side, name: W[tints[side][0]], tint: color(tints[side][1]), three: values(key) })).filter((x) => x.three);
  }
  function outcomeChart(x) {
    const option = axes(x.unit);
    const three = values(x.outcome).map((side) => side.map((v) => (v === null ? null : v / x.factor)));
    const tint = color("supply");
    option.yAxis.min = null;
    option.yAxis.scale = true;
    option.series = [...band(W.band, three, tint), curve(W.outcome, three[1], tint)];
    option.series.push({ type: "scatter", name: W.target, data: [{ value: [String(x.year), x.goal], itemStyle: { color: D.verdicts[x.verdict][2], borderColor: color("ink"), borderWidth: 1 } }], symbol: "rect", symbolSize: 13, z: 6, itemStyle: { color: color("muted") } });
    option.series.push({ type: "line", data: [], silent: true, markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: color("need"), type: "dotted" }, data: [{ yAxis: x.goal }] } });
    icons(option);
    option.tooltip.formatter = (found) => {
      const j = D.years.indexOf(Number(found[0].axisValue || found[0].value[0]));
      return lines(D.years[j], [[W.outcome, round(three[1][j]) + " (" + round(three[0][j]) + " – " + round(three[2][j]) + ") " + x.unit], [W.target + " " + x.year, round(x.goal) + " " + x.unit]]);
    };
    $("main-title").textContent = x.name + " · " + W.outcome;
    draw("main", option);
  }
  function icons(option) {
    const seen = [...new Set(option.series.map((x) => x.name).filter(Boolean))];
    const band = { icon: "roundRect", itemStyle: { opacity: 0.3 } }, target = { icon: "path://M0 0H14V14H0Z", itemStyle: { borderColor: color("ink"), borderWidth: 1 } };
    option.legend.data = seen.map((name) => ({ name: name, ...(name.endsWith(W.band) ? band : name === W.target ? target : {}) }));
  }
  /* above its mark; to the right of the first year's and the left of the last year's, clear of the axis */
  function besideAxis(year) {
    const at = D.years.indexOf(year);
    return at === 0 ? { position: "right", offset: [4, -14] } : at === D.years.length - 1 ? { position: "left", offset: [-4, -14] } : { position: "top" };
  }
  /* what is drawn, by the names of the legend */
  function heading(names) {
    return names.map((x, i) => (i ? x[0].toLowerCase() + x.slice(1) : x)).join(D.lang === "zh" ? "、" : ", ");
  }
  function mainChart() {
    const chosen = D.rows[state.row];
    if (chosen && chosen.outcome && chosen.goal !== null && values(chosen.outcome)) { outcomeChart(chosen); return; }
    const option = axes(item().unit);
    const shown = sides();
    const rows = D.rows.filter((x) => x.item === state.k && x.s === state.s && x.r === state.r && x.count !== null);
    option.series = shown.flatMap((x) => (x.side === "required_norm" ? [] : band(x.name + (D.lang === "zh" ? " " : ", ") + W.band, x.three, x.tint)));
    option.series.push(...shown.map((x) => curve(x.name, x.three[1], x.tint, { projected: "dashed", required_norm: "dotted" }[x.side])));
    if (rows.length) {
      const points = rows.map((x) => ({ value: [String(x.year), x.count], itemStyle: { color: D.verdicts[x.verdict][2], borderColor: color("ink"), borderWidth: 1 }, label: { show: true, ...besideAxis(x.year), color: color("ink"), backgroundColor: color("paper"), padding: [1, 4], borderRadius: 3, formatter: D.verdicts[x.verdict][1] + " " + D.verdicts[x.verdict][0] } }));
      option.series.push({ type: "scatter", name: W.target, data: points, symbol: "rect", symbolSize: 13, z: 6, itemStyle: { color: color("muted") } });
    }
    option.series.push(mark());
    icons(option);
    option.tooltip.formatter = (found) => {
      const i = found[0].dataIndex, out = [];
      const at = found[0].axisValue || String(found[0].value[0]);
      const n = D.years.indexOf(Number(at));
      const j = n >= 0 ? n : i;
      for (const x of shown) out.push([x.name, exact(x.three[1][j]) + " (" + exact(x.three[0][j]) + " – " + exact(x.three[2][j]) + ") " + item().unit]);
      for (const x of rows) if (x.year === D.years[j]) out.push([W.target, exact(x.count) + " " + item().unit + " " + x.by_use]);
      return lines(D.years[j], out);
    };
    $("main-title").textContent = item().name + (item().series.people ? "" : " · " + heading([...shown.map((x) => x.name), ...(rows.length ? [W.target] : [])]));
    draw("main", option);
  }
  function mark() {
    return { type: "line", data: [], silent: true, markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: color("muted"), type: "dashed" }, data: [{ xAxis: String(state.y) }] } };
  }
  function scenarioChart() {
    const key = item().series.required || item().series.people;
    const option = axes(item().unit);
    const tints = ["ink", "need", "supply", "norm", "other", "muted"];
    const dashes = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 6], [12, 4]];
    const marks = ["circle", "rect", "triangle", "diamond", "pin", "arrow"];
    const shown = D.scenarios.map((x) => [x[1], values(key, x[0] + "|" + state.r)]).filter((x) => x[1]);
    option.series = shown.map((x, i) => {
      const turn = Math.floor(i / 6);  // of more than six each still has a look of its own
      const one = curve(x[0], x[1][1], color(tints[i % 6]), dashes[(i + 2 * turn) % 6], marks[(i + turn) % 6]);
      if (x[0] === nameOf(D.scenarios, state.s) && shown.length > 2) one.lineStyle.width = 3.5;
      return { ...one, showSymbol: true, symbolSize: (v, p) => ((p.dataIndex + i) % 4 === 0 ? 7 : 0) };
    });
    option.series.push(mark());
    option.tooltip.formatter = (found) => lines(found[0].axisValue, shown.map((x) => [x[0], exact(x[1][1][found[0].dataIndex]) + " " + item().unit]));
    $("scenarios-title").textContent = item().name + " · " + W.scenarios;
    draw("scenarios", option);
  }
  function gapChart() {
    const i = D.years.indexOf(state.y);
    const found = D.items.map((x) => {
      const need = x.series.required && values(x.series.required), supply = x.series.projected && values(x.series.projected);
      return need && supply && need[1][i] > 0 ? { x: x, need: need[1][i], supply: supply[1][i] } : null;
    }).filter(Boolean).reverse();
    $("gaps").parentElement.hidden = !found.length;
    if (!found.length) return;
    const option = axes("");
    option.grid.top = 8;
    option.legend.show = false;
    option.xAxis = { type: "value", min: -1, max: 1, axisLabel: { color: color("muted"), formatter: (v) => (v >= 1 ? "≥" : "") + Math.round(v * 100) + "%" }, splitLine: { lineStyle: { color: color("line") } } };
    const room = $("gaps").clientWidth, narrow = room < 420;
    const size = narrow ? 10 : 12, line = size + 1, names = found.map((f) => broken(f.x.name, narrow ? 112 : room > 600 ? 380 : 190, size));
    const most = Math.max(...names.map((name) => name.split("\n").length));
    $("gaps").style.height = 40 + found.length * (most * line + 4 + (most > 1 ? 0 : 2)) + "px";
    if (charts.gaps) charts.gaps.resize();
    option.yAxis = { type: "category", data: names, axisLabel: { color: color("ink"), fontSize: size, lineHeight: line, interval: 0 }, axisTick: { show: false } };
    option.series = [{
      type: "bar", barWidth: "60%",
      data: found.map((f) => {
        const gap = (f.supply - f.need) / f.need;
        return { value: Math.max(-1, Math.min(1, gap)), itemStyle: { color: color(gap < 0 ? "need" : "supply"), decal: gap < 0 ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -0.8 } : null } };
      }),
    }];
    option.tooltip.formatter = (p) => {
      const f = found[p[0].dataIndex], unit = f.x.unit;
      return lines(f.x.name + " " + state.y, [[W.need, exact(f.need) + " " + unit], [W.supply, exact(f.supply) + " " + unit], [W.gap, exact(f.supply - f.need) + " " + unit]]);
    };
    $("gaps-title").textContent = W.gaps + " · " + state.y;
    draw("gaps", option);
  }
  function pyramidChart() {
    const own = D.pyramid[here()];
    $("pyramid").parentElement.hidden = !own;
    if (!own) return;
    const now = own[D.years.indexOf(state.y)], base = own[0];
    const ages = now[0].map((_, i) => (i === now[0].length - 1 ? i * 5 + "+" : i * 5 + "–" + (i * 5 + 4)));
    const option = axes("");
    const scale = (v) => number(Math.abs(v));
    option.grid.bottom = 26;
    option.xAxis = { type: "value", splitNumber: $("pyramid").clientWidth < 420 ? 2 : 5, name: D.items.find((x) => x.series.people).unit, nameLocation: "middle", nameGap: 26, nameTextStyle: { color: color("muted") }, axisLabel: { color: color("muted"), formatter: scale, hideOverlap: true }, splitLine: { lineStyle: { color: color("line") } } };
    option.yAxis = { type: "category", data: ages, axisTick: { show: false }, axisLabel: { color: color("muted") } };
    const bar = (name, data, tint) => ({ type: "bar", name: name, stack: "now", data: data, barWidth: "86%", itemStyle: { color: tint, opacity: 0.75 } });
    const edge = (data) => ({ type: "line", name: W.base + " " + first, step: "middle", symbol: "none", data: data, lineStyle: { color: color("ink"), width: 1.4, type: "dotted" }, itemStyle: { color: color("ink") } });
    option.series = [bar(W.male, now[1].map((v) => -v), color("supply")), bar(W.female, now[0], color("need")), edge(base[1].map((v, i) => [-v, ages[i]])), edge(base[0].map((v, i) => [v, ages[i]]))];
    option.tooltip.formatter = (p) => {
      const i = p[0].dataIndex;
      return lines(ages[i] + W.ages + " · " + state.y + " (" + W.central + ")", [[W.male, exact(now[1][i])], [W.female, exact(now[0][i])], [W.male + " " + first, exact(base[1][i])], [W.female + " " + first, exact(base[0][i])]]);
    };
    $("pyramid-title").textContent = W.pyramid + " · " + state.y;
    draw("pyramid", option);
  }
  function structureChart() {
    const option = axes(D.items.find((x) => x.series.people).unit);
    const tints = ["supply", "muted", "need"];
    const shown = D.stacked.map((key) => [(D.items.find((x) => x.id === key) || { name: key }).name, values(key)]).filter((x) => x[1]);
    $("structure").parentElement.hidden = !shown.length;
    if (!shown.length) return;
    option.series = shown.map((x, i) => ({ type: "line", name: x[0], stack: "all", symbol: "none", data: x[1][1], lineStyle: { width: 1, color: color(tints[i]) }, itemStyle: { color: color(tints[i]) }, areaStyle: { color: color(tints[i]), opacity: 0.35 } }));
    option.series.push(mark());
    option.tooltip.formatter = (p) => {
      const i = p[0].dataIndex, all = shown.reduce((sum, x) => sum + x[1][1][i], 0);
      return lines(D.years[i], shown.map((x) => [x[0], exact(x[1][1][i]) + " (" + round((100 * x[1][1][i]) / all) + "%)"]));
    };
    $("structure-title").textContent = W.structure;
    draw("structure", option);
  }

  // --- verdicts ---
  const mine = () => D.rows.map((x, i) => [x, i]).filter(([x]) => x.s === state.s && x.r === state.r);
  function tiles() {
    const box = $("tiles");
    box.replaceChildren();
    const add = (id, words, fill) => {
      const button = text("button", words, id ? "v" : "");
      button.type = "button";
      if (fill) button.style.background = fill;
      button.setAttribute("aria-pressed", String(state.v === id));
      button.dataset.verdict = id;
      button.onclick = () => { state.v = state.v === id ? "" : id; verdicts(); };
      box.append(button);
    };
    add("", W.all + " " + mine().length);
    for (const [id, [word, sign, fill]] of Object.entries(D.verdicts)) add(id, sign + " " + word + " " + mine().filter(([x]) => x.verdict === id).length, fill);
  }
  function verdicts() {
    tiles();
    $("verdicts-note").textContent = D.rows.length ? (mine().length ? W.verdicts_note : W.whole_only) : W.no_plan;
    $("table").hidden = $("tiles").hidden = !mine().length;
    const heads = [["indicator", ""], ["year", "n"], ["ratio", "n roomy"], ["p", "n"], ["by_use", ""], ["by_norm", "optional"], ["from", "n optional"]];
    const head = document.createElement("tr");
    head.append(...heads.map(([key, kind]) => text("th", W[key], kind)));
    $("table").tHead.replaceChildren(head);
    $("table").tBodies[0].replaceChildren(...mine().filter(([x]) => !state.v || x.verdict === state.v).map(([x, i]) => {
      const line = document.createElement("tr");
      line.dataset.row = i;
      line.tabIndex = 0;
      line.title = x.where + " · " + W.grade + " " + x.grade;
      line.setAttribute("aria-selected", String(state.row === i));
      const use = document.createElement("td");
      const badge = text("span", x.by_use, "badge");
      badge.style.background = D.verdicts[x.verdict][2];
      use.append(badge);
      line.append(text("td", x.name), text("td", x.year, "n"), text("td", x.ratio, "n roomy"), text("td", x.p, "n"), use, text("td", x.by_norm, "optional whole"), text("td", x.from, "n optional"));
      line.onclick = () => choose(i);
      line.onkeydown = (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); choose(i); } };
      return line;
    }));
    detail();
  }
  function choose(i) {
    state.row = state.row === i ? -1 : i;
    const x = D.rows[i];
    if (state.row === i && x.item && x.item !== state.k) { state.k = x.item; $("k").value = x.item; }
    render();
  }
  function detail() {
    const box = $("detail"), x = D.rows[state.row];
    box.hidden = !x || x.s !== state.s || x.r !== state.r;
    if (box.hidden) return;
    box.replaceChildren(text("p", x.said), text("p", W.where + ": " + x.where, "note"));
    if (!x.rests.length) return;
    const table = document.createElement("table"), head = document.createElement("tr");
    const kinds = ["", "", "optional", "", "optional", "optional"];
    head.append(...["parameter", "value", "range", "evidence", "grade", "source"].map((key, i) => text("th", W[key], kinds[i])));
    table.append(head);
    const own = given();
    for (const name of x.rests) {
      const found = own.get(name), line = document.createElement("tr");
      const cells = found ? [...found.slice(1, 6), D.sources[found[6]]] : [name, "", "", "", "", ""];
      line.title = name + " · " + cells[5];
      line.append(...cells.map((cell, i) => text("td", cell, kinds[i])));
      table.append(line);
    }
    const scroll = text("div", "", "scroll");
    scroll.append(table);
    box.append(text("h2", W.rests), scroll);
  }

  // --- what is proposed to a place without a plan ---
  function proposal() {
    $("proposal").hidden = !D.proposal.length;
    $("verdicts").hidden = D.proposal.length > 0 && !D.rows.length;
    $("proposed").replaceChildren(...D.proposal.flatMap((x) => {
      const table = document.createElement("table"), head = document.createElement("tr"), scroll = text("div", "", "scroll");
      const kind = (i) => (i ? "n" : "") + (x.roomy.includes(i) ? " roomy" : "");
      head.append(...x.heads.map((words, i) => text("th", words, kind(i))));
      table.createTHead().append(head);
      const body = table.createTBody();
      x.rows.forEach((cells, k) => {
        const line = document.createElement("tr");
        line.append(...cells.map((cell, i) => text("td", cell, kind(i))));
        body.append(line);
        if (!x.reasons[k]) return;
        const why = text("tr", "", "why"), said = text("td", x.reasons[k]);
        said.colSpan = x.heads.length;
        why.append(said);
        body.append(why);
        line.dataset.row = k;
        line.tabIndex = 0;
        line.setAttribute("aria-expanded", "false");
        line.onclick = () => line.setAttribute("aria-expanded", String(why.classList.toggle("shown")));
        line.onkeydown = (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); line.onclick(); } };
      });
      scroll.append(table);
      return [text("h3", x.caption), scroll, text("p", x.note, "note")];
    }));
  }

  // --- all assumptions: those that the page opens with, and what differs where another is chosen ---
  function given() {
    const all = new Map(D.given.map((x) => [x[0], x]));
    for (const x of D.other[here()] || []) all.set(x[0], x);
    return all;
  }
  let listed = "";
  function assumptions() {
    listed = here();
    const wanted = $("find").value.trim().toLowerCase();
    const head = document.createElement("tr");
    head.append(...[["parameter", ""], ["value", "n"], ["range", "n optional"], ["evidence", ""], ["grade", ""], ["source", "optional"]].map(([key, kind]) => text("th", W[key], kind)));
    $("given").tHead.replaceChildren(head);
    const all = [...given().values()], found = all.filter((x) => !wanted || [x[0], x[1], x[4], D.sources[x[6]]].join(" ").toLowerCase().includes(wanted));
    $("given").tBodies[0].replaceChildren(...found.map((x) => {
      const line = document.createElement("tr");
      line.title = x[0] + " · " + D.sources[x[6]];
      line.append(text("td", x[1]), text("td", x[2], "n"), text("td", x[3], "n optional"), text("td", x[4]), text("td", x[5]), text("td", D.sources[x[6]], "optional"));
      return line;
    }));
    $("given-count").textContent = found.length === all.length ? String(found.length) : found.length + " / " + all.length;
  }

  // --- all together ---
  const has = (x) => Object.values(x.series).some((key) => values(key));
  function render() {
    if (!has(item())) { state.k = (D.items.find(has) || item()).id; $("k").value = state.k; }
    for (const option of $("k").options) option.disabled = !has(D.items.find((x) => x.id === option.value));
    writeHash();
    $("y-shown").value = state.y;
    $("about").textContent = [nameOf(D.regions, state.r), nameOf(D.scenarios, state.s), first + "–" + last, D.draws + " " + W.draws, W.run + " " + D.run].join(" · ");
    if (listed !== here()) assumptions();
    verdicts();
    mainChart();
    scenarioChart();
    gapChart();
    pyramidChart();
    structureChart();
  }
  function theme(name) {
    document.documentElement.dataset.theme = name;
    render();
  }
  function start() {
    document.querySelectorAll("[data-word]").forEach((node) => { node.textContent = W[node.dataset.word]; });
    $("title").textContent = D.title;
    $("source").textContent = D.source;
    readHash();
    const fill = (id, list) => { $(id).replaceChildren(...list.map(([v, t]) => new Option(t, v))); $(id).value = state[id]; };
    fill("s", D.scenarios);
    fill("r", D.regions);
    fill("k", D.items.map((x) => [x.id, x.name]));
    for (const id of ["s", "r"]) if ($(id).options.length < 2) $(id).parentElement.hidden = true;
    for (const id of ["s", "r", "k"]) $(id).onchange = () => { state[id] = $(id).value; state.row = -1; render(); };
    Object.assign($("y"), { min: first, max: last });
    $("y").value = state.y;
    $("y").oninput = () => { state.y = Number($("y").value); render(); };
    $("controls").onsubmit = (e) => e.preventDefault();
    $("find").oninput = assumptions;
    proposal();
    $("theme").onclick = () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    $("print").onclick = () => window.print();
    let before = "light";
    const page = document.documentElement;
    let wide = 0;
    const resized = () => { if ($("main").clientWidth !== wide) { wide = $("main").clientWidth; render(); } };
    const toPrint = () => {
      if (page.classList.contains("printing")) return;
      before = page.dataset.theme;
      page.classList.add("printing");
      theme("light");
      for (const c of Object.values(charts)) c.getZr().flush();
    };
    const printed = () => { page.classList.remove("printing"); theme(before); };
    window.addEventListener("beforeprint", toPrint);
    window.addEventListener("afterprint", printed);
    matchMedia("print").addEventListener("change", (e) => (e.matches ? toPrint() : printed()));
    new ResizeObserver(() => { if (!page.classList.contains("printing")) resized(); }).observe(document.querySelector("main"));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => theme(dark.matches ? "dark" : "light"));
    window.addEventListener("hashchange", () => { readHash(); for (const id of ["s", "r", "k", "y"]) $(id).value = state[id]; render(); });
    theme(dark.matches ? "dark" : "light");
    document.documentElement.dataset.ready = "yes";
  }
  start();
})();
