#!/usr/bin/env -S npx zx
// `npm run bench`: every figure, each written to docs/performance.md as soon as it is measured, with the raw
// numbers and how busy the machine was. With words: only the figures that have one of them in their names;
// the rows of the others stay. A figure that is not reached is stated as it is; the exit code is 0 where
// all that were asked for could be measured.

import {readFileSync, writeFileSync} from 'node:fs'
import {cpus, loadavg, totalmem} from 'node:os'
import {join} from 'node:path'
import {scriptArguments} from '../../scripts/lib/base/entry.ts'
import {newBlock, replaceBlock} from '../../scripts/lib/documents/block.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {figures} from './figures.ts'
import {type Figure, type Measured, root, round} from './measure.ts'

const path = join(root, 'docs/performance.md')
const wanted = scriptArguments().filter((word) => !word.startsWith('--'))
const isWanted = ({name}: Figure) =>
  wanted.length === 0 || wanted.some((word) => name.includes(word))
let [reached, broken] = [0, 0]
for (const figure of figures.filter(isWanted)) {
  try {
    const measured = await figure.measure()
    console.log(`${state(figure, measured)}  ${shown(figure, measured)}  ${figure.name}`)
    await write(figure, measured)
    if (measured.value !== null && measured.value <= figure.limit) reached += 1
  } catch (error) {
    broken += 1
    console.log(`broken  ${figure.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
console.log(`${reached} of ${figures.filter(isWanted).length} figures reached, ${broken} broken`)
process.exitCode = broken === 0 ? 0 : 1

function state({limit}: Figure, {value}: Measured): string {
  if (value === null) return 'unmeasured'
  return value <= limit ? 'reached' : 'missed '
}

function shown({limit, unit}: Figure, {value}: Measured): string {
  const suffix = unit === 'ratio' ? '' : ` ${unit}`
  return `${value ?? '–'}${suffix} (at most ${limit}${suffix})`
}

/** Writes the row of `figure`; the others stay, in the order of the list. */
async function write(figure: Figure, measured: Measured): Promise<void> {
  const source = readFileSync(path, 'utf8')
  const block = source.split('<!-- postgate:begin figures -->')[1] ?? ''
  const rows = block.split('<!-- postgate:end figures -->')[0]?.split('\n') ?? []
  const present = new Map(
    rows.flatMap((line): [string, string][] =>
      line.startsWith('| ') ? [[nameIn(line), line]] : [],
    ),
  )
  present.set(figure.name, row(figure, measured))
  const [cpu] = cpus()
  const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim() ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}.`
  const content = [
    '',
    machine,
    '',
    '| Figure | At most | Measured | | Raw numbers |',
    '| --- | ---: | ---: | --- | --- |',
    ...figures.flatMap(({name}) => present.get(name) ?? []),
    '',
  ].join('\n')
  const document = await parse(source, 'docs/performance.md')
  writeFileSync(
    path,
    source.includes('postgate:begin figures')
      ? replaceBlock(document, 'figures', content)
      : `${source}\n${newBlock('figures', content)}\n`,
  )
}

function nameIn(row: string): string {
  return row.split(' | ')[0]?.slice('| '.length) ?? ''
}

function row(figure: Figure, measured: Measured): string {
  const {name, limit, unit} = figure
  const raw = {...measured.raw, 'load of the machine': round(loadavg()[0] ?? 0, 0)}
  const words = Object.entries(raw).map(([label, value]) => `${label}: ${value}`)
  const most = `${limit}${unit === 'ratio' ? '' : ` ${unit}`}`
  return `| ${name} | ${most} | ${measured.value ?? 'not measured'} | ${state(figure, measured).trim()} | ${words.join('; ')} |`
}
