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
