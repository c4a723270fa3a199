"use strict";
/* Which view is shown: the fragment of the address decides. Views that follow the filters are drawn from the index,
   which is loaded once it is needed, or when nothing else is to be done. */

(function () {
  const { el } = site;
  const FILTERED = {
    entries: ["Entries", null],
    timeline: ["Timeline", site.drawTimeline],
    topics: ["Topics", site.drawTopics],
    map: ["Map", site.drawMap],
  };
  const OTHER = {
    changes: ["Changes", site.drawChanges],
    sources: ["Sources", site.drawSources],
    dictionary: ["Dictionary", site.drawDictionary],
    downloads: ["Downloads", site.drawDownloads],
  };
  const main = document.getElementById("content");
  const panel = document.getElementById("panel");
  const status = document.getElementById("status");
  let drawn = { view: null, hash: null };
  let turn = 0; // so that what comes late does not overwrite what was asked for since

  site.warn = function (error) {
    status.textContent = error.message;
    if (main.querySelector(".warning")) return;
    main.prepend(el("p", { class: "warning", role: "alert" }, error.message, " ", el("button", { type: "button", class: "button", on: { click: () => location.reload() } }, "Try again")));
  };

  function navigation(state) {
    const views = Object.entries({ ...FILTERED, ...OTHER });
    const items = views.map(([view, [name]]) => {
      const here = view === state.view || (state.view === "entry" && view === "entries");
      const href = Object.hasOwn(FILTERED, view) ? (Object.hasOwn(FILTERED, state.view) ? site.address(state, view) : `#/${view}`) : `#/${view}`;
      return el("li", null, el("a", { href, "aria-current": here ? "page" : null }, name));
    });
    const nav = document.getElementById("nav");
    if (!nav.firstChild) return nav.append(el("ul", null, items));
    const links = nav.querySelectorAll("a");
    items.forEach((item, at) => {
      links[at].setAttribute("href", item.firstChild.getAttribute("href"));
      if (item.firstChild.hasAttribute("aria-current")) links[at].setAttribute("aria-current", "page");
      else links[at].removeAttribute("aria-current");
    });
    return nav;
  }

  function footer() {
    const { release, created } = site.loaded("first");
    document.getElementById("foot").append(el("p", null, "Release ", el("code", null, release), ` of ${site.date(created)}. Words of pages belong to their publishers: `, el("a", { href: "../LICENSES.md" }, "licences"), "."));
  }

  /* Put a view in its place; the focus goes to its heading when it is another view than before. */
  function place(content, state, title, whole = true) {
    const active = document.activeElement;
    const within = drawn.view === state.view && main.contains(active) && active.id;
    main.replaceChildren(...content.flat(Infinity).filter(Boolean));
    document.title = `${title} · cityharvest`;
    main.removeAttribute("aria-busy");
    const changed = drawn.view !== null && (drawn.view !== state.view || state.view === "entry");
    if (within) document.getElementById(active.id)?.focus();
    if (changed) {
      main.querySelector("h1")?.focus({ preventScroll: true });
      window.scrollTo(0, state.view === "entries" ? site.keptScroll(state) : 0);
    }
    drawn = { view: state.view, hash: location.hash };
    main.dataset.drawn = location.hash;
    main.dataset.whole = String(whole);
  }

  async function draw() {
    const mine = (turn += 1);
    const state = site.parse(location.hash);
    if (!Object.hasOwn(FILTERED, state.view) && !Object.hasOwn(OTHER, state.view) && state.view !== "entry") state.view = "entries";
    if (drawn.view === "entries" && state.view !== "entries") site.keepScroll();
    navigation(state);
    panel.hidden = !(Object.hasOwn(FILTERED, state.view));
    document.getElementById("page").classList.toggle("paneled", Object.hasOwn(FILTERED, state.view));
    const late = setTimeout(() => mine === turn && main.setAttribute("aria-busy", "true"), 150);
    try {
      if (Object.hasOwn(FILTERED, state.view)) await filtered(state, () => mine === turn);
      else {
        const content = await (state.view === "entry" ? site.drawEntry(state.id) : OTHER[state.view][1]());
        const title = state.view === "entry" ? content[1].querySelector?.("h1")?.textContent.slice(0, 80) || "Entry not found" : OTHER[state.view][0];
        if (mine === turn) place(content, state, title);
      }
    } catch (error) {
      if (mine === turn) site.warn(error);
    } finally {
      clearTimeout(late);
      if (mine === turn) main.removeAttribute("aria-busy");
    }
  }

  async function filtered(state, current) {
    if (state.view === "entries" && !site.narrowed(state) && state.sort === "newest" && !site.whole()) {
      const result = site.matchAll();
      site.updatePanel(state, result);
      place(site.drawList(site.newest(), state, result, site.loaded("first").total), state, "Entries");
      return;
    }
    const store = site.whole() || (await site.loadWhole());
    if (!current()) return;
    const whole = !state.q || site.textsThere();
    await answer(store, state, current, whole);
    if (whole || !current()) return;
    status.textContent = "Searching in summaries";
    await site.loadTexts(null);
    if (current()) await answer(store, state, current, true);
  }

  async function answer(store, state, current, whole) {
    const result = site.match(store, state);
    site.updatePanel(state, result);
    const [name, view] = FILTERED[state.view];
    const content = view ? await view(store, state, result) : site.drawList(store, state, result, result.rows.length);
    if (!current()) return;
    place(content, state, site.narrowed(state) ? `${site.count(result.rows.length, "entry", "entries")}, ${name}` : name, whole);
    status.textContent = site.count(result.rows.length, "entry", "entries");
  }

  function start() {
    if (!site.loaded("first")) {
      main.replaceChildren(el("p", { class: "warning", role: "alert" }, "The file data/first.js is missing or is of another release. Reload the page; if that does not help, the folder of the site is not whole."));
      return;
    }
    site.drawPanel(panel);
    footer();
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the fragment says which view is shown
      main.focus();
    });
    window.addEventListener("hashchange", draw);
    site.redraw = draw;
    draw();
    const idle = window.requestIdleCallback || ((work) => setTimeout(work, 300));
    idle(() => site.loadWhole().catch(() => {})); // whoever needs it will be told
  }

  start();
})();
