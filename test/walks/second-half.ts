// What comes after the first success of A, whatever the project is: the drill, which wants two versions, B,
// which wants a drill, two days and a signature, and C. Each time the refusal is met first, and what it says
// is typed.

import * as assert from 'uvu/assert'
import {filledIn, printed, type Walk} from './walk.ts'

export interface Afterwards {
  /** What begins a command here. */
  readonly call: string
  /** The approver's private key. */
  readonly key: string
  readonly operator: string
}

const exitAnswers = `answers:
  Critères de sortie examinés: {observed: le recours est écarté}
  Sortie décidée: {observed: la mise en production peut reprendre}
`

export async function afterwards(walk: Walk, {call, key, operator}: Afterwards): Promise<void> {
  const answered = async (scenario: string, answers: Readonly<Record<string, string>> = {}) => {
    const template = await walk.type(`${call} ${scenario} --answers-template`)
    walk.write(`../${scenario}.yaml`, filledIn(template, operator, answers))
    return `--answers ../${scenario}.yaml`
  }

  // The drill: one version only, then the second one.
  const early = await walk.try(`${call} staging --rollback drill`)
  assert.is(early.code, 3, early.said)
  const [again = ''] = printed(early.said, call)
  walk.later(1)
  await walk.type(`${again} ${await answered('staging')}`)
  await walk.type(`${call} staging --rollback drill ${await answered('staging')}`)

  // B: too early, unsigned, then with the approval that its own message asks for.
  walk.later(49)
  const minute = (hours: number) =>
    new Date(walk.now().getTime() + hours * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
  const window = {'Fenêtre de maintenance': `${minute(-1)} – ${minute(6)}`}
  const unsigned = await walk.try(`${call} production ${await answered('production', window)}`)
  assert.is(unsigned.code, 3, unsigned.said)
  const [approve = ''] = printed(unsigned.said, call, /approve production/)
  await walk.type(`${approve} --key ${key} --confirm v1.0.0`)
  const released = await walk.type(`${call} production ${await answered('production', window)}`)
  assert.match(released, /== Réussi/)
  const served = await fetch(`${walk.urls.production}/`)
  assert.is(served.status, 200)

  // C, and what it refuses.
  await walk.type(`${call} freeze ${await answered('freeze')}`)
  const frozen = await walk.try(`${call} staging ${await answered('staging')}`)
  assert.is(frozen.code, 3, frozen.said)
  const [exit = ''] = printed(frozen.said, call, /freeze --exit/)
  await answered('freeze')
  walk.write('../freeze.yaml', walk.read('../freeze.yaml').replace('answers:\n', exitAnswers))
  await walk.type(`${exit} --answers ../freeze.yaml`)
  assert.is((await walk.try(`${call} audit`)).code, 0, 'what was recorded holds')
}
