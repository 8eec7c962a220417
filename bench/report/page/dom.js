// Names and texts of the results go into the page as text, never as HTML.

const byId = (id) => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function hide(id) {
  byId(id).hidden = true;
}

// A table of texts; the columns after the first `names` hold numbers.
function plainTable(head, lines, names = 1) {
  const cell = (tag, text, column) => element(tag, column < names ? {} : { class: "number" }, text);
  const line = (tag, texts) => element("tr", {}, ...texts.map((text, column) => cell(tag, text, column)));
  return element(
    "table",
    {},
    element("thead", {}, line("th", head)),
    element("tbody", {}, ...lines.map((texts) => line("td", texts))),
  );
}
