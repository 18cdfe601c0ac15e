// Where in a YAML source a value stands, for errors that say their line.

import type {Document, LineCounter} from 'yaml'

export interface LineAndColumn {
  readonly line: number
  readonly column: number
}

/** The place of `path`, or of the nearest that is there on the way to it; the first line where nothing is. */
export function placeIn(
  document: Pick<Document, 'getIn'>,
  lines: LineCounter,
  path: readonly (string | number)[],
): LineAndColumn {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      const {line, col} = lines.linePos(Number(node.range[0]))
      return {line, column: col}
    }
  }
  return {line: 1, column: 1}
}
