// Edits of a runbook as people and their editors make them, generated: a box in another form, an item put into something
// else, a heading put above it, an annotation mistyped, one character gone wrong.

import fc from 'fast-check'

export type Edit = {readonly what: string; readonly source: string}

const spaces = fc.constantFrom(
  ' ',
  '\u00A0',
  '\u202F',
  '',
  '\t',
  '  ',
  '\u2009',
  '\u200B',
  '\u3000',
)
const bullet = fc.constantFrom(
  '-',
  '*',
  '+',
  '•',
  '–',
  '—',
  '1.',
  '2)',
  'a)',
  '·',
  '▪',
  '',
  '−',
  '‣',
)
const inside = fc.constantFrom(
  ...[
    ' ',
    '',
    '\u00A0',
    '\u202F',
    'x',
    'X',
    '~',
    '/',
    '✓',
    '-',
    '_',
    '.',
    '?',
    '!',
    '>',
    'KO',
    'n/a',
  ],
  ...['o', '  ', '\u200B', '…', '✗', 'OK', '*', '\t', 'à faire', '&nbsp;'],
)
const drawnBox = fc
  .tuple(fc.constantFrom('[', '\\[', '［', '&#91;'), inside, fc.constantFrom(']', '\\]', '］'))
  .map((parts) => parts.join(''))
const glyph = fc.constantFrom(
  ...[
    '☐',
    '✅',
    '⬜',
    '❌',
    '□',
    '&#9744;',
    ':x:',
    ':white_check_mark:',
    '( )',
    '☑',
    '⏳',
    '✔️',
    '**[ ]**',
  ],
  ...['`[ ]`', '~~[ ]~~', '<input type="checkbox">', '- - [ ]', '[ ]x', '[ ](#a)'],
)
const indent = fc.constantFrom('', ' ', '  ', '   ', '    ', '\t', '> ', '>> ', '\u00A0', '\u3000')
const prefix = fc
  .tuple(indent, bullet, spaces, fc.oneof(drawnBox, drawnBox, glyph), spaces)
  .map((parts) => parts.join(''))

const wraps: readonly (readonly [before: string, after: string])[] = [
  ...[
    ['```\n', '\n```'],
    ['~~~markdown\n', '\n~~~'],
    ['```bash\n', '\n```'],
    ['````text\n', '\n````'],
  ],
  ...[
    ['<div>\n', '\n</div>'],
    ['<details><summary>x</summary>\n', '\n</details>'],
    ['<p>', '</p>'],
  ],
  ...[
    ['<ul><li>', '</li></ul>'],
    ['<!-- à revoir\n', ''],
    ['<!--\n', '\n-->'],
    ['<!-- ', ' -->'],
  ],
  ...[
    ['| a | b |\n| --- | --- |\n| ', ' | x |'],
    ['> ', ''],
    ['[^1]: ', ''],
    ['## ', ''],
    ['**', '**'],
  ],
  ...[
    ['~~', '~~'],
    ['`', '`'],
    ['Texte ', ''],
    ['\\', ''],
    ['\n\n    ', ''],
    ['\n\n\t', ''],
    ['$$\n', '\n$$'],
  ],
  ...[
    ['<pre>\n', '\n</pre>'],
    ['[', '](#x)'],
    ['<table><tr><td>', '</td></tr></table>'],
    ['', '\n==='],
  ],
  ...[
    ['', '\n---'],
    ['texte\u2028', ''],
    ['<span>', '</span>'],
    ['{/* ', ' */}'],
    ['%% ', ' %%'],
  ],
  ...[
    ['<<<<<<< HEAD\n', ''],
    ['', '\n=======\n>>>>>>> autre'],
    ['<script>\n', '\n</script>'],
  ],
].map(([before = '', after = '']) => [before, after] as const)

