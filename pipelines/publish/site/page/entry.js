"use strict";
/* One entry: what it says, how it was read, every source it came from and why they were taken for the same. */

(function () {
  const { el } = site;
  const SECTIONS = ["purpose", "stimulus", "process", "impact", "references", "contact"];
  const ROLES = { document: "Document", registration: "Registration", related: "Related" };

  /* The entry of an id as an object; null when this release has none. */
  site.findEntry = async function (id) {
    const { firsts } = site.loaded("first");
    let low = 0;
    let high = firsts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (firsts[middle] <= id) low = middle;
      else high = middle - 1;
    }
    if (!firsts.length) return null;
    const { fields, rows } = await site.load("entries", low);
    const row = rows.find((each) => each[0] === id);
    return row ? Object.fromEntries(fields.map((field, at) => [field, row[at]])) : null;
  };

  site.drawEntry = async function (id) {
    const entry = await site.findEntry(id);
    return entry ? page(entry) : missing(id);
  };

  function back() {
    return el("p", { class: "back" }, el("a", { href: site.lastList() }, "← Entries"));
  }

  async function missing(id) {
    const redirects = (await site.load("redirects")).filter(([from]) => from === id);
    const ways = redirects.map(([, to]) => el("li", null, el("a", { href: site.entryAddress(to) }, to)));
    const why = redirects.length ? `It was ${redirects[0][2]}. What it said stands in:` : "An id once published stays or leads on; this one was never published, or is hidden.";
    return [back(), el("h1", { tabindex: "-1" }, "Entry not found"), el("p", null, "This release has no entry ", el("code", null, site.said(id)), ". ", why), ways.length ? el("ul", null, ways) : null];
  }

  function page(entry) {
    const title = entry.title || "Without a title";
    const size = title.length > 160 ? "long" : null;
    return [
      back(),
      el("article", { class: "entry" },
        el("p", { class: "facts" }, facts(entry)),
        el("h1", { tabindex: "-1", dir: "auto", class: size }, title),
        entry.subtitle ? el("p", { class: "subtitle", dir: "auto" }, entry.subtitle) : null,
        el("div", { class: "sides" },
          el("div", null,
            entry.summary ? el("p", { class: "summary", dir: "auto" }, entry.summary) : null,
            sections(entry.sections),
            el("p", { class: "go" }, site.web(entry.url) ? site.out(entry.url, "Open the page that shows it") : null),
            links(entry.links)),
          details(entry)),
        sources(entry.sources || []),
        versions(entry.versions || [])),
    ];
  }

  const precision = (entry) => entry.date_precision || "day";
  const span = (entry) => site.span(site.dayOf(entry.start_date), site.dayOf(entry.end_date), precision(entry), entry.is_ongoing);

  function time(entry) {
    if (!entry.start_time) return "";
    const hours = [entry.start_time, entry.end_time].filter(Boolean).map((text) => text.slice(0, 5)).join("–");
    return `, ${hours}${entry.timezone ? ` (${entry.timezone})` : entry.timezone_raw ? ` (${entry.timezone_raw})` : ""}`;
  }

  function facts(entry) {
    const status = entry.status && entry.status !== "scheduled" ? el("strong", { class: "status" }, entry.status) : null;
    const when = span(entry);
    const where = [...entry.cities, ...entry.countries.map((code) => site.valueName("country", code))];
    const deadline = entry.date_role === "deadline" && when ? "until " : "";
    return [
      el("span", { class: "kind" }, site.kindName(entry.kind)),
      when ? el("span", { class: "when" }, `${deadline}${when}${time(entry)}`) : null,
      where.length ? el("span", null, site.said(where.join(", "))) : null,
      entry.is_online ? el("span", null, "online") : null,
      status,
    ].filter(Boolean);
  }

  function sections(said) {
    if (!said) return null;
    const keys = [...SECTIONS.filter((key) => key in said), ...Object.keys(said).filter((key) => !SECTIONS.includes(key))];
    return keys.filter((key) => said[key]).map((key) => {
      const text = typeof said[key] === "string" ? said[key] : JSON.stringify(said[key]);
      return el("section", { class: "told" }, el("h2", null, key[0].toUpperCase() + key.slice(1)), el("p", { dir: "auto" }, text));
    });
  }

  function links(list) {
    if (!list || !list.length) return null;
    const items = list.map(([url, label, role]) => el("li", null, site.out(url, label || url), " ", el("span", { class: "soft" }, ROLES[role] || role)));
    return el("section", null, el("h2", null, "Links"), el("ul", { class: "plainlist" }, items));
  }

  const filter = (facet, value, name) => el("a", { href: `#/entries?${new URLSearchParams([[facet, value]])}` }, site.said(name));
  const joined = (list) => list.flatMap((each, at) => (at ? [", ", each] : [each]));

  /* What was read, beside the words it was read from. */
  function details(entry) {
    const cities = entry.cities.map((name, at) => (entry.city_ids[at] ? filter("city", entry.city_ids[at], name) : site.said(name)));
    const countries = entry.countries.map((code) => filter("country", code, site.valueName("country", code)));
    const topics = entry.topics.map((topic) => filter("topic", topic, site.valueName("topic", topic)));
    const said = (text) => (text ? ["“", site.said(text), "”"] : null);
    const rows = [
      ["Date", [span(entry) + time(entry) || "unknown", entry.date_inferred ? " (a part of it came from the context)" : null]],
      ["as the page says it", said(entry.date_raw)],
      ["how it was read", entry.date_reason && entry.date_reason !== "empty" ? [site.said(entry.date_reason), entry.date_precision ? `; exact to the ${entry.date_precision}` : null] : entry.date_raw ? null : "the page gives none"],
      ["Place", joined([...cities, ...countries])],
      ["as the page says it", said(entry.place_raw)],
      ["Venue", entry.venue ? site.said(entry.venue) : null],
      ["Topics", joined(topics)],
      ["Relevance", entry.relevance === null ? null : `${Math.round(100 * entry.relevance)} % about the programme's subject`],
      ["Language", entry.language ? [filter("language", entry.language, site.valueName("language", entry.language)), entry.language_confidence === null ? null : ` (${Math.round(100 * entry.language_confidence)} % sure)`] : null],
      ["Seen", `${site.date(entry.first_seen_at)}${entry.last_seen_at.slice(0, 10) === entry.first_seen_at.slice(0, 10) ? "" : `, last ${site.date(entry.last_seen_at)}`}`],
      ["Id", el("code", { class: "id" }, entry.entry_id)],
    ];
    const shown = rows.filter(([, value]) => value && (!Array.isArray(value) || value.some(Boolean)));
    return el("section", { class: "aside" }, el("h2", null, "What was read"), el("dl", { class: "read" }, shown.map(([name, value]) => [el("dt", { class: name === name.toLowerCase() ? "sub" : null }, name), el("dd", null, value)])));
  }

  function sources(list) {
    const intro = list.length > 1 ? `${list.length} mentions were taken for the same entry; beside each stands why.` : "One page tells of it.";
    return el("section", null, el("h2", null, "Where it comes from"), el("p", { class: "soft" }, intro), el("ol", { class: "sources" }, list.map(source)));
  }

  function source([key, url, captured, title, dateRaw, placeRaw, reason, score]) {
    const words = [title, dateRaw, placeRaw].filter(Boolean);
    const why = reason ? `${reason}${score === null ? "" : ` (${Math.round(100 * score)} %)`}` : null;
    return el("li", null,
      el("p", { class: "facts" }, filter("source", key, site.valueName("source", key)), el("span", { class: "when" }, `page of ${site.date(captured)}`)),
      words.length ? el("p", { class: "words", dir: "auto" }, words.join(" · ")) : null,
      el("p", { class: "address" }, site.out(url)),
      why ? el("p", null, el("span", { class: "soft" }, "Merged: "), site.said(why)) : null);
  }

  function versions(list) {
    if (list.length < 2) return null;
    const rows = list.map(([from, to, title, date, status]) =>
      el("tr", null, el("td", null, site.date(from)), el("td", null, to ? site.date(to) : "now"), el("td", null, site.said(title || "")), el("td", null, site.said(date || "")), el("td", null, status || "")));
    return el("section", null, el("h2", { id: "versions" }, "What it said before"), site.table(["From", "Until", "Title", "Date", "Status"], rows, "versions"));
  }

  /* A table that scrolls when it is wide, which the keyboard can reach. */
  site.table = function (heads, rows, labelledby, said) {
    const cells = heads.map((head) => el("th", { scope: "col", class: head.startsWith("#") ? "num" : null }, head.replace(/^#/, "")));
    return el("div", { class: "scroll", role: "region", "aria-labelledby": labelledby, tabindex: "0" }, el("table", said || null, el("thead", null, el("tr", null, cells)), el("tbody", null, rows)));
  };
})();
