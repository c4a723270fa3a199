"use strict";
/* What the reader asks for, as the fragment of the address: #/entries?topic=anti-rumours&from=2018
   What belongs here: reading and writing it, so that every state has a link and the back button works. */

(function () {
  site.FACETS = ["topic", "kind", "country", "city", "language", "source"];
  const SORTS = ["newest", "oldest", "seen"];

  const whole = (text) => (/^-?\d{1,4}$/.test(text || "") ? Number(text) : null);

  /* {view, id, q, from, to, online, sort, and a list of values for each of FACETS} */
  site.parse = function (hash) {
    const [path, query] = hash.replace(/^#\/?/, "").split("?", 2);
    const [view, id] = path.split("/", 2);
    const asked = new URLSearchParams(query || "");
    const state = {
      view: view || "entries",
      id: decode(id || ""),
      q: (asked.get("q") || "").slice(0, 200),
      from: whole(asked.get("from")),
      to: whole(asked.get("to")),
      online: asked.get("online") === "1",
      sort: SORTS.includes(asked.get("sort")) ? asked.get("sort") : "newest",
    };
    for (const facet of site.FACETS) state[facet] = [...new Set(asked.getAll(facet))];
    return state;
  };

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /* The part of the address after the question mark: the filters, in one order. */
  site.asked = function (state) {
    const query = new URLSearchParams();
    if (state.q) query.set("q", state.q);
    for (const facet of site.FACETS) for (const value of state[facet]) query.append(facet, value);
    if (state.from !== null) query.set("from", state.from);
    if (state.to !== null) query.set("to", state.to);
    if (state.online) query.set("online", "1");
    if (state.sort !== "newest") query.set("sort", state.sort);
    const text = query.toString();
    return text ? `?${text}` : "";
  };

  site.address = (state, view) => `#/${view || state.view}${site.asked(state)}`;
  site.entryAddress = (id) => `#/entry/${encodeURIComponent(id)}`;

  site.cleared = (state) => ({ ...site.parse(""), view: state.view, sort: state.sort });
  site.narrowed = (state) =>
    Boolean(state.q || state.from !== null || state.to !== null || state.online || site.FACETS.some((f) => state[f].length));

  /* The same question with one value more, or less. */
  site.toggled = function (state, facet, value) {
    const has = state[facet].includes(value);
    return { ...state, [facet]: has ? state[facet].filter((each) => each !== value) : [...state[facet], value] };
  };

  /* A click on a year: the first, then the last; a click on what is one year already begins anew. */
  site.yearChosen = function (state, year) {
    if (state.from === null || state.to !== null || year < state.from) return { ...state, from: year, to: null };
    return { ...state, to: year };
  };

  site.go = (state) => {
    location.hash = site.address(state);
  };

  /* As `go`, without a step for the back button: for every letter that is typed. */
  site.slide = (state) => location.replace(site.address(state));
})();
