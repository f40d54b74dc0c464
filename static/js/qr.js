// Draws a text as a QR code (ISO/IEC 18004, bytes, error correction L), so that a phone without contact can show it.

const BYTES_PER_BLOCK = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30]
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25]
const MASKS = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

// Rows of 0 and 1; null when the text is too long. `mask` is chosen by the rules when none is given.
export function matrixOf(text, mask = null) {
  const bytes = new TextEncoder().encode(text)
  const version = smallestVersion(bytes.length)
  if (!version) return null
  const words = withCorrection(dataWords(bytes, version), version)
  const frame = frameOf(version)
  place(frame, words)
  const masks = mask === null ? MASKS.keys() : [mask]
  let best = null
  for (const number of masks) {
    const cells = masked(frame, number)
    const score = mask === null ? penalty(cells) : 0
    if (!best || score < best.score) best = { cells, score }
  }
  return best.cells
}

// As the path of an SVG, one unit a cell, with the quiet zone that readers need.
export function pathOf(cells, quiet = 4) {
  const size = cells.length + 2 * quiet
  let path = ""
  cells.forEach((row, y) => row.forEach((cell, x) => cell && (path += `M${x + quiet} ${y + quiet}h1v1h-1z`)))
  return { size, path }
}

// --- how much fits ---------------------------------------------------------------------------------------------------

function allWords(version) {
  let bits = (16 * version + 128) * version + 64
  if (version > 1) {
    const aligned = Math.floor(version / 7) + 2
    bits -= (25 * aligned - 10) * aligned - 55
    if (version > 6) bits -= 36
  }
  return Math.floor(bits / 8)
}

const room = (version) => allWords(version) - BYTES_PER_BLOCK[version - 1] * BLOCKS[version - 1]
const lengthBits = (version) => (version < 10 ? 8 : 16)

function smallestVersion(length) {
  for (let version = 1; version <= 40; version += 1) {
    if (4 + lengthBits(version) + 8 * length <= 8 * room(version)) return version
  }
  return 0
}

function dataWords(bytes, version) {
  const bits = []
  const push = (value, count) => {
    for (let place = count - 1; place >= 0; place -= 1) bits.push((value >> place) & 1)
  }
  push(0b0100, 4)
  push(bytes.length, lengthBits(version))
  for (const byte of bytes) push(byte, 8)
  const most = 8 * room(version)
  push(0, Math.min(4, most - bits.length))
  push(0, (8 - (bits.length % 8)) % 8)
  for (let pad = 0xec; bits.length < most; pad ^= 0xec ^ 0x11) push(pad, 8)
  const words = []
  for (let first = 0; first < bits.length; first += 8) words.push(bits.slice(first, first + 8).reduce((sum, bit) => 2 * sum + bit, 0))
  return words
}

// --- Reed and Solomon ----------------------------------------------------------------------------------------------------

function times(one, other) {
  let product = 0
  for (let place = 7; place >= 0; place -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((other >>> place) & 1) * one
  }
  return product
}

function divisorOf(degree) {
  const divisor = [...Array(degree - 1).fill(0), 1]
  let root = 1
  for (let step = 0; step < degree; step += 1) {
    for (let place = 0; place < degree; place += 1) divisor[place] = times(divisor[place], root) ^ (divisor[place + 1] ?? 0)
    root = times(root, 2)
  }
  return divisor
}

function correctionOf(words, divisor) {
  const rest = divisor.map(() => 0)
  for (const word of words) {
    const factor = word ^ rest.shift()
    rest.push(0)
    divisor.forEach((coefficient, place) => (rest[place] ^= times(coefficient, factor)))
  }
  return rest
}

function withCorrection(words, version) {
  const count = BLOCKS[version - 1]
  const divisor = divisorOf(BYTES_PER_BLOCK[version - 1])
  const shortLength = Math.floor(words.length / count)
  const shorts = count - (words.length % count)
  const blocks = []
  for (let first = 0, number = 0; number < count; number += 1) {
    const length = shortLength + (number < shorts ? 0 : 1)
    const data = words.slice(first, first + length)
    blocks.push({ data, correction: correctionOf(data, divisor) })
    first += length
  }
  const woven = []
  for (let place = 0; place <= shortLength; place += 1) for (const { data } of blocks) if (place < data.length) woven.push(data[place])
  for (let place = 0; place < divisor.length; place += 1) for (const { correction } of blocks) woven.push(correction[place])
  return woven
}

