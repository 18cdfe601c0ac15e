// The way of every first release, whatever the project is: from the clone to "Succeeded" of A. What differs
// is given; what is typed is what the messages said.

import * as assert from 'uvu/assert'
import {callOf, documentOf, filledIn, type Layout, printed, type Walk} from './walk.ts'

export interface Going {
  readonly layout: Layout
  readonly tag: string
  /** The flags of `init`, without those of the folders and addresses. */
  readonly flags: string
  /** Where a served folder is on another machine: as `init` is told of it; else it is on this one. */
  readonly over?: {readonly hosting: string; readonly target: (root: string) => string}
}

const thisMachine = {hosting: 'folder', target: (root: string) => root}

export const operator = '{role: Release Manager, name: Claire Moreau}'

/** `init`, then what is a person's: `postgate.yaml` completed, people, a commit, a tag. Answers the approver's private key. */
export async function setUp(
  walk: Walk,
  {layout, tag, flags, over = thisMachine}: Going,
  completed: (yaml: string) => string = (yaml) => yaml,
): Promise<string> {
  const {roots, urls} = walk
  const said = await walk.type(
    [
      `${callOf(layout)} init ${flags} --hosting ${over.hosting} --database none`,
      `--staging-target ${over.target(roots.staging)} --staging-url ${urls.staging}`,
      `--production-target ${over.target(roots.production)} --production-url ${urls.production}`,
    ].join(' '),
  )
  await walk.enter('Claire Moreau', 'claire@example.org', 'Release Manager')
  const key = await walk.enter('Paul Roy', 'paul@example.org', 'PCA')
  assert.match(said, 'runbooks/decision.md')
  walk.write('postgate.yaml', completed(walk.read('postgate.yaml')))
  walk.write('runbooks/production.md', shortWatch(walk.read('runbooks/production.md')))
  await walk.type('git add -A && git commit -q -m Postgate && git push -q')
  await walk.type(`git tag -a ${tag} -m ${tag} && git push -q origin ${tag}`)
  return key
}

/** Two hours of watch become a test’s ninety seconds, by the runbook: nothing else knows how long they are. They run from the deployment on, and browsers on a loaded machine take half of them: little is measured there. */
const shortWatch = (runbook: string): string =>
  runbook
    .replace('baseline minutes=2', 'baseline minutes=1')
    .replace('watch hours=2h every=10s', 'watch hours=90s every=4s')
    .replace('coverage=90%', 'coverage=10%')
    .replaceAll(' at=30m ', ' at=10s ')
    .replaceAll(' at=2h ', ' at=90s ')

/** The gate, opened, filled in and committed with the lines that it prints. */
export async function passGate(walk: Walk, {layout, tag}: Going): Promise<string> {
  const call = callOf(layout)
  const opened = await walk.type(`${call} gate open --tag ${tag}`)
  const gate = documentOf(walk, /^RELEASE_GATE_/)
  walk.write(gate, walk.read(gate).replaceAll('- [ ]', '- [x]'))
  for (const line of opened.match(/git (?:add|commit|push) .*/g) ?? []) await walk.type(line)
  assert.is(await walk.type('git status --porcelain'), '')
  return printed(opened, call, /gate check/)[0] ?? ''
}

/** Doctor, plan, answers, A. */
export async function succeedA(walk: Walk, {layout}: Going): Promise<string> {
  const call = callOf(layout)
  await walk.type(`${call} init --check`)
  await walk.type(`${call} staging --plan`)
  await walk.type(`${call} staging --answers-template > ../answers.yaml`)
  const [line = ''] = printed(walk.read('../answers.yaml'), call)
  walk.write('../answers.yaml', filledIn(walk.read('../answers.yaml'), operator))
  return walk.type(line.replace('FILE', '../answers.yaml'))
}