const titles = fc.constantFrom(
  ...[
    'Notes',
    'Historique',
    'Risques',
    'Risques acceptés',
    'Objectifs',
    'Validation métier',
    'Annexes',
  ],
  ...[
    'Phase 9 : Suite (READ-ONLY)',
    'Phase 2 : Reset (EXÉCUTIF)',
    'Critères de succès',
    'Pré-requis',
  ],
  ...[
    "Critères d'abandon",
    'Procédure de rollback',
    'Success criteria',
    'Références',
    'Légende',
    'But',
  ],
)

const letters: Readonly<Record<string, string>> = {
  c: 'с',
  e: 'е',
  p: 'р',
  a: 'а',
  o: 'о',
  i: 'і',
  s: 'ѕ',
  t: 'τ',
}
const nasty = fc.constantFrom(
  ...[
    ' ',
    '\u00A0',
    '\u200B',
    '\u200D',
    '\uFEFF',
    '\u00AD',
    '\\',
    '`',
    '*',
    '_',
    '<',
    '>',
    '-',
    '–',
    '—',
  ],
  ...[
    '|',
    '[',
    ']',
    '(',
    ')',
    '#',
    '\n',
    '\n\n',
    '\t',
    '&',
    '!',
    '~',
    '"',
    '\u2028',
    '\r',
    ':',
    '=',
  ],
)

const annotation = /<!--\s*(\w+)(: ?)([\w-]*)(.*?)-->/

/** Other spellings of a comment; the name and its parameters stay. */
const respelt: readonly ((kind: string, name: string, rest: string) => string)[] = [
  (kind, name, rest) => `<!-- ${kind}:${name}${rest}-->`,
  (kind, name, rest) => `<!--${kind}: ${name}${rest.trimEnd()}-->`,
  (kind, name, rest) => `<!-- ${kind} : ${name}${rest}-->`,
  (kind, name, rest) => `<!-- ${kind} = ${name}${rest}-->`,
  (kind, name, rest) => `<!-- ${kind} ${name}${rest}-->`,
  (kind, name, rest) => `<!-- ${kind.toUpperCase()}: ${name}${rest}-->`,
  (kind, name, rest) => `<!—— ${kind}: ${name}${rest}——>`,
  (kind, name, rest) => `<!– ${kind}: ${name}${rest}–>`,
  (kind, name, rest) => `<!--- ${kind}: ${name}${rest}--->`,
  (kind, name, rest) => `<!- ${kind}: ${name}${rest}->`,
  (kind, name, rest) => `\\<!-- ${kind}: ${name}${rest}-->`,
  (kind, name, rest) => `&lt;!-- ${kind}: ${name}${rest}--&gt;`,
  (kind, name, rest) => `<\u200B!-- ${kind}: ${name}${rest}-->`,
  (kind, name, rest) => `\`<!-- ${kind}: ${name}${rest}-->\``,
  (kind, name, rest) => `{/* ${kind}: ${name}${rest}*/}`,
  (kind, name, rest) => `{{!-- ${kind}: ${name}${rest}--}}`,
  (kind, name, rest) => `%% ${kind}: ${name}${rest}%%`,
  (kind, name, rest) => `[//]: # (${kind}: ${name}${rest})`,
  (kind, name, rest) => `<!-- **${kind}**: ${name}${rest}-->`,
  (kind, name, rest) => `<!-- \`${kind}: ${name}\`${rest}-->`,
  (kind, name, rest) => `<!-- ancien ${kind}: ${name}${rest}-->`,
  (kind, name, rest) => `<!-- ${kind}: ${name}${rest}`,
  (kind, name, rest) => `${kind}: ${name}${rest}-->`,
  (kind, name, rest) => `<!-- ${kind}: ${name}${rest}requis -->`,
  (kind, name, rest) => `<!-- ${kind}: ${name}${rest}optionnel -->`,
  (kind, name, rest) => `<!-- ${letters[kind.charAt(0)] ?? 'x'}${kind.slice(1)}: ${name}${rest}-->`,
  (kind, name, rest) =>
    `<!-- ${[...kind].map((each) => letters[each] ?? each).join('')}: ${name}${rest}-->`,
  (kind, name, rest) =>
    `<!-- ${{check: 'contrôle', step: 'étape'}[kind] ?? 'déclencheur'}: ${name}${rest}-->`,
  (kind, name, rest) => `\n<!-- ${kind}: ${name}${rest}-->`,
  (kind, name, rest) => `\n\n<!-- ${kind}: ${name}${rest}-->`,
  (kind, name, rest) => `\n  <!-- ${kind}: ${name}${rest}-->`,
  (kind, name, rest) => `<!--\n  ${kind}: ${name}${rest}\n-->`,
  (kind, name, rest) => `<!-- ${kind}： ${name}${rest}-->`,
  (_kind, name, rest) => `<!-- ${name}${rest}-->`,
  (kind, name, rest) => `<!-- ${kind}: ${name}${rest}--!>`,
]

