// The figures of docs/architecture.md, measured: `npx zx test/house/run.ts`.

import {fileURLToPath} from 'node:url'
import {circles, sourceFiles} from '../runner/imports.ts'

const files = sourceFiles(fileURLToPath(new URL('../..', import.meta.url)), 'scripts').map(
  ({path, text, imports}) => ({path, text, imports, lines: text.split('\n').length - 1}),
)
const sum = (some: readonly {readonly lines: number}[]) =>
  `${some.length} files, ${some.reduce((lines, file) => lines + file.lines, 0)} lines`
const roomOf = (path: string) =>
  /^scripts\/lib\/((?:tools|adapters)\/[^/]+|[^/]+)\//.exec(path)?.[1] ?? 'scripts'

const rooms = new Map<string, typeof files>()
for (const file of files) {
  const room = roomOf(file.path)
  rooms.set(room, [...(rooms.get(room) ?? []), file])
}
const size = (some: typeof files) => some.reduce((lines, file) => lines + file.lines, 0)
const largest = [...rooms].sort(([, a], [, b]) => size(b) - size(a)).slice(0, 3)
const graph = new Map(
  files.map(({path, imports}) => [
    path,
    imports.map(({target}) => target).filter((target) => target.startsWith('scripts/')),
  ]),
)
const naming = files.filter(
  ({path, text}) =>
    path.startsWith('scripts/lib/') &&
    !/^scripts\/lib\/(sandbox|words|cli)\//.test(path) &&
    /sandbox/i.test(text),
)
const lines = [
  `TypeScript under scripts/: ${sum(files)}`,
  ...largest.map(([room, some]) => `largest rooms: ${room}/, ${sum(some)}`),
  `kit/: ${sum(rooms.get('kit') ?? [])}`,
  `circles, types and lazy imports counted: ${circles(graph).length}`,
  `longest file: ${Math.max(...files.map((file) => file.lines))} lines`,
  `files under 20 lines: ${files.filter((file) => file.lines < 20).length}`,
  `files that name the sandbox, outside of it and of the help: ${naming.length}`,
]
process.stdout.write(`${lines.join('\n')}\n`)
