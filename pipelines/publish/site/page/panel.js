"use strict";
/* The filters: each value a button with the number of entries it would leave.
   What belongs here: drawing them once, and keeping them up to date, so that the focus stays where it is. */

(function () {
  const { el } = site;
  const SHOWN = { topic: 10, country: 8, language: 4, source: 5, kind: 9 };
  const NAMES = { topic: "Topic", kind: "Kind", country: "Country", city: "City", language: "Language", source: "Source" };
  const KINDS = { practice: "Practices", event: "Events", call: "Calls", resource: "Resources", news: "News" };
  const ONE = { practice: "Practice", event: "Event", call: "Call", resource: "Resource", news: "News" };

  site.facetName = (facet) => NAMES[facet];
  site.kindName = (kind) => ONE[kind] || kind;

  /* Values of a filter: [value, name, number]. */
  site.values = function (facet) {
    const { kinds, dimensions } = site.loaded("first");
    return facet === "kind" ? kinds.map(([kind, n]) => [kind, KINDS[kind] || kind, n]) : dimensions[facet];
  };

  site.valueName = function (facet, value) {
    const found = site.values(facet).find(([each]) => each === value);
    return found ? found[1] : value;
  };

  let state = site.parse("");
  const updates = []; // what is to be done when numbers or choices change
  const choose = (next) => site.go({ ...next, view: state.view });

  site.drawPanel = function (panel) {
    const narrow = matchMedia("(max-width: 63.99rem)");
    const summary = el("summary", null, "Filters");
    const box = el("details", { id: "filters" }, summary);
    updates.push(() => (summary.textContent = `Filters${chosen() ? ` (${chosen()})` : ""}`));
    const fit = () => (box.open = !narrow.matches);
    narrow.addEventListener("change", fit);
    fit();
    box.append(search(), facet("topic"), years(), facet("kind"), facet("country"), cities(), online(), facet("language"), facet("source"));
    panel.replaceChildren(box);
  };

  site.updatePanel = function (next, result) {
    state = next;
    for (const update of updates) update(result);
  };

  const chosen = () => site.FACETS.reduce((n, name) => n + state[name].length, 0) + [state.q, state.from !== null || state.to !== null, state.online].filter(Boolean).length;

  function search() {
    const input = el("input", { type: "search", id: "q", autocomplete: "off", spellcheck: "false", placeholder: "rumours, Lyon, school", maxlength: 200 });
    let timer = 0;
    const ask = () => site.slide({ ...state, q: input.value.trim(), view: state.view });
    input.addEventListener("focus", () => site.loadWhole().catch(() => {}));
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 200);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      clearTimeout(timer);
      ask();
    });
    updates.push(() => {
      if (document.activeElement !== input) input.value = state.q;
    });
    return el("div", { class: "facet", role: "search" }, el("label", { for: "q", class: "legend" }, "Search"), input);
  }

  function group(name, ...content) {
    return el("fieldset", { class: "facet" }, el("legend", { class: "legend" }, name), ...content);
  }

  function facet(name) {
    const values = site.values(name);
    const list = el("ul", { class: "values" });
    const items = values.map(([value, label]) => valueItem(list, name, value, label));
    const most = SHOWN[name];
    let all = false;
    const more = el("button", { type: "button", class: "plain more", "aria-expanded": "false", on: { click: () => show(!all) } });
    const show = (whole) => {
      all = whole;
      more.textContent = all ? "Show fewer" : `Show all ${site.number(values.length)}`;
      more.setAttribute("aria-expanded", String(all));
      items.forEach(({ item, button }, at) => (item.hidden = !all && at >= most && button.getAttribute("aria-pressed") !== "true"));
    };
    updates.push((result) => {
      items.forEach(({ button, number }, at) => {
        button.setAttribute("aria-pressed", String(state[name].includes(values[at][0])));
        number.textContent = site.number(result.counts[name][at]);
        button.classList.toggle("nothing", result.counts[name][at] === 0);
      });
      show(all);
    });
    return values.length ? group(NAMES[name], list, values.length > most ? more : null) : null;
  }

  function valueItem(list, name, value, label) {
    const number = el("span", { class: "n" });
    const button = el("button", { type: "button", class: "value", "data-facet": name, "data-value": value, "aria-pressed": "false" }, el("span", null, site.said(label)), " ", number);
    button.addEventListener("click", () => choose(site.toggled(state, name, value)));
    const item = el("li", null, button);
    list.append(item);
    return { item, button, number };
  }

  /* Bars for the mouse, lists for everybody: a click on a bar chooses the first year, the next one the last. */
  function years() {
    const all = site.loaded("first").years.map(([year]) => year);
    if (!all.length) return null;
    const span = [];
    for (let year = Math.max(all[0], all[all.length - 1] - 29); year <= all[all.length - 1]; year += 1) span.push(year);
    const bars = span.map((year) => {
      const bar = el("button", { type: "button", class: "bar", tabindex: "-1", title: String(year), "data-year": year }, el("span", null));
      bar.addEventListener("click", () => choose(site.yearChosen(state, year)));
      return bar;
    });
    const from = yearList("from", "Year from", "any", all);
    const to = yearList("to", "to", "any", all);
    const dates = el("p", { class: "note" });
    updates.push((result) => {
      const most = Math.max(1, ...span.map((year) => result.years.get(year) || 0));
      bars.forEach((bar, at) => {
        const n = result.years.get(span[at]) || 0;
        bar.firstChild.style.height = n ? `${Math.max(6, (100 * n) / most)}%` : "0";
        bar.title = `${span[at]}: ${site.number(n)}`;
        const within = (state.from === null || span[at] >= state.from) && (state.to === null || span[at] <= state.to);
        bar.classList.toggle("within", within);
      });
      dates.textContent = state.from === null && state.to === null ? "Years in which it went on, or was published." : "Entries without a date are left out.";
    });
    const ends = el("div", { class: "ends", "aria-hidden": "true" }, el("span", null, String(span[0])), el("span", null, String(span[span.length - 1])));
    return group("Year", el("div", { class: "bars", "aria-hidden": "true" }, bars), ends, el("div", { class: "pair" }, from, to), dates);
  }

  function yearList(end, label, none, all) {
    const id = `year-${end}`;
    const options = [...all].reverse().map((year) => el("option", { value: year }, String(year)));
    const select = el("select", { id }, el("option", { value: "" }, none), options);
    select.addEventListener("change", () => choose({ ...state, [end]: select.value === "" ? null : Number(select.value) }));
    updates.push(() => {
      const value = state[end] === null ? "" : String(state[end]);
      if (value && !all.includes(Number(value)) && !select.querySelector(`option[value="${value}"]`)) {
        select.append(el("option", { value }, value));
      }
      select.value = value;
    });
    return el("div", null, el("label", { for: id }, label), select);
  }

  function cities() {
    const { city, country } = site.loaded("first").dimensions;
    if (!city.length) return null;
    const names = new Map(country.map(([code, name]) => [code, name]));
    const labelled = new Map();
    for (const [id, name, , code] of city) {
      const label = `${name}, ${names.get(code) || code || "?"}`;
      labelled.set(labelled.has(label) ? `${label} (${id})` : label, id);
    }
    const options = el("datalist", { id: "cities" }, [...labelled.keys()].map((label) => el("option", { value: label })));
    const input = el("input", { id: "city", list: "cities", autocomplete: "off", placeholder: `One of ${site.number(city.length)}` });
    const take = () => {
      const wanted = site.fold(input.value);
      const label = [...labelled.keys()].find((each) => each === input.value) || [...labelled.keys()].find((each) => site.fold(each) === wanted);
      if (!label) return;
      input.value = "";
      if (!state.city.includes(labelled.get(label))) choose(site.toggled(state, "city", labelled.get(label)));
    };
    input.addEventListener("input", () => labelled.has(input.value) && take());
    input.addEventListener("change", () => take());
    const chosen = el("ul", { class: "values" });
    const at = new Map(city.map(([id], code) => [id, code]));
    updates.push((result) => {
      chosen.replaceChildren();
      for (const id of state.city) {
        const { button, number } = valueItem(chosen, "city", id, site.valueName("city", id));
        button.setAttribute("aria-pressed", "true");
        number.textContent = site.number(at.has(id) ? result.counts.city[at.get(id)] : 0);
      }
    });
    return el("div", { class: "facet" }, el("label", { for: "city", class: "legend" }, "City"), input, options, chosen);
  }

  function online() {
    const list = el("ul", { class: "values" });
    const number = el("span", { class: "n" });
    const button = el("button", { type: "button", class: "value", "aria-pressed": "false", on: { click: () => choose({ ...state, online: !state.online }) } }, el("span", null, "Online"), " ", number);
    list.append(el("li", null, button));
    updates.push((result) => {
      button.setAttribute("aria-pressed", String(state.online));
      number.textContent = site.number(result.online);
      button.classList.toggle("nothing", result.online === 0);
    });
    return group("Place", list);
  }
})();
