"use strict";
/* The map of cities: circles as large as what they have, on outlines that lie beside; the same as a list. */

(function () {
  const { el, svg } = site;
  const AT = { europe: 4, world: 5 }; // where a city says its position
  const NAMES = { europe: "Europe", world: "World" };
  const LISTED = 40;
  const LARGEST = { europe: 26, world: 30 }; // radius in units of the map; less when there are many
  let area = "europe";

  site.drawMap = async function (store, state, result) {
    const maps = await site.load("map");
    const head = [el("h1", { tabindex: "-1" }, "Map of cities"), site.chips(state)];
    const cities = counted(store, result.rows);
    if (!cities.length) return [...head, result.rows.length ? el("p", { class: "empty" }, "None of these entries names a city.") : site.nothing(state)];
    const said = el("p", { class: "lead" });
    const stage = el("div", { class: "stage" });
    const draw = () => {
      const outside = cities.filter(({ city }) => !city[AT[area]]).length;
      said.textContent = `${site.count(cities.length, "city", "cities")}; a circle is as large as the number of entries.${outside ? ` ${site.number(outside)} of them ${outside === 1 ? "lies" : "lie"} outside of this map.` : ""}`;
      stage.replaceChildren(chart(maps[area], cities, state));
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.area === area));
    };
    const buttons = Object.keys(AT).map((each) =>
      el("button", { type: "button", class: "button", "data-area": each, on: { click: () => ((area = each), draw()) } }, NAMES[each]));
    draw();
    const group = el("div", { class: "switch", role: "group", "aria-label": "Part of the world" }, buttons);
    return [...head, el("div", { class: "above" }, said, group), el("div", { class: "mapping" }, stage, listed(cities, state)),
      el("p", { class: "note" }, "Outlines: Natural Earth. Positions: GeoNames. Borders are those of the source, and no statement of ours.")];
  };

  function counted(store, rows) {
    const { city } = site.loaded("first").dimensions;
    const numbers = new Int32Array(city.length);
    for (const row of rows) for (const code of site.codes(store, "city", row)) numbers[code] += 1;
    const found = city.map((each, code) => ({ city: each, n: numbers[code] })).filter(({ n }) => n);
    return found.sort((a, b) => b.n - a.n);
  }

  const address = (state, id) => site.address({ ...state, city: [id] }, "entries");

  function chart(map, cities, state) {
    const [width, height] = map.size;
    const most = cities[0].n;
    const placed = cities.filter(({ city }) => city[AT[area]]); // the largest first, so that small ones lie on top
    const largest = LARGEST[area] * Math.min(1, Math.max(0.35, Math.sqrt(120 / placed.length)));
    const circles = placed.map(({ city, n }) => {
      const [x, y] = city[AT[area]];
      const r = Math.max(0.17 * largest, largest * Math.sqrt(n / most)).toFixed(1);
      const circle = svg("circle", { cx: x, cy: y, r }, svg("title", null, `${city[1]}: ${site.count(n, "entry", "entries")}`));
      circle.addEventListener("click", () => (location.hash = address(state, city[0])));
      return circle;
    });
    const label = `Map of ${NAMES[area]} with ${site.count(placed.length, "city", "cities")}; the list beside it says the same.`;
    return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "map" },
      svg("path", { d: map.path, class: "land" }), svg("g", { class: "circles" }, circles));
  }

  function listed(cities, state) {
    const { country } = site.loaded("first").dimensions;
    const names = new Map(country.map(([code, name]) => [code, name]));
    const list = el("ol", { class: "ranks" });
    const add = (some) => list.append(...some.map(({ city, n }) =>
      el("li", null, el("a", { href: address(state, city[0]) }, site.said(city[1])), " ", el("span", { class: "soft" }, names.get(city[3]) || ""), el("span", { class: "n" }, site.number(n)))));
    add(cities.slice(0, LISTED));
    const rest = cities.length - LISTED;
    const more = el("button", { type: "button", class: "plain more" }, `Show all ${site.number(cities.length)}`);
    more.addEventListener("click", () => {
      add(cities.slice(LISTED));
      more.remove();
      list.children[LISTED].querySelector("a").focus();
    });
    return el("section", { class: "beside", "aria-label": "Cities by number of entries" }, list, rest > 0 ? more : null);
  }
})();
