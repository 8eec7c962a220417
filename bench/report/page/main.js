function showContents() {
  const parts = [...document.querySelectorAll("main section[data-short]")].filter(
    (section) => !section.hidden,
  );
  byId("contents").append(
    ...parts.map((section) => element("a", { href: `#${section.id}` }, section.dataset.short)),
  );
}

function sayWhatIsMissing() {
  byId("chart-licence").hidden = !hasCharts;
  if (hasCharts) return;
  byId("summary").before(
    element(
      "p",
      { class: "notice" },
      "This page has its numbers as tables alone: Chart.js was not found when polyloop-bench was built.",
    ),
  );
}

showHead();
showSummary();
showBackends();
showSpeedUp();
showRoofline();
showLaunch();
showTimeline();
showRows();
showContents();
sayWhatIsMissing();
startTheme();
