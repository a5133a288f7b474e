// SPDX-License-Identifier: Apache-2.0
// Shows the cut behind a point of a picture: its mask, its entropy, and A drawn on the lattice. Nothing is missing without this script.
(function () {
  "use strict";
  const svgName = "http://www.w3.org/2000/svg";
  const lattice = JSON.parse(document.getElementById("lattice").textContent);
  const box = document.createElement("div");
  box.className = "cut";
  box.hidden = true;
  document.body.append(box);

  // The pixels of A, pixel i in bit i of the hexadecimal mask.
  function pixels(mask) {
    const lit = [];
    for (let i = 0; i < mask.length; i++) {
      const digit = parseInt(mask[mask.length - 1 - i], 16);
      for (let bit = 0; bit < 4; bit++) if (digit >> bit & 1) lit.push(4 * i + bit);
    }
    return lit;
  }

  function draw(lit) {
    const svg = document.createElementNS(svgName, "svg");
    const [x, y, width, height] = lattice.box, scale = 110 / Math.max(width, height, 1);
    svg.setAttribute("viewBox", lattice.box.join(" "));
    svg.setAttribute("width", Math.max(width * scale, 12));
    svg.setAttribute("height", Math.max(height * scale, 12));
    svg.setAttribute("class", lattice.links ? "links" : "cells");
    const kept = new Set(lit);
    lattice.shape.forEach(([x0, y0, x1, y1], i) => {
      const path = document.createElementNS(svgName, "path");
      path.setAttribute("d", lattice.links ? `M${x0} ${y0}L${x1} ${y1}` : `M${x0} ${y0}H${x1}V${y1}H${x0}z`);
      path.setAttribute("class", kept.has(i) ? "lit" : "dark");
      svg.append(path);
    });
    return svg;
  }

  function show(point, event) {
    const [mask, entropy] = point, lit = pixels(mask);
    const words = document.createElement("p");
    words.textContent = `0x${mask}: ${lit.length} of ${lattice.shape.length} pixels, S = ${entropy} bits`;
    box.replaceChildren(words, draw(lit));
    box.hidden = false;
    const left = Math.min(event.pageX + 14, window.scrollX + document.documentElement.clientWidth - box.offsetWidth - 8);
    box.style.left = `${Math.max(left, 4)}px`;
    box.style.top = `${event.pageY + 14}px`;
  }

  // Marks stand in the order in which they were drawn: rows k, k + 7, k + 14, .. for k = 0 .. 6, once a panel.
  function follow(svg, points) {
    const order = [], marks = [];
    for (let k = 0; k < 7; k++) for (let i = k; i < points.length; i += 7) order.push(points[i]);
    for (const use of svg.querySelectorAll("use")) {
      const place = /translate\(([-\d.]+),([-\d.]+)\)/.exec(use.getAttribute("transform"));
      if (place) marks.push([+place[1], +place[2]]);
    }
    if (!order.length || marks.length % order.length) return;
    svg.addEventListener("pointermove", event => {
      const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      let best = -1, least = 12 * 12;
      marks.forEach(([x, y], i) => {
        const distance = (x - here.x) ** 2 + (y - here.y) ** 2;
        if (distance < least) [best, least] = [i, distance];
      });
      if (best < 0) box.hidden = true;
      else show(order[best % order.length], event);
    });
    svg.addEventListener("pointerleave", () => { box.hidden = true; });
  }

  for (const figure of document.querySelectorAll("figure")) {
    const data = figure.querySelector("script.points");
    if (data) for (const svg of figure.querySelectorAll(".plot svg")) follow(svg, JSON.parse(data.textContent));
  }
})();
