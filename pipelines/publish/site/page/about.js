"use strict";
/* The release itself: what changed in it, the health of its sources, its columns, its files. */

(function () {
  const { el } = site;
  const heading = (text) => el("h1", { tabindex: "-1" }, text);
  const file = (path, text) => el("a", { href: `../${path.split("/").map(encodeURIComponent).join("/")}` }, text || path);

  /* ---- changes ---- */

  const WORDS = { ADD: "Added", MOD: "Changed", DEL: "Hidden" };
  const REMOVED = /\[(e-mail|phone) removed\]/;
  const WHY = {
    merged: "It was merged into another entry.",
    split: "It was split.",
    override: "People decided that it is the same as another entry.",
    relevance: "It is about something else than the programme.",
    lost: "No page that is kept shows it any more.",
  };

  site.drawChanges = async function () {
    const { previous, counts, quiet, shown, most } = await site.load("changes");
    const { total, release } = site.loaded("first");
    if (!previous) {
      return [heading("What changed"), el("p", { class: "lead" }, `This is the first release: all ${site.count(total, "entry", "entries")} are new. The next one will say here what it added, changed and hid.`), feeds()];
    }
    const sums = ["ADD", "MOD", "DEL"].map((kind) => el("div", null, el("dt", null, WORDS[kind]), el("dd", null, site.number(counts[kind] || 0))));
    const parts = ["MOD", "DEL", "ADD"].map((kind) => part(kind, shown.filter((each) => each[1] === kind), counts[kind] || 0, most));
    const none = !quiet && Object.values(counts).every((n) => !n) ? el("p", null, "No entry was added, changed or hidden.") : null;
    return [heading("What changed"), el("p", { class: "lead" }, "Release ", el("code", null, release), " against ", el("code", null, previous), "."), el("dl", { class: "sums" }, sums), none, parts, aside(quiet), feeds()];
  };

  /* What changed and says nothing to a reader of the page: one sentence. */
  function aside(quiet) {
    return quiet ? el("p", { class: "note" }, `${site.count(quiet, "more entry", "more entries")} changed only in figures, such as relevance or how many pages tell of it.`) : null;
  }

  function feeds() {
    return el("p", { class: "note" }, "Every value that changed: ", file("changes.parquet"), ". To follow: ", file("changes.atom"), ", ", file("changes.json"), ".");
  }

  function part(kind, changes, all, most) {
    if (!changes.length) return null;
    const more = all > changes.length && changes.length >= most ? el("p", { class: "note" }, `The first ${site.number(changes.length)} of ${site.number(all)}.`) : null;
    return el("section", null, el("h2", null, WORDS[kind], " ", el("span", { class: "soft" }, site.number(all))), el("ul", { class: "changes" }, changes.map(change)), more);
  }

  function change([id, what, title, kind, reason, target, pairs]) {
    const name = title || "Without a title";
    const head = what === "DEL" ? el("b", null, site.said(name)) : el("a", { href: site.entryAddress(id) }, site.said(name));
    const lines = pairs.map(([column, old, now]) => el("div", null, el("dt", null, column.replaceAll("_", " ")), el("dd", null, before(old, now), value(now, "ins"))));
    const gone = what === "DEL" ? el("p", null, WHY[reason] || "It is hidden.", target ? [" ", el("a", { href: site.entryAddress(target) }, "See it")] : null) : null;
    return el("li", null, el("p", null, head, kind ? el("span", { class: "soft" }, ` ${site.kindName(kind)}`) : null), lines.length ? el("dl", { class: "pairs" }, lines) : null, gone);
  }

  /* Nothing is said of the value before where it may be withheld. */
  const before = (old, now) => (old === null && REMOVED.test(now) ? null : [value(old, "del"), " → "]);
  const value = (text, tag) => (text === null ? el("span", { class: "soft" }, "nothing") : el(tag, { dir: "auto" }, text));

  /* ---- sources ---- */

  const OUTCOMES = { complete: "complete", partial: "cut short", failed: "failed", empty: "found nothing", imported: "imported" };

  site.drawSources = async function () {
    const all = await site.load("sources");
    const given = all.filter((each) => each.captures);
    const waiting = all.filter((each) => !each.captures);
    const intro = `${site.count(given.length, "source")} gave what is in this release. A source that fails keeps its last good entries; the age says how old they are.`;
    const heads = ["Source", "#Entries", "Data as of", "Last run"];
    return [
      heading("Sources"),
      el("p", { class: "lead" }, intro),
      el("h2", { id: "given", class: "unseen" }, "Sources with data"),
      given.length ? site.table(heads, given.map(row), "given", { class: "wide sourced" }) : el("p", { class: "empty" }, "No page was read yet."),
      waiting.length ? el("details", { class: "waiting" }, el("summary", null, `${site.count(waiting.length, "more source")} not read yet`), el("ul", { class: "plainlist" }, waiting.map(({ title, publisher, status }) => el("li", null, site.said(title), el("span", { class: "soft" }, ` ${publisher}, ${status}`))))) : null,
      el("p", { class: "note" }, "What went wrong on the way: ", file("issues.json"), ". Licences of the texts: ", file("LICENSES.md"), "."),
    ];
  };

  function row(source) {
    const good = source.outcome === "complete" || source.outcome === "imported";
    const outcome = source.outcome ? el("span", { class: good ? "good" : "bad" }, OUTCOMES[source.outcome] || source.outcome) : "never";
    const link = el("a", { href: `#/entries?${new URLSearchParams([["source", source.key]])}` }, site.said(source.title));
    return el("tr", null,
      el("th", { scope: "row" }, source.entries ? link : site.said(source.title), el("span", { class: "under narrow" }, site.count(source.entries, "entry", "entries")), el("span", { class: "under" }, site.said(source.publisher), source.status === "active" ? null : `, ${source.status}`)),
      el("td", { class: "num" }, site.number(source.entries)),
      el("td", null, source.as_of ? [site.date(source.as_of), el("span", { class: "under" }, site.age(source.as_of))] : "–"),
      el("td", null, outcome, el("span", { class: "under" }, [site.date(source.complete), source.issues ? site.count(source.issues, "issue") : ""].filter(Boolean).join(", "))));
  }

  /* ---- dictionary ---- */

  site.drawDictionary = async function () {
    const tables = await site.load("dictionary");
    const jump = (name) => document.getElementById(`table-${name}`)?.scrollIntoView();
    const jumps = tables.map(({ name }) => el("li", null, el("button", { type: "button", class: "plain", on: { click: () => jump(name) } }, name)));
    return [heading("Data dictionary"), el("p", { class: "lead" }, "What the columns of each table mean; empty is unknown. With examples: ", file("dictionary.html"), "."), el("ul", { class: "jumps", "aria-label": "Tables" }, jumps), tables.map(described)];
  };

  function described({ name, meaning, key, rows, columns }) {
    const lines = columns.map(([column, type, nullable, means]) =>
      el("tr", null, el("th", { scope: "row" }, el("code", null, column), el("span", { class: "under" }, nullable ? type : `${type}, never empty`)), el("td", null, means)));
    const about = `${rows === null ? "" : `${site.count(rows, "row")}, `}identified by ${key.join(", ")}.`;
    return el("section", null, el("h2", { id: `table-${name}` }, name), el("p", null, meaning, " ", el("span", { class: "soft" }, about)), site.table(["Column", "Meaning"], lines, `table-${name}`, { class: "wide" }));
  }

  /* ---- downloads ---- */

  const TABULAR = [".parquet", ".csv", ".jsonl"];

  site.drawDownloads = async function () {
    const { files, opens, documents } = await site.load("downloads");
    const tables = new Map((await site.load("dictionary")).map((table) => [table.name, table]));
    const end = (path) => path.slice(path.lastIndexOf("."));
    const known = new Set(documents.map(([path]) => path));
    const data = files.filter(([path]) => Object.hasOwn(opens, end(path)) && !known.has(path));
    const tabular = data.filter(([path]) => TABULAR.includes(end(path)) && tables.has(path.replace(/\.[^.]*$/, "")));
    const whole = data.filter(([path]) => path.endsWith(".duckdb"));
    const calendars = data.filter(([path]) => path.startsWith("calendars/"));
    const rest = data.filter((each) => ![...tabular, ...whole, ...calendars].includes(each) && each[3]);
    const said = ([path, , , what]) => what || "";
    return [
      heading("Downloads"),
      el("p", { class: "lead" }, "All of it, under an open licence; ", file("LICENSES.md", "licences and attribution"), ", ", file("CITATION.cff", "how to cite"), "."),
      el("h2", { id: "whole" }, "Everything in one file"),
      listed(whole, said, opens, end, "whole"),
      el("h2", { id: "tables" }, "Tables"),
      grid(tabular, tables, end),
      el("p", { class: "note" }, TABULAR.map((each) => [el("b", null, each.slice(1)), ` opens in ${opens[each]}. `])),
      el("h2", { id: "more" }, "Calendars, map, feeds"),
      listed(rest, said, opens, end, "more"),
      calendars.length ? el("p", { class: "key" }, "Calendars of one country: ", calendars.map(([path]) => [file(path, path.replace(/^.*\/|\.ics$/g, "").toUpperCase()), " "])) : null,
      el("h2", { id: "documents" }, "About the data"),
      el("dl", { class: "documents" }, documents.map(([path, what]) => el("div", null, el("dt", null, file(path)), el("dd", null, what)))),
      el("details", null, el("summary", null, "SHA-256 checksums"), el("dl", { class: "sha" }, data.map(([path, , sum]) => el("div", null, el("dt", null, path), el("dd", null, el("code", null, sum)))))),
    ];
  };

  function listed(files, said, opens, end, labelledby) {
    const rows = files.map((each) => el("tr", null,
      el("th", { scope: "row" }, file(each[0]), el("span", { class: "under" }, site.bytes(each[1]))),
      el("td", null, said(each), el("span", { class: "under" }, `Opens in ${opens[end(each[0])]}`))));
    return site.table(["File", "What it holds"], rows, labelledby, { class: "wide" });
  }

  function grid(files, tables, end) {
    const bytes = new Map(files.map(([path, size]) => [path, size]));
    const rows = [...tables.values()].filter(({ name }) => TABULAR.some((each) => bytes.has(name + each))).map(({ name, meaning, rows: n }) =>
      el("tr", null, el("th", { scope: "row" }, el("code", null, name), el("span", { class: "under" }, n === null ? "" : `${site.count(n, "row")}. `, meaning)),
        TABULAR.map((each) => el("td", { class: "num" }, bytes.has(name + each) ? file(name + each, site.bytes(bytes.get(name + each))) : "–"))));
    const table = site.table(["Table", "#Parquet", "#CSV", "#JSON lines"], rows, "tables", { class: "wide" });
    for (const link of table.querySelectorAll("td a")) link.setAttribute("aria-label", `${link.getAttribute("href").slice(3)}, ${link.textContent}`);
    return table;
  }
})();
