// SPDX-License-Identifier: Apache-2.0
// Put into a report by map_browser.sh: says on the console what is wrong with its pictures at this width of the window.
addEventListener("load", () => {
  "use strict";
  const wrong = text => console.error("report: " + text);
  const visible = [...document.querySelectorAll(".plot svg")].filter(svg => svg.getBoundingClientRect().width > 0);
  const figures = document.querySelectorAll("figure .plot.broad, figure .plot.scroll").length;
  if (visible.length !== figures) wrong(`${visible.length} of ${figures} pictures are seen`);
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth + 1) wrong("the page is wider than the window");
  for (const svg of visible) {
    const name = svg.closest("figure").getAttribute("aria-label");
    if (!name) wrong("a picture without words");
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].filter(text => text.textContent.trim())
      .map(text => ({ words: text.textContent.trim(), box: text.getBoundingClientRect() }));
    for (const { words, box } of texts) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        wrong(`"${words}" is cut off in: ${name}`);
      if (Math.max(box.width, box.height) < 8) wrong(`"${words}" is too small in: ${name}`);
    }
    texts.forEach((a, i) => texts.slice(i + 1).forEach(b => {
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      const same = a.words === b.words && Math.abs(a.box.left - b.box.left) < 0.5 && Math.abs(a.box.top - b.box.top) < 0.5; // a label with a box is written twice
      if (across > 2 && down > 4 && !same) wrong(`"${a.words}" and "${b.words}" overlap in: ${name}`);
    }));
  }
  // The script beside the pictures names the cut of each mark: the higher the mark, the larger its entropy.
  for (const figure of document.querySelectorAll("figure")) {
    const data = figure.querySelector("script.points");
    const svg = [...figure.querySelectorAll(".plot svg")].find(s => visible.includes(s));
    if (!data || !svg) continue;
    const count = JSON.parse(data.textContent).length, found = [];
    const marks = [...svg.querySelectorAll("use")].map(use => /translate\(([-\d.]+),([-\d.]+)\)/.exec(use.getAttribute("transform"))).filter(Boolean);
    if (!marks.length || marks.length % count) wrong(`${marks.length} marks for ${count} cuts`);
    for (const mark of marks.slice(0, count).filter((_, i) => i % 11 === 0)) {
      const place = new DOMPoint(+mark[1], +mark[2]).matrixTransform(svg.getScreenCTM());
      svg.dispatchEvent(new PointerEvent("pointermove", { clientX: place.x, clientY: place.y, bubbles: true }));
      const words = /^0x[0-9a-f]+: (\d+) of \d+ pixels, S = (.*) bits$/.exec(document.querySelector(".cut p").textContent);
      if (!words || +words[1] !== document.querySelectorAll(".cut .lit").length) wrong("no cut beside a mark");
      else found.push([+mark[2], +words[2]]);
    }
    found.sort((a, b) => a[0] - b[0]);
    for (let i = 1; i < found.length; i++)
      if (found[i][0] > found[i - 1][0] + 0.2 && found[i][1] > found[i - 1][1] + 1e-5) wrong("a mark is named after another cut");
  }
  document.title = "checked";
});