// --- the drawing ---------------------------------------------------------------------------------------------------------

// Cells that every code has are 0 or 1; those for the data are null.
function frameOf(version) {
  const size = 17 + 4 * version
  const cells = Array.from({ length: size }, () => Array(size).fill(null))
  for (let place = 0; place < size; place += 1) cells[6][place] = cells[place][6] = (place + 1) % 2
  const centres = alignments(version, size)
  const last = centres.length - 1
  centres.forEach((row, one) =>
    centres.forEach((column, other) => {
      const isCorner = (one === 0 && (other === 0 || other === last)) || (one === last && other === 0)
      if (!isCorner) square(cells, row, column, 2)
    }),
  )
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]]) square(cells, row, column, 4)
  putFormat(cells, 0)
  if (version >= 7) putVersion(cells, version)
  return cells
}

function square(cells, row, column, reach) {
  for (let down = -reach; down <= reach; down += 1) {
    for (let right = -reach; right <= reach; right += 1) {
      const distance = Math.max(Math.abs(down), Math.abs(right))
      const line = cells[row + down]
      if (line && column + right >= 0 && column + right < cells.length) {
        line[column + right] = reach === 4 ? Number(distance !== 2 && distance !== 4) : Number(distance !== 1)
      }
    }
  }
}

function alignments(version, size) {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2
  const rest = Array.from({ length: count - 1 }, (_each, place) => size - 7 - place * step)
  return [6, ...rest.reverse()]
}

function putFormat(cells, mask) {
  const size = cells.length
  const data = (0b01 << 3) | mask
  let rest = data
  for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537)
  const bits = ((data << 10) | rest) ^ 0x5412
  const bit = (place) => (bits >>> place) & 1
  for (let place = 0; place <= 5; place += 1) cells[place][8] = bit(place)
  cells[7][8] = bit(6)
  cells[8][8] = bit(7)
  cells[8][7] = bit(8)
  for (let place = 9; place < 15; place += 1) cells[8][14 - place] = bit(place)
  for (let place = 0; place < 8; place += 1) cells[8][size - 1 - place] = bit(place)
  for (let place = 8; place < 15; place += 1) cells[size - 15 + place][8] = bit(place)
  cells[size - 8][8] = 1
}

function putVersion(cells, version) {
  let rest = version
  for (let step = 0; step < 12; step += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let place = 0; place < 18; place += 1) {
    const far = cells.length - 11 + (place % 3)
    const near = Math.floor(place / 3)
    cells[far][near] = cells[near][far] = (bits >>> place) & 1
  }
}

// Two columns at a time from the right, up and down in turn, past what is taken. Data cells hold 2 and 3 until masked.
function place(cells, words) {
  const size = cells.length
  let number = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) {
      for (const column of [right, right - 1]) {
        const isUp = ((right + 1) & 2) === 0
        const row = isUp ? size - 1 - step : step
        if (cells[row][column] !== null) continue
        cells[row][column] = 2 + (((words[number >>> 3] ?? 0) >>> (7 - (number & 7))) & 1)
        number += 1
      }
    }
  }
}

function masked(frame, number) {
  const turns = MASKS[number]
  const cells = frame.map((line, row) => line.map((cell, column) => (cell < 2 ? cell : (cell - 2) ^ Number(turns(row, column)))))
  putFormat(cells, number)
  return cells
}

// How hard a code is to read: long runs, blocks, what looks like a corner, too much of one colour.
function penalty(cells) {
  const size = cells.length
  const columns = cells.map((_row, place) => cells.map((row) => row[place]))
  let score = 0
  for (const line of [...cells, ...columns]) {
    const text = line.join("")
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) score += run.length - 2
    for (const corner of ["10111010000", "00001011101"]) {
      for (let at = text.indexOf(corner); at >= 0; at = text.indexOf(corner, at + 1)) score += 40
    }
  }
  for (let row = 0; row < size - 1; row += 1) {
    for (let column = 0; column < size - 1; column += 1) {
      const sum = cells[row][column] + cells[row][column + 1] + cells[row + 1][column] + cells[row + 1][column + 1]
      if (sum === 0 || sum === 4) score += 3
    }
  }
  const dark = cells.flat().reduce((sum, cell) => sum + cell, 0)
  return score + 10 * Math.floor(Math.abs((20 * dark) / (size * size) - 10))
}
