// Goal: no formatter and no keyboard makes another policy of the shipped runbooks, and lint has nothing to mend behind
// them. Method: the programs themselves, on all five documents; the longer tests also run each result.

import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {tables} from '../../scripts/lib/documents/table.ts'
import {openPolicy} from '../../scripts/lib/policy/policy.ts'
import {type Runbook, readRunbook} from '../../scripts/lib/policy/runbook.ts'
import {lintAll} from '../../scripts/lib/tools/lint/all.ts'
import {stepCommands} from '../../scripts/lib/tools/lint/step-commands.ts'
import {scenarioDefinitions} from '../../scripts/scenarios.ts'
import {editors} from '../helpers/editors.ts'

const suiteOfEditors = suite('editors')
const root = join(import.meta.dirname, '../..')
const names = readdirSync(join(root, 'runbooks')).filter((name) => name.endsWith('.md'))
const shipped = Object.fromEntries(
  names.map((name) => [name, readFileSync(join(root, 'runbooks', name), 'utf8')]),
)
const commands = await stepCommands(catalogue, null, root)
const bundle = openPolicy({root, bundle: root})

const plain = (text: string) => text.replace(/\s+/g, ' ')

/** All that a machine takes from it, and the words that it shows. */
function contentOf({items, phases, risks, document}: Runbook): unknown {
  return {
    items: items.map(({id, title, detail, kind, name, parameters, optional}) => [
      ...[id, plain(title), plain(detail), kind, name, parameters, optional],
    ]),
    phases: phases.map(({number, mode, fences}) => [
      number,
      mode,
      fences.map(({content}) => plain(content)),
    ]),
    risks: risks.rows.map(({mitigatedBy}) => mitigatedBy),
    tables: tables(document).map(({rows}) =>
      rows.map(({cells}) => cells.map(({text}) => plain(text))),
    ),
  }
}

for (const [editor, pass] of Object.entries(editors)) {
  suiteOfEditors(`${editor}: the same gates, and nothing to mend`, async () => {
    const files = await pass(shipped)
    for (const name of names) {
      const [before, after] = await Promise.all(
        [shipped[name] ?? '', files[name] ?? ''].map((source) => readRunbook(source, name)),
      )
      assert.ok(before !== undefined && after !== undefined)
      assert.equal(contentOf(after), contentOf(before), name)
    }
    const edited = (path: string) => files[path.replace(/^runbooks\//, '')]
    const {found} = await lintAll({
      policy: {
        ...bundle,
        file: async (path) => {
          const file = await bundle.file(path)
          return {...file, source: edited(path) ?? file.source}
        },
        runbook: async (name) => readRunbook(edited(`${name}.md`) ?? '', `runbooks/${name}.md`),
      },
      catalogue,
      scenarios: await scenarioDefinitions(),
      commands,
    })
    assert.equal(
      found.map(({message}) => message),
      [],
    )
  })
}

suiteOfEditors('an edit was made by each', async () => {
  for (const [editor, pass] of Object.entries(editors)) {
    // What is formatted already stays; this one is not.
    const unkempt = {'a.md': '* [ ] **A :** b\n\n\n\n* [ ]  c :\n\n|a|b|\n|-|-|\n|1|2|\n'}
    const [after = ''] = Object.values(await pass(unkempt))
    assert.is.not(after, unkempt['a.md'], editor)
    assert.ok((await parse(after, 'a.md')).tree.children.length >= 2, editor)
  }
})

suiteOfEditors.run()
