// Goal: what people put into the backlog's rows is never lost, even where code moved under a row.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Fact} from '../../../scripts/lib/domain/facts.ts'
import {backlogRows, type WrittenRow} from '../../../scripts/lib/domain/views/backlog.ts'

const backlog = suite('backlog')

type Item = Fact<'backlog'>['items'][number]

const item = (title: string, origin: string): Item => ({part: 'bugs', title, origin, link: null})

const row = (...cells: string[]): WrittenRow => ({
  part: 'bugs',
  cells: cells.map((text) => ({text, source: text})),
})

const rows = (items: Item[], written: WrittenRow[]) =>
  backlogRows(items, written, 'bugs').map(({title, origin, owner, priority}) =>
    [title, origin, owner, priority].join(' | '),
  )

backlog('owner and priority follow an item whose line moved', () => {
  assert.equal(
    rows([item('Trier', 'lib/a.dart:12')], [row('Trier', 'lib/a.dart:7', 'Zoé', 'P2')]),
    ['Trier | lib/a.dart:12 | Zoé | P2'],
  )
})

backlog('of two items with one title, each keeps its own line’s answer', () => {
  const written = [
    row('Trier', 'lib/a.dart:7', 'Zoé', 'P1'),
    row('Trier', 'lib/a.dart:9', 'Ali', 'P2'),
  ]
  assert.equal(rows([item('Trier', 'lib/a.dart:9'), item('Trier', 'lib/a.dart:11')], written), [
    'Trier | lib/a.dart:9 | Ali | P2',
    'Trier | lib/a.dart:11 | Zoé | P1',
  ])
})

backlog(
  'a row that people wrote stays; one that only the machine wrote goes with its cause',
  () => {
    const written = [
      row('Revoir les droits', 'réunion', '_à remplir_', '_à remplir_'),
      row('Vieux TODO', 'lib/a.dart:3', 'à remplir', ''),
      row('Vieux TODO attribué', 'lib/a.dart:4', 'Zoé', ''),
    ]
    assert.equal(rows([], written), [
      'Revoir les droits | réunion | _à remplir_ | _à remplir_',
      'Vieux TODO attribué | lib/a.dart:4 | Zoé | _à remplir_',
    ])
  },
)

backlog.run()
