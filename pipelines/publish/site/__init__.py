"""The site of a release: pages that people look at, without a server, from a folder or under any address.

    write       which files there are, and the page's own parts (`page/`)
    codes       what filters choose from: topics, countries, cities and the like, each with a number
    rows        the entries, in parts that are loaded when they are needed
    about       the release itself: changes, sources, dictionary, downloads
    scripts     how data become scripts, since a page from a folder may load nothing else

What belongs here: what the page shows, and how it is cut into parts. What does not: the files of a release (`files`),
its documents (`metadata`).

    site/index.html  style.css  *.js    the page
    site/data/first.js                  what the first view needs: filters with counts, the newest entries, the release
    site/data/index-000.js ...          all entries in columns of codes, newest first, `rows.INDEX` a part
    site/data/texts-000.js ...          their summaries, `rows.TEXTS` a part
    site/data/entries-000.js ...        all that is known of each, by id, `rows.ENTRIES` a part
    site/data/map.js  changes.js  sources.js  dictionary.js  downloads.js  redirects.js     what one view needs

The same release gives the same bytes.
"""

from pipelines.publish.site.write import write_site

__all__ = ["write_site"]
