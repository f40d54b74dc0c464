// The pot of the roll: a layer for each voice, as high as there are people here. Those without a voice lie on top.

const DEPTH = 65
const BOTTOM = 101

export function paintPot(pot, layers, here, total, label) {
  pot.setAttribute("aria-label", label)
  pot.dataset.lid = !here ? "closed" : here >= total ? "full" : "open"
  const fromBottom = [...layers.slice(1), layers[0]]
  const drawn = drawnLayers(pot, fromBottom)
  const unit = DEPTH / Math.max(total, here, 1)
  let level = BOTTOM
  fromBottom.forEach((layer, place) => {
    level -= layer.here * unit
    drawn[place].style.transform = `translateY(${level}px)`
    drawn[place].setAttribute("visibility", layer.here ? "visible" : "hidden")
  })
}

// The layers from the bottom; the lowest is drawn last. Drawn here where the server knew of no voices.
function drawnLayers(pot, fromBottom) {
  const drawn = [...pot.querySelectorAll(".pot-fill__layer")].reverse()
  for (const layer of fromBottom.slice(drawn.length)) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
    path.setAttribute("class", "pot-fill__layer")
    path.setAttribute("d", "M6 0q17 -5 34 0t34 0t34 0t34 0V90H6z")
    path.setAttribute("fill", Number(layer.pot) ? `var(--color-voice-${layer.pot})` : "var(--color-primary)")
    pot.querySelector(".c-track").after(path)
    drawn.push(path)
  }
  return drawn
}
