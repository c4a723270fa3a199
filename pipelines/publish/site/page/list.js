"use strict";
/* The list of entries: what answers the question, newest first, fifty at a time. */

(function () {
  const { el } = site;
  const STEP = 50;
  const SORTS = { newest: "Newest first", oldest: "Oldest first", seen: "Newly seen first" };
  const kept = { asked: null, shown: STEP, scroll: 0 }; // the list that was left, for whoever comes back to it

  site.lastList = () => kept.asked || "#/entries";

  /* Draw the view; `total` may be more than the rows that are here yet. */
  site.drawList = function (store, state, result, total) {
    const asked = site.address(state, "entries");
    if (kept.asked !== asked) Object.assign(kept, { asked, shown: STEP, scroll: 0 });
    const list = el("ol", { class: "list" });
    const more = el("button", { type: "button", class: "button", on: { click: () => further(store, result, list, more, total) } });
    const head = el("div", { class: "head" }, el("h1", { tabindex: "-1" }, heading(state, total)), sorter(state));
    const content = [head, intro(state), site.chips(state), ...(result.rows.length ? [list, more] : [site.nothing(state)])];
    put(store, result, list, more, 0, kept.shown, total);
    return content;
  };

  site.keepScroll = () => (kept.scroll = window.scrollY);
  site.keptScroll = (state) => (site.address(state, "entries") === kept.asked ? kept.scroll : 0);

  function heading(state, total) {
    const all = site.loaded("first").total;
    return site.narrowed(state) ? `${site.number(total)} of ${site.count(all, "entry", "entries")}` : site.count(all, "entry", "entries");
  }

  function intro(state) {
    if (site.narrowed(state)) return null;
    const { created, dimensions } = site.loaded("first");
    const read = `${site.count(dimensions.city.length, "city", "cities")}, ${site.count(dimensions.country.length, "country", "countries")}, ${site.count(dimensions.source.length, "source")}; release of ${site.date(created)}.`;
    return el("p", { class: "lead" }, "What cities do about living together in diversity, read from their own pages and from those of the Intercultural Cities programme. ", el("span", { class: "soft" }, read));
  }

  function sorter(state) {
    const options = Object.entries(SORTS).map(([value, name]) => el("option", { value, selected: value === state.sort }, name));
    const select = el("select", { id: "sort" }, options);
    select.addEventListener("change", () => site.go({ ...state, sort: select.value }));
    return el("div", { class: "sort" }, el("label", { for: "sort", class: "unseen" }, "Order"), select);
  }

  /* What is asked for, each with a button that takes it away. */
  site.chips = function (state) {
    const chips = [];
    const chip = (label, next) =>
      chips.push(el("li", null, el("button", { type: "button", class: "chip", "aria-label": `Clear ${label}`, on: { click: () => site.go(next) } }, site.said(label), el("span", { "aria-hidden": "true" }, " ×"))));
    if (state.q) chip(`“${state.q}”`, { ...state, q: "" });
    for (const facet of site.FACETS) {
      for (const value of state[facet]) chip(site.valueName(facet, value), site.toggled(state, facet, value));
    }
    if (state.from !== null || state.to !== null) chip(yearsSaid(state), { ...state, from: null, to: null });
    if (state.online) chip("Online", { ...state, online: false });
    if (!chips.length) return null;
    const all = el("li", null, el("button", { type: "button", class: "plain", on: { click: () => site.go(site.cleared(state)) } }, "Clear all"));
    return el("ul", { class: "chips", "aria-label": "Chosen filters" }, chips, chips.length > 1 ? all : null);
  };

  function yearsSaid({ from, to }) {
    if (from === to) return `in ${from}`;
    return to === null ? `since ${from}` : from === null ? `until ${to}` : `${from}–${to}`;
  }

  /* No entry: which filter, taken away, would help most. */
  site.nothing = function (state) {
    const tries = [];
    if (state.q) tries.push(["the search", { ...state, q: "" }]);
    if (state.from !== null || state.to !== null) tries.push(["the year", { ...state, from: null, to: null }]);
    if (state.online) tries.push(["“online”", { ...state, online: false }]);
    for (const facet of site.FACETS) if (state[facet].length) tries.push([`the ${site.facetName(facet).toLowerCase()}`, { ...state, [facet]: [] }]);
    const store = site.whole();
    const helped = store ? tries.map(([name, next]) => [name, next, site.match(store, next).rows.length]).filter(([, , n]) => n) : [];
    helped.sort((a, b) => b[2] - a[2]);
    const buttons = helped.map(([name, next, n]) => el("li", null, el("button", { type: "button", class: "button", on: { click: () => site.go(next) } }, `Clear ${name}: ${site.count(n, "entry", "entries")}`)));
    if (!buttons.length && site.narrowed(state)) buttons.push(el("li", null, el("button", { type: "button", class: "button", on: { click: () => site.go(site.cleared(state)) } }, "Clear all filters")));
    const why = site.narrowed(state) ? "No entry matches all of this." : "This release holds no entry.";
    return el("div", { class: "empty" }, el("p", null, why), buttons.length ? el("ul", { class: "ways" }, buttons) : null);
  };

  async function further(store, result, list, more, total) {
    const before = kept.shown;
    kept.shown += STEP;
    if (total > result.rows.length) {
      await site.loadWhole().then(site.redraw, site.warn); // these were only the newest
      list = document.querySelector("ol.list");
    } else put(store, result, list, more, before, kept.shown, total);
    list.children[before]?.querySelector("a").focus();
  }

  function put(store, result, list, more, from, to, total) {
    const rows = result.rows.slice(from, to);
    const items = rows.map((row) => item(store, row));
    list.append(...items.map(({ element }) => element));
    const left = total - to;
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(STEP, left)} more of ${site.number(total)}`;
    if (store !== site.whole()) return items.forEach(({ snippet }, at) => write(snippet, store.texts[rows[at]]));
    site.loadTexts(rows).then(
      () => items.forEach(({ snippet }, at) => write(snippet, store.texts[rows[at]])),
      (error) => site.warn(error),
    );
  }

  function write(snippet, text) {
    if (text) snippet.replaceChildren(site.clean(text));
    snippet.hidden = !text;
  }

  function item(store, row) {
    const first = site.loaded("first");
    const kind = first.kinds[store.kind[row]];
    const snippet = el("p", { class: "snippet", dir: "auto" });
    const status = first.statuses[store.status[row]];
    const sources = store.sources[row] > 1 ? el("span", { class: "told" }, `told ${site.number(store.sources[row])} times`) : null;
    const facts = [
      el("span", { class: "kind" }, site.kindName(kind ? kind[0] : "?")),
      when(store, row, first),
      ...places(store, row),
      status && status !== "scheduled" ? el("strong", { class: "status" }, status) : null,
      sources,
    ].filter(Boolean);
    const title = el("h2", { dir: "auto" }, el("a", { href: site.entryAddress(store.id[row]) }, store.title[row] || "Without a title"));
    return { element: el("li", null, el("p", { class: "facts" }, facts), title, snippet), snippet };
  }

  function when(store, row, first) {
    const text = site.span(site.day(store.start[row]), site.day(store.end[row]), first.precisions[store.precision[row]], store.ongoing[row] === 1);
    return text ? el("span", { class: "when" }, text) : null;
  }

  function places(store, row) {
    const { city, country } = site.loaded("first").dimensions;
    const cities = site.codes(store, "city", row);
    const names = cities.slice(0, 3).map((code) => city[code][1]);
    if (cities.length > 3) names.push(`${cities.length - 3} more`);
    const countries = site.codes(store, "country", row).map((code) => country[code][1]);
    if (countries.length > 2) countries.splice(2, countries.length, `${countries.length - 2} more`);
    const text = [...names, ...countries].join(", ");
    const online = store.online[row] ? "online" : null;
    return [text ? site.el("span", null, site.said(text)) : null, online ? site.el("span", null, online) : null];
  }
})();
