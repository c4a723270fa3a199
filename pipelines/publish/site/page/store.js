"use strict";
/* All entries in columns, and what of them answers a question.
   What belongs here: the index in memory, matching, counting. What does not: what is shown of it. */

(function () {
  const LISTS = ["topic", "country", "city", "source"];
  const NONE = -1000000000; // no day
  const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff]/; // writing without blanks between words
  const first = () => site.loaded("first");

  /* Columns of parts, one after the other: numbers in typed arrays, lists as offsets and values. */
  function columns(parts) {
    const n = parts.reduce((sum, part) => sum + (part.id || []).length, 0);
    const store = { n, id: [], title: [], first: new Int16Array(n), last: new Int16Array(n), hay: new Array(n), texts: new Array(n) };
    for (const name of ["kind", "status", "precision", "ongoing", "online", "language"]) store[name] = new Int16Array(n);
    for (const name of ["start", "end", "seen", "sources"]) store[name] = new Int32Array(n);
    for (const name of LISTS) store[name] = { at: new Uint32Array(n + 1), codes: [] };
    let row = 0;
    for (const part of parts) row = append(store, part, row);
    return store;
  }

  function append(store, part, row) {
    const size = (part.id || []).length;
    for (let i = 0; i < size; i += 1, row += 1) {
      store.id.push(part.id[i]);
      store.title.push(part.title[i]);
      for (const name of ["kind", "status", "precision", "ongoing", "online", "language", "seen", "sources"])
        store[name][row] = part[name][i];
      for (const name of ["start", "end"]) store[name][row] = part[name][i] === null ? NONE : part[name][i];
      for (const name of ["first", "last"]) store[name][row] = part[name][i] || 0;
      for (const name of LISTS) {
        const list = store[name];
        for (const code of part[name][i]) list.codes.push(code);
        list.at[row + 1] = list.codes.length;
      }
    }
    return row;
  }

  let whole = null;
  let coming = null;
  let newest = null;

  /* The newest rows, which came with the page. */
  site.newest = function () {
    if (!newest) {
      newest = columns([first().newest.index]);
      first().newest.texts.forEach((text, row) => (newest.texts[row] = text));
    }
    return newest;
  };

  /* All rows; `null` as long as they have not come. */
  site.whole = () => whole;

  site.loadWhole = function () {
    coming ||= Promise.all(Array.from({ length: first().index }, (_, number) => site.load("index", number)))
      .then((parts) => (whole = columns(parts)))
      .catch((error) => {
        coming = null;
        throw error;
      });
    return coming;
  };

  /* The summaries of the rows, for showing them or searching in them. */
  site.loadTexts = async function (rows) {
    const [parts, size] = first().texts;
    const wanted = rows ? [...new Set(rows.map((row) => Math.floor(row / size)))] : Array.from({ length: parts }, (_, i) => i);
    await Promise.all(wanted.map(async (number) => putTexts(number, size, await site.load("texts", number))));
  };

  function putTexts(number, size, texts) {
    if (whole && whole.texts[number * size] === undefined) texts.forEach((text, i) => (whole.texts[number * size + i] = text));
  }

  site.textsThere = () => Array.from({ length: first().texts[0] }, (_, i) => i).every((i) => site.loaded("texts", i));

  /* Codes of a list of a row. */
  site.codes = function (store, name, row) {
    const list = store[name];
    return list.codes.slice(list.at[row], list.at[row + 1]);
  };

  site.day = (value) => (value === NONE ? null : value);

  /* ---- questions ---- */

  function haystack(store, row) {
    if (store.hay[row] === undefined) {
      const { city, country } = first().dimensions;
      const names = [...site.codes(store, "city", row).map((c) => city[c][1]), ...site.codes(store, "country", row).map((c) => country[c][1])];
      store.hay[row] = ` ${site.fold([store.title[row], ...names].join(" "))}`;
    }
    return store.hay[row];
  }

  const folded = []; // summaries, folded, as far as somebody searched in them
  let found = { q: null, texts: false, rows: null };

  /* 1 for each row that has all words of the text, at the start of a word, in title, place or summary. */
  function textual(store, q) {
    const texts = site.textsThere();
    if (found.q === q && found.texts === texts && found.rows.length === store.n) return found.rows;
    const needles = site.fold(q).split(" ").map((word) => (UNSPACED.test(word) ? word : ` ${word}`));
    const rows = new Uint8Array(store.n);
    for (let row = 0; row < store.n; row += 1) {
      const hay = haystack(store, row);
      if (texts && folded[row] === undefined) folded[row] = ` ${site.fold(store.texts[row] || "")}`;
      rows[row] = needles.every((needle) => hay.includes(needle) || (texts && folded[row].includes(needle))) ? 1 : 0;
    }
    found = { q, texts, rows };
    return rows;
  }

  /* 1 for each code that is chosen; null when any will do. */
  function chosen(facet, values) {
    if (!values.length) return null;
    const known = facet === "kind" ? first().kinds : first().dimensions[facet];
    return Uint8Array.from(known, ([value]) => (values.includes(value) ? 1 : 0));
  }

  function orderOf(store, sort) {
    store.orders ||= {};
    if (!store.orders[sort]) {
      const rows = Array.from({ length: store.n }, (_, row) => row);
      if (sort === "seen") rows.sort((a, b) => store.seen[b] - store.seen[a] || a - b);
      else rows.sort((a, b) => (store.start[a] === NONE) - (store.start[b] === NONE) || store.start[a] - store.start[b] || a - b);
      store.orders[sort] = rows;
    }
    return store.orders[sort];
  }

  /* {rows, counts, years, online}: the rows in their order; of each value how many rows there would be with it,
     everything else being as it is asked for. */
  site.match = function (store, state) {
    const text = site.fold(state.q) ? textual(store, state.q) : null;
    const masks = Object.fromEntries(site.FACETS.map((facet) => [facet, chosen(facet, state[facet])]));
    const counts = {};
    for (const facet of site.FACETS) {
      counts[facet] = new Int32Array(facet === "kind" ? first().kinds.length : first().dimensions[facet].length);
    }
    const years = new Map();
    const result = { rows: [], counts, years, online: 0 };
    const order = state.sort === "newest" ? null : orderOf(store, state.sort);
    for (let i = 0; i < store.n; i += 1) {
      const row = order ? order[i] : i;
      if (text && !text[row]) continue;
      tally(store, row, state, masks, result);
    }
    return result;
  };

  function holds(store, facet, mask, row) {
    if (facet === "kind" || facet === "language") return store[facet][row] >= 0 && mask[store[facet][row]];
    const list = store[facet];
    for (let at = list.at[row]; at < list.at[row + 1]; at += 1) if (mask[list.codes[at]]) return true;
    return false;
  }

  function inYears(store, row, state) {
    if (state.from === null && state.to === null) return true;
    if (store.start[row] === NONE) return false;
    return (state.from === null || store.last[row] >= state.from) && (state.to === null || store.first[row] <= state.to);
  }

  /* A row that fails nothing counts everywhere; one that fails one filter counts among the values of that filter. */
  function tally(store, row, state, masks, result) {
    let failed = null;
    for (const facet of site.FACETS) {
      if (!masks[facet] || holds(store, facet, masks[facet], row)) continue;
      if (failed) return;
      failed = facet;
    }
    if (!inYears(store, row, state)) {
      if (failed) return;
      failed = "year";
    }
    if (state.online && !store.online[row]) {
      if (failed) return;
      failed = "online";
    }
    if (!failed) result.rows.push(row);
    for (const facet of site.FACETS) if (!failed || failed === facet) add(store, facet, row, result.counts[facet]);
    if ((!failed || failed === "year") && store.start[row] !== NONE) {
      for (let year = store.first[row]; year <= store.last[row]; year += 1) result.years.set(year, (result.years.get(year) || 0) + 1);
    }
    if ((!failed || failed === "online") && store.online[row]) result.online += 1;
  }

  function add(store, facet, row, counts) {
    if (facet === "kind" || facet === "language") {
      if (store[facet][row] >= 0) counts[store[facet][row]] += 1;
      return;
    }
    const list = store[facet];
    for (let at = list.at[row]; at < list.at[row + 1]; at += 1) counts[list.codes[at]] += 1;
  }

  /* What holds for all entries, as it came with the page: until the whole index is there. */
  site.matchAll = function () {
    const { dimensions, kinds, years, online } = first();
    const counts = Object.fromEntries(
      site.FACETS.map((facet) => [facet, (facet === "kind" ? kinds : dimensions[facet]).map((value) => value[facet === "kind" ? 1 : 2])]),
    );
    return { rows: Array.from({ length: site.newest().n }, (_, row) => row), counts, years: new Map(years), online };
  };
})();
