// Names of jobs as GitHub shows them: `caller / job` for each level of a reusable workflow, and the values
// of a matrix in brackets behind any of the names: `nightly / tests (ubuntu, 20)`.

const parted = ' / '

/**
 * Whether the job that is shown as `shown` is `wanted`: the same name, one of its matrix, or either within
 * workflows that call it. The name of a calling job means every job inside.
 */
export function isJob(shown: string, wanted: string): boolean {
  const names = shown.split(parted)
  const parts = wanted.split(parted)
  return names.some((_, from) =>
    parts.every((part, index) => isOneOf(names[from + index] ?? '', part)),
  )
}

// Where GitHub cuts a name, values of the matrix included, and what it ends with then.
const lengthMost = 100
const cutMark = '...'

/** `tests (20)` is one of `tests`; and `tests (20)`, wanted by that name, is itself. */
function isOneOf(name: string, wanted: string): boolean {
  const matrix = `${wanted} (`
  if (name === wanted || (name.endsWith(')') && name.startsWith(matrix))) return true
  if (name.length !== lengthMost || !name.endsWith(cutMark)) return false
  const start = name.slice(0, -cutMark.length)
  return start.startsWith(matrix) || matrix.startsWith(start)
}

/** A step by its name; one without a name is shown as `Run ` and the first line of what it runs. */
export const isStep = (shown: string, wanted: string): boolean =>
  shown === wanted || shown === `Run ${wanted}`
