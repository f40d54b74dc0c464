// Pages asked for while somebody moves a slider.

// A page as a document, read by the browser itself: no text becomes markup here. Nothing without contact.
export function fetched(address) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open("GET", address)
    request.responseType = "document"
    request.onload = () => resolve(request.responseXML)
    request.onerror = () => resolve(undefined)
    request.send()
  })
}

// Asks one question at a time: while one is out, the newest waits for it and those before it are forgotten.
export function newestOnly(ask) {
  let waits = false
  let isOut = false
  return async () => {
    waits = true
    if (isOut) return
    isOut = true
    while (waits) {
      waits = false
      await ask()
    }
    isOut = false
  }
}
