"use strict";
/* Making elements, and writing dates and numbers for people.
   What pages said reaches the document as text only: `el` knows no markup, and `web` no address but http and https. */

(function () {
  const SVG = "http://www.w3.org/2000/svg";
  const MONTHS = "January February March April May June July August September October November December".split(" ");
  // Controls, and what turns the direction of a line around: as `pipelines.publish.files.text` leaves them out.
  // eslint-disable-next-line no-control-regex
  const NOT_SHOWN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;
  const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  const DAY = 86400000;

  site.clean = (text) => String(text).replace(LONE, "\ufffd").replace(NOT_SHOWN, "");

  /* An element: attributes by name, `on` for listeners, then children: texts, elements, lists of them, or nothing. */
  site.el = function (tag, said, ...children) {
    return fill(document.createElement(tag), said, children);
  };

  site.svg = function (tag, said, ...children) {
    return fill(document.createElementNS(SVG, tag), said, children);
  };

  function fill(element, said, children) {
    for (const [name, value] of Object.entries(said || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, work] of Object.entries(value)) element.addEventListener(event, work);
      else element.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      element.append(child instanceof Node ? child : site.clean(child));
    }
    return element;
  }

  /* A text that a page said, kept apart from what stands around it, whichever way it is written. */
  site.said = (text) => site.el("bdi", null, text);

  /* The address when it is one of the web, else null. */
  site.web = function (address) {
    try {
      const url = new URL(address);
      return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
    } catch {
      return null;
    }
  };

  /* A link that leaves the site; only its text when the address is none of the web. */
  site.out = function (address, text) {
    const href = site.web(address);
    const shown = site.said(text || address);
    return href ? site.el("a", { href, rel: "noopener noreferrer nofollow", class: "out" }, shown) : shown;
  };

  site.number = (value) => value.toLocaleString("en");
  site.count = (value, one, many) => `${site.number(value)} ${value === 1 ? one : many || `${one}s`}`;

  site.bytes = function (value) {
    const units = ["B", "kB", "MB", "GB"];
    let at = 0;
    while (value >= 1000 && at < units.length - 1) {
      value /= 1000;
      at += 1;
    }
    return `${value < 10 && at ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
  };

  /* Days since 1970-01-01 of an ISO date, and back; years beyond four digits are none of ours. */
  site.dayOf = (text) => (text ? Math.round(Date.parse(`${String(text).slice(0, 10)}T00:00:00Z`) / DAY) : null);
  site.yearOf = (day) => new Date(day * DAY).getUTCFullYear();

  function words(day, precision) {
    const date = new Date(day * DAY);
    const year = String(date.getUTCFullYear());
    if (precision === "year") return [year];
    const month = MONTHS[date.getUTCMonth()];
    return precision === "month" ? [year, month] : [year, month, String(date.getUTCDate())];
  }

  const spell = (parts) => [...parts].reverse().join(" ");

  /* A day or a span as precise as it is known: "3–5 May 2024", "May 2024", "2011, ongoing". */
  site.span = function (start, end, precision, ongoing) {
    if (start === null || start === undefined) return ongoing ? "ongoing" : "";
    const first = words(start, precision);
    const last = end === null || end === undefined ? null : words(end, precision);
    let text = spell(first);
    if (last && spell(last) !== text) {
      const same = first.findIndex((part, at) => part !== last[at]);
      const dash = first.length - same > 1 ? " – " : "–";
      text = `${spell(first.slice(same))}${dash}${spell(last)}`;
    }
    return ongoing ? `${text}, ongoing` : text;
  };

  site.date = (text) => (text ? site.span(site.dayOf(text), null, "day", false) : "");

  /* How long ago a day was, for whoever looks today. */
  site.age = function (text) {
    const days = Math.floor(Date.now() / DAY) - site.dayOf(text);
    if (days < 0) return "in the future";
    if (days < 2) return days ? "yesterday" : "today";
    if (days < 60) return `${days} days old`;
    return days < 730 ? `${Math.round(days / 30.4)} months old` : `${(days / 365.25).toFixed(days < 3650 ? 1 : 0)} years old`;
  };

  /* Text that is compared: no case, no accents, one blank between words. */
  const LETTERS = { ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe", þ: "th", ð: "d", ı: "i", ŋ: "n", ħ: "h" };
  site.fold = function (text) {
    let folded = text.toLowerCase();
    // eslint-disable-next-line no-control-regex
    if (/[^\u0000-\u007f]/.test(folded)) {
      folded = folded.replace(/[łøđßæœþðıŋħ]/g, (letter) => LETTERS[letter]).normalize("NFKD").replace(/\p{M}/gu, "");
    }
    return folded.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  };
})();
