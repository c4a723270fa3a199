"use strict";
/* Timeline, and topic by country: drawn as lists and tables of links, so that eyes, keyboards and screen readers have
   the same numbers; they follow the filters, and a click narrows them. */

(function () {
  const { el } = site;

  /* Shade of a number among others; the ink on it stays readable at its darkest. */
  function shade(element, n, most) {
    if (n) element.style.setProperty("--heat", `${Math.round(8 + 42 * Math.sqrt(n / most))}%`);
    return element;
  }

  /* Arrow keys move among the links of a table; the tab key goes past all of them. */
  function roving(table) {
    const links = () => [...table.querySelectorAll("tbody a")];
    links().forEach((link, at) => (link.tabIndex = at ? -1 : 0));
    table.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      const link = event.target.closest("a");
      if (!step || !link) return;
      event.preventDefault();
      const next = neighbour(table, link.closest("td"), step);
      if (!next) return;
      links().forEach((each) => (each.tabIndex = -1));
      next.tabIndex = 0;
      next.focus();
    });
    return table;
  }

  function neighbour(table, cell, [down, right]) {
    let row = cell.parentElement.rowIndex + down;
    let column = cell.cellIndex + right;
    while (table.rows[row] && table.rows[row].cells[column]) {
      const link = table.rows[row].cells[column].querySelector("a");
      if (link) return link;
      row += down;
      column += right;
    }
    return null;
  }

  function cell(n, most, name, state) {
    if (!n) return el("td", { class: "none" }, "·");
    const link = el("a", { href: site.address(state, "entries"), "aria-label": `${name}: ${site.count(n, "entry", "entries")}` }, site.number(n));
    return shade(el("td", null, link), n, most);
  }

  /* ---- timeline ---- */

  site.drawTimeline = function (store, state, result) {
    const head = [el("h1", { tabindex: "-1" }, "Timeline"), site.chips(state)];
    const dated = result.rows.filter((row) => store.first[row]);
    if (!result.rows.length) return [...head, site.nothing(state)];
    if (!dated.length) return [...head, el("p", { class: "empty" }, "None of these entries has a date.")];
    const kinds = site.loaded("first").kinds.map(([kind]) => kind);
    const byYear = new Map();
    for (const row of dated) {
      for (let year = store.first[row]; year <= store.last[row]; year += 1) {
        if (!byYear.has(year)) byYear.set(year, new Array(kinds.length).fill(0));
        byYear.get(year)[store.kind[row]] += 1;
      }
    }
    const undated = result.rows.length - dated.length;
    const said = `${site.count(dated.length, "entry", "entries")} by the years in which they went on or were published${undated ? `; ${site.number(undated)} more have no date` : ""}.`;
    return [...head, el("p", { class: "lead" }, said), columns(byYear, state), el("h2", { id: "by-kind" }, "Year by kind"), years(byYear, kinds, state)];
  };

  const sum = (numbers) => numbers.reduce((all, n) => all + n, 0);

  function columns(byYear, state) {
    const known = [...byYear.keys()].sort((a, b) => a - b);
    const last = known[known.length - 1];
    const first = Math.max(known[0], last - 59); // more columns can not be told apart
    const most = Math.max(...known.filter((year) => year >= first).map((year) => sum(byYear.get(year))));
    const items = [];
    for (let year = first; year <= last; year += 1) items.push(column(year, sum(byYear.get(year) || [0]), most, state));
    const every = Math.ceil(items.length / 12);
    items.forEach((item, at) => item.classList.toggle("marked", (items.length - 1 - at) % every === 0));
    const earlier = known.filter((year) => year < first).length;
    return el("figure", null, el("ol", { class: "columns", "aria-label": "Entries by year" }, items), earlier ? el("figcaption", { class: "note" }, "Earlier years stand in the table only.") : null);
  }

  function column(year, n, most, state) {
    const stick = el("span", { class: "stick" });
    stick.style.height = n ? `${Math.max(1, (100 * n) / most)}%` : "0";
    const label = el("span", { class: "year" }, String(year));
    const number = el("span", { class: "n" }, n ? site.number(n) : "");
    const inside = [el("span", { class: "room" }, number, stick), label];
    if (!n) return el("li", null, el("span", { class: "column", "aria-label": `${year}: none` , role: "img" }, inside));
    const href = site.address({ ...state, from: year, to: year }, "entries");
    return el("li", null, el("a", { class: "column", href, "aria-label": `${year}: ${site.count(n, "entry", "entries")}` }, inside));
  }

  function years(byYear, kinds, state) {
    const most = Math.max(...[...byYear.values()].flat());
    const rows = [...byYear.keys()].sort((a, b) => b - a).map((year) => {
      const numbers = byYear.get(year);
      const at = { ...state, from: year, to: year };
      const cells = numbers.map((n, kind) => cell(n, most, `${year}, ${site.kindName(kinds[kind])}`, { ...at, kind: [kinds[kind]] }));
      const all = el("td", { class: "all" }, site.number(sum(numbers)));
      return el("tr", null, el("th", { scope: "row" }, String(year)), cells, all);
    });
    const heads = ["Year", ...site.values("kind").map(([, name]) => `#${name}`), "#All"];
    const table = site.table(heads, rows, "by-kind", { class: "heat years" });
    roving(table.querySelector("table"));
    return table;
  }

  /* ---- topic by country ---- */

  site.drawTopics = function (store, state, result) {
    const { topic, country } = site.loaded("first").dimensions;
    const head = [el("h1", { tabindex: "-1", id: "topics" }, "Topics by country"), site.chips(state)];
    const matrix = count(store, result.rows, topic.length, country.length);
    const shown = {
      topics: order(matrix.byTopic).filter((code) => matrix.byTopic[code]),
      countries: order(matrix.byCountry).filter((code) => matrix.byCountry[code]),
    };
    if (!shown.topics.length) return [...head, result.rows.length ? el("p", { class: "empty" }, "None of these entries speaks of a topic of the programme.") : site.nothing(state)];
    const most = Math.max(1, ...matrix.cells);
    const without = result.rows.length - matrix.withTopic;
    const said = `${site.count(matrix.withTopic, "entry", "entries")} with a topic${without ? `; ${site.number(without)} more are about none` : ""}. An entry may have several topics and countries. Choose a number to see its entries; arrow keys move between numbers.`;
    const rows = shown.topics.map((t) => {
      const cells = shown.countries.map((c) => {
        const here = { ...state, topic: [topic[t][0]], country: [country[c][0]] };
        return cell(matrix.cells[t * country.length + c], most, `${topic[t][1]}, ${country[c][1]}`, here);
      });
      const all = el("a", { href: site.address({ ...state, topic: [topic[t][0]] }, "entries"), "aria-label": `${topic[t][1]}: ${site.count(matrix.byTopic[t], "entry", "entries")}` }, site.number(matrix.byTopic[t]));
      return el("tr", null, el("th", { scope: "row" }, topic[t][1]), el("td", { class: "all" }, all), cells);
    });
    const table = site.table(["Topic", "#All"], rows, "topics", { class: "heat topics" });
    const heads = table.querySelector("thead tr");
    heads.append(...shown.countries.map((c) => el("th", { scope: "col", class: "num" }, el("abbr", { title: country[c][1] }, country[c][0]))));
    roving(table.querySelector("table"));
    const names = shown.countries.map((c) => el("span", { class: "name" }, el("b", null, country[c][0]), ` ${country[c][1]} `, el("span", { class: "soft" }, site.number(matrix.byCountry[c]))));
    return [...head, el("p", { class: "lead" }, said), table, el("h2", null, "Countries"), el("p", { class: "key" }, names)];
  };

  function order(numbers) {
    return Array.from(numbers.keys()).sort((a, b) => numbers[b] - numbers[a] || a - b);
  }

  function count(store, rows, topics, countries) {
    const cells = new Int32Array(topics * countries);
    const byTopic = new Int32Array(topics);
    const byCountry = new Int32Array(countries);
    let withTopic = 0;
    for (const row of rows) {
      const codes = site.codes(store, "topic", row);
      if (!codes.length) continue;
      withTopic += 1;
      const where = site.codes(store, "country", row);
      for (const c of where) byCountry[c] += 1;
      for (const t of codes) {
        byTopic[t] += 1;
        for (const c of where) cells[t * countries + c] += 1;
      }
    }
    return { cells, byTopic, byCountry, withTopic };
  }
})();
