// Walking a tree without recursion, so that no document is too deep, and the plain text of a node.

import type {Nodes, Parents} from 'mdast'

/** Calls `enter` on each node, parents first, with its ancestors (outermost first; the array is reused). */
export function walk(
  root: Nodes,
  enter: (node: Nodes, ancestors: readonly Parents[]) => void,
): void {
  enter(root, [])
  if (!('children' in root)) return
  const ancestors: Parents[] = [root]
  const next: number[] = [0]
  for (let parent = ancestors.at(-1); parent !== undefined; parent = ancestors.at(-1)) {
    const index = next.at(-1) ?? 0
    const child = parent.children[index]
    if (child === undefined) {
      ancestors.pop()
      next.pop()
      continue
    }
    next[next.length - 1] = index + 1
    enter(child, ancestors)
    if ('children' in child) {
      ancestors.push(child)
      next.push(0)
    }
  }
}

/** Text as a reader sees it: no comments, images by their description, a space for each line break. */
export function plainText(node: Nodes): string {
  let text = ''
  walk(node, (child) => {
    if (child.type === 'text' || child.type === 'inlineCode' || child.type === 'code') {
      text += child.value
    } else if (child.type === 'break') text += ' '
    else if (child.type === 'image' || child.type === 'imageReference') text += child.alt ?? ''
  })
  return text.replace(/\s+/g, ' ').trim()
}

/** Offsets of a parsed node; every node of a parsed document has them. */
export function rangeOf(node: Nodes): {start: number; end: number} {
  return {start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0}
}
