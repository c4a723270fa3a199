"use strict";
/* Data come as scripts, since a page from a folder may load nothing else: each calls `cityharvest` once.
   What belongs here: loading each part once, with a clear word when one does not come. */

const site = {};

(function () {
  const PATIENCE = 60000; // milliseconds until a part that has not come is given up
  const release = document.documentElement.dataset.release;
  const came = new Map(); // key of a part -> what it holds
  const asked = new Map(); // key of a part -> promise of it, and how to keep or break it

  const keyOf = (name, number) => (number === null ? name : `${name}-${String(number).padStart(3, "0")}`);

  window.cityharvest = function (name, number, from, payload) {
    const key = keyOf(name, number);
    const wanted = asked.get(key);
    if (from !== release) {
      if (wanted) wanted.fail(new Error("A newer release is here now. Reload the page."));
      return;
    }
    came.set(key, payload);
    if (wanted) wanted.keep(payload);
  };

  function request(key) {
    let keep, fail;
    const promise = new Promise((yes, no) => {
      keep = yes;
      fail = no;
    });
    const script = document.createElement("script");
    const missing = (why) => fail(new Error(`The file data/${key}.js ${why}. Is the folder of the site whole?`));
    const timer = setTimeout(() => missing("did not come in time"), PATIENCE);
    script.onerror = () => missing("is missing");
    script.onload = () => came.has(key) || missing("holds nothing");
    script.src = `data/${key}.js?v=${encodeURIComponent(release)}`;
    promise
      .catch(() => asked.delete(key)) // so that it can be asked for again
      .finally(() => {
        clearTimeout(timer);
        script.remove();
      });
    asked.set(key, { promise, keep, fail });
    document.head.append(script);
    return promise;
  }

  /* A promise of a part of the data; it breaks with a message for the reader. */
  site.load = function (name, number = null) {
    const key = keyOf(name, number);
    if (came.has(key)) return Promise.resolve(came.get(key));
    return asked.has(key) ? asked.get(key).promise : request(key);
  };

  site.loaded = (name, number = null) => came.get(keyOf(name, number));
})();
