// Runs before the first paint, so that neither theme nor density nor sidebar flash. No module, no dependency.
(function () {
  var root = document.documentElement;
  function read(name) {
    try { return localStorage.getItem("quoin:" + name); } catch (_error) { return null; }
  }
  // Who is signed in brings their choice with the page; only what could not be saved yet goes before it.
  var unsaved = {};
  try { unsaved = JSON.parse(read("unsaved")) || {}; } catch (_error) { /* written by somebody else */ }
  function choose(name, known) {
    var value = unsaved[name] || (root.dataset.preferences ? "" : read(name));
    if (!value) return;
    if (known.indexOf(value) >= 0) root.dataset[name] = value;
    else delete root.dataset[name];
  }
  choose("theme", ["light", "dark"]);
  choose("density", ["compact", "comfortable"]);
  choose("shortcuts", ["off"]);
  if (read("sidebar") === "narrow") root.dataset.sidebar = "narrow";
})();
