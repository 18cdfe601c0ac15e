// The import graph of the project's own files, read from their text. Formatted sources only: Biome's
// layout is what the patterns rely on.

import {readFileSync} from 'node:fs'
import {dirname, join, normalize} from 'node:path'
import {globbySync} from 'globby'

export interface Import {
  /** A file of ours relative to the root, or a package's name. */
  readonly target: string
  readonly kind: 'value' | 'type' | 'lazy'
  readonly line: number
}

export interface SourceFile {
  readonly path: string
  readonly text: string
  /** Without comments and the contents of strings, line by line as before. */
  readonly code: string
  readonly imports: readonly Import[]
}

/** Every TypeScript file under `folder`, with what it imports; type-only imports are marked. */
export function sourceFiles(root: string, folder: string): SourceFile[] {
  return globbySync(`${folder}/**/*.ts`, {cwd: root})
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return {path, text, code: withoutWords(text), imports: importsOf(path, text)}
    })
}

export function importsOf(path: string, text: string): Import[] {
  const found: Import[] = []
  const add = (kind: Import['kind'], name: string, index: number) => {
    const target = name.startsWith('.') ? normalize(join(dirname(path), name)) : name
    found.push({target, kind, line: text.slice(0, index).split('\n').length})
  }
  const statements = /^(?:import|export)\s+(type\s+)?(?:[\w*{][^'"`;=()]*?\sfrom\s+)?'([^']+)'/gm
  for (const match of text.matchAll(statements)) {
    add(match[1] === undefined ? 'value' : 'type', match[2] ?? '', match.index)
  }
  for (const match of text.matchAll(/^(?!\s*(?:\/\/|\*)).*?(\btypeof )?\bimport\('([^']+)'\)/gm)) {
    add(match[1] === undefined ? 'lazy' : 'type', match[2] ?? '', match.index)
  }
  return found
}

/** Blanks comments, strings and templates (not what stands in their `${}`): words there are no code. */
export function withoutWords(text: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`|\$\{|[{}]|(?<=[=(,:[!&|?]\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y
  let code = ''
  // Innermost last: a template, or the braces of code within one.
  const nest: ('template' | 'code')[] = []
  for (let at = 0; at < text.length; ) {
    if (nest.at(-1) === 'template') {
      const rest = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/y
      rest.lastIndex = at
      code += blank(rest.exec(text)?.[0] ?? '')
      at = rest.lastIndex
      if (text[at] === '`') nest.pop()
      else nest.push('code')
      const width = text[at] === '`' ? 1 : 2
      code += ' '.repeat(width)
      at += width
      continue
    }
    token.lastIndex = at
    const found = token.exec(text)?.[0]
    if (found === undefined) {
      code += text[at]
      at += 1
      continue
    }
    if (found === '`') nest.push('template')
    if (found === '{' && nest.length > 0) nest.push('code')
    if (found === '}' && nest.length > 0) nest.pop()
    code += found === '{' || found === '}' ? found : blank(found)
    at += found.length
  }
  return code
}

const blank = (words: string) => words.replace(/[^\n]/g, ' ')

/** Blanks import and export lists, whose `as` is no assertion. */
export function withoutImports(code: string): string {
  return code.replace(/^(import|export) (type )?(\* as \w+|[\w, ]*\{[^}]*\})/gm, (list) =>
    blank(list),
  )
}

/** The circles of a graph, each once, as the files in their order. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const state = new Map<string, 'open' | 'closed'>()
  const trail: string[] = []
  const visit = (file: string) => {
    state.set(file, 'open')
    trail.push(file)
    for (const next of graph.get(file) ?? []) {
      if (state.get(next) === 'open') found.push([...trail.slice(trail.indexOf(next)), next])
      else if (!state.has(next)) visit(next)
    }
    trail.pop()
    state.set(file, 'closed')
  }
  for (const file of graph.keys()) if (!state.has(file)) visit(file)
  return found
}
