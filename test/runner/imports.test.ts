import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {circles, importsOf, withoutImports, withoutWords} from './imports.ts'

const imports = suite('imports')

imports('tells values from types and from what is loaded later', () => {
  const text = [
    "import {readFile} from 'node:fs/promises'",
    "import type {A} from './a.ts'",
    'import {',
    '  b,',
    '  type B,',
    "} from '../b.ts'",
    "export type {C} from './c.ts'",
    "const d = await import('./d.ts')",
    "type E = typeof import('./e.ts')",
    "// import {f} from './f.ts'",
  ].join('\n')
  assert.equal(
    importsOf('scripts/lib/x.ts', text).map(({target, kind, line}) => [target, kind, line]),
    [
      ['node:fs/promises', 'value', 1],
      ['scripts/lib/a.ts', 'type', 2],
      ['scripts/b.ts', 'value', 3],
      ['scripts/lib/c.ts', 'type', 7],
      ['scripts/lib/d.ts', 'lazy', 8],
      ['scripts/lib/e.ts', 'type', 9],
    ],
  )
})

imports('words are no code', () => {
  const code = withoutWords("const a = 'as any' // as any\n/* as any */ b as any\nhttp://x")
  assert.equal(code.match(/as any/g)?.length, 1)
  assert.is(code.split('\n').length, 3)
  const nested = ['`as $', '{y.map((z) => `$', '{z} as`)} as` + w'].join('')
  assert.is(withoutWords(nested).replace(/ +/g, ' ').trim(), 'y.map((z) => z} )} + w')
  assert.is(withoutWords('a.match(/["\'`]/) as B').replace(/ +/g, ' '), 'a.match( ) as B')
})

imports('an import list that renames is no assertion', () => {
  const code = withoutImports("import {a as b} from 'x'\nimport * as c from 'y'\nc as D")
  assert.equal(code.match(/ as /g)?.length, 1)
})

imports('finds a circle once, wherever it is entered', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
  ])
  assert.equal(circles(graph), [['b', 'c', 'b']])
})

imports.run()