/** A single edit of `source`. Nothing is taken away that a person would see. */
export function edits(source: string): fc.Arbitrary<Edit> {
  const lines = source.split('\n')
  const numbered = lines.map((line, index) => ({line, index}))
  const items = numbered.filter(({line}) => line.startsWith('- [ ] '))
  const annotated = items.filter(({line}) => annotation.test(line))
  const headings = numbered.filter(({line}) => /^#{2,3} /.test(line))
  const put = (index: number, line: string, what: string): Edit => ({
    what: `line ${index + 1}, ${what}: ${JSON.stringify(line)}`,
    source: lines.with(index, line).join('\n'),
  })
  const item = fc.constantFrom(...items)
  const box = fc
    .tuple(item, prefix)
    .map(([{line, index}, start]) => put(index, start + line.slice('- [ ] '.length), 'box'))
  const wrapped = fc
    .tuple(item, fc.constantFrom(...wraps), fc.boolean())
    .map(([{line, index}, [before, after], apart]) =>
      put(index, apart ? `\n${before}${line}${after}\n` : before + line + after, 'wrap'),
    )
  const headed = fc
    .tuple(item, fc.integer({min: 1, max: 6}), titles)
    .map(([{line, index}, depth, title]) =>
      put(index, `\n${'#'.repeat(depth)} ${title}\n\n${line}`, 'heading'),
    )
  const spelt = fc
    .tuple(fc.constantFrom(...annotated), fc.constantFrom(...respelt))
    .map(([{line, index}, spell]) =>
      put(
        index,
        line.replace(annotation, (_whole, kind, _colon, name, rest) => spell(kind, name, rest)),
        'annotation',
      ),
    )
  const anywhere = fc
    .tuple(
      fc.oneof({weight: 4, arbitrary: item}, {weight: 1, arbitrary: fc.constantFrom(...headings)}),
      fc.nat(),
      nasty,
      fc.constantFrom('insert', 'replace', 'delete'),
    )
    .map(([{line, index}, seed, character, how]) => {
      const places = mutable(line)
      const at = places[seed % places.length] ?? 0
      const gone = how === 'insert' ? 0 : 1
      const put1 = how === 'delete' ? '' : character
      return put(index, line.slice(0, at) + put1 + line.slice(at + gone), `${how} at ${at}`)
    })
  return fc.oneof(box, wrapped, headed, spelt, anywhere)
}

/** Where a character may go wrong: not inside a parameter, whose change is a change of policy. */
function mutable(line: string): number[] {
  const match = annotation.exec(line)
  const start =
    match === null ? line.length : match.index + match[0].length - (match[4]?.length ?? 0) - 3
  const end = match === null ? line.length : match.index + match[0].length - 4
  return [...line].length === 0
    ? [0]
    : Array.from({length: line.length}, (_, index) => index).filter(
        (index) => index < start || index > end,
      )
}
