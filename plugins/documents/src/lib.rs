//! Markdown as sanitised HTML, with a callback that decides about links.
