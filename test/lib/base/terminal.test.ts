// Goal: the view fits any terminal, and what has to be acted on is never cut.

import {PassThrough} from 'node:stream'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createTerminal, type Terminal} from '../../../scripts/lib/base/terminal.ts'
import {columns, wrapped} from '../../../scripts/lib/words/wrap.ts'

const view = suite('terminal')

interface Screen {
  readonly terminal: Terminal
  readonly lines: () => readonly string[]
}

function screen(
  width: number,
  {environment = {}, tty = true}: {environment?: Record<string, string>; tty?: boolean} = {},
): Screen {
  const stream = new PassThrough()
  let text = ''
  stream.on('data', (chunk) => {
    text += String(chunk)
  })
  const terminal = createTerminal({
    ...{lang: 'en', json: false, mask: (line) => line, environment},
    now: () => new Date('2026-01-23T09:00:01Z'),
    stream: Object.assign(stream, {isTTY: tty, columns: width}),
  })
  return {terminal, lines: () => text.split('\n').slice(0, -1)}
}

const long =
  'error rate 19.50% of 200 requests, more than the 5% that the runbook allows in 30 minutes'

view('cuts what passed, and tells the whole of what did not, within 60 columns', () => {
  const {terminal, lines} = screen(60, {environment: {NO_COLOR: '1'}})
  terminal.outcome({verdict: 'pass', title: 'Tag', observed: long})
  terminal.outcome({verdict: 'fail', title: 'Taux d’erreur', observed: long, next: long})
  assert.is(lines()[0]?.endsWith('…'), true)
  assert.is(lines().slice(2).join(' ').replace(/\s+/g, ' ').trim(), `${long} → ${long}`)
  for (const line of lines()) assert.ok(columns(line) <= 60, line)
})

for (const width of [40, 80, 200])
  view(`cuts nothing of what has to be acted on, however short its name (${width} columns)`, () => {
    for (let length = 1; length < width; length += 1) {
      const {terminal, lines} = screen(width, {environment: {NO_COLOR: '1'}})
      const observed = `${'mot '.repeat(Math.ceil(length / 4)).slice(0, length - 1)}x`
      terminal.outcome({verdict: 'unknown', title: 'Tag', observed})
      const told = lines()
        .join(' ')
        .replace(/\s+/g, ' ')
        .replace(/^.*\? Tag (?:· )?/, '')
      assert.is(told, observed.replace(/\s+/g, ' '))
      for (const line of lines()) assert.ok(columns(line) <= width, line)
    }
  })

view('tells a whole name rather than two halves on a narrow screen', () => {
  const {terminal, lines} = screen(40, {environment: {NO_COLOR: '1'}})
  terminal.outcome({verdict: 'pass', title: 'Release Gate validé', observed: long})
  assert.match(lines()[0] ?? '', /^ {2}✓ Release Gate validé · error rate/)
  const title = 'STAGING validé depuis au moins 48 h, confiance élevée'
  terminal.outcome({verdict: 'unknown', title, observed: long})
  assert.equal(lines().slice(1, 3), [
    '  ? STAGING validé depuis au moins 48',
    '    h, confiance élevée',
  ])
})

view('aligns its columns, whatever accents, with the time where there is room', () => {
  const {terminal, lines} = screen(100, {environment: {NO_COLOR: '1'}})
  terminal.outcome({verdict: 'pass', title: 'e\u0301te\u0301', observed: 'one'})
  terminal.outcome({verdict: 'pass', title: 'abc', observed: 'two'})
  const [first = '', second = ''] = lines()
  assert.match(first, '09:00:01 ✓')
  assert.is(columns(first.slice(0, first.indexOf('one'))), second.indexOf('two'))
})

view('writes no colour for NO_COLOR, and plain lines with UTC times for a dumb terminal', () => {
  const bare = screen(80, {environment: {NO_COLOR: '1'}})
  bare.terminal.heading('Phase')
  bare.terminal.warn('careful')
  assert.not.match(bare.lines().join('\n'), '\u001b')
  const dumb = screen(80, {environment: {TERM: 'dumb'}})
  dumb.terminal.doing('nothing')
  dumb.terminal.outcome({verdict: 'unknown', title: 'Tag', observed: long})
  assert.equal(dumb.lines(), [`2026-01-23 09:00:01   UNKNOWN  Tag : ${long}`])
})

view('shows where the evidence of what did not pass can be looked at', () => {
  const {terminal, lines} = screen(80, {tty: false})
  const evidence = [{label: 'nightly 7', link: 'https://forge.example/7'}]
  terminal.outcome({verdict: 'pass', title: 'CI', observed: 'green', evidence})
  terminal.outcome({verdict: 'fail', title: 'CI', observed: 'red', evidence})
  assert.is(lines().filter((line) => line.includes('https://forge.example/7')).length, 1)
})

view('wraps between words, under what the line belongs to', () => {
  assert.is(
    wrapped('  - one two three four five six', 20, 2),
    '  - one two three\n    four five six',
  )
  assert.is(wrapped('a'.repeat(40), 20), 'a'.repeat(40))
  assert.is(wrapped('one\ntwo', 20), 'one\ntwo')
})

view('keeps lines back while a person is asked, and tells them behind the answer', () => {
  const {terminal, lines} = screen(80, {environment: {NO_COLOR: '1'}})
  const release = terminal.hold()
  terminal.warn('an incident')
  terminal.progress('watch 12 %')
  assert.equal(lines(), [])
  release()
  assert.equal(lines(), ['! an incident'])
})

view.run()
