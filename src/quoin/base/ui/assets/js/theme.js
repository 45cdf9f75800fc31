// Runs before the first paint, so that neither theme nor density nor sidebar flash. No module, no dependency.
(function () {
  var root = document.documentElement;
  function read(name) {
    try { return localStorage.getItem("quoin:" + name); } catch (_error) { return null; }
  }
  var theme = read("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  var density = read("density");
  if (density === "compact" || density === "comfortable") root.dataset.density = density;
  if (read("sidebar") === "narrow") root.dataset.sidebar = "narrow";
})();
