// Goal: what people declare elsewhere while a run waits is heard, once, where it concerns. Method: a real
// remote, two clones, and the journal of a run.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody} from '../../../../scripts/lib/domain/event.ts'
import {fold} from '../../../../scripts/lib/domain/fold.ts'
import {inLang, type Text} from '../../../../scripts/lib/domain/text.ts'
import {hearIncidents} from '../../../../scripts/lib/run/judging/declared-incidents.ts'
import type {Running} from '../../../../scripts/lib/run/running.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {declareIncident} from '../../../../scripts/lib/store/records/incidents.ts'
import {gitEnvironment, inRepository, type TestRepository} from '../../../helpers/repository.ts'
import {testProject} from '../../../helpers/world.ts'
import {journal, started} from '../story.ts'

const heard = suite('incidents declared elsewhere')

async function declare(
  test: TestRepository,
  what: string,
  environment: 'staging' | 'production' | null,
  at = '2026-01-23T10:00:00.000Z',
): Promise<void> {
  const repository = await openRepository(test.another(`clone-${Math.random()}`), {
    environment: gitEnvironment,
  })
  await declareIncident(repository, {what, severity: 'critical', environment, by: 'Ada', at})
}

/** A run of STAGING as each resume sees it: a process of its own, the journal of before. */
async function resume(test: TestRepository, lines: EventBody[]) {
  const warned: Text[] = []
  const running: Running = Object.assign(JSON.parse('{}'), {
    session: {
      environment: 'staging',
      project: testProject(),
      terminal: {warn: (text: Text) => warned.push(text)},
      world: {
        repository: await openRepository(test.clone, {environment: gitEnvironment}),
        clock: {now: () => new Date('2026-01-23T11:00:00Z')},
      },
    },
    run: {
      state: () => fold(journal('2026-01-23T09:00:00Z', lines)),
      append: (event: EventBody) => lines.push(event),
    },
  })
  await hearIncidents(running)
  return {
    warned: warned.map((text) => inLang(text, 'fr')),
    incidents: fold(journal('2026-01-23T09:00:00Z', lines)).incidents.map(({what}) => what),
  }
}

heard(
  'stand in the record at the time when they were declared, not when the run heard of them',
  inRepository(async (test) => {
    const lines: EventBody[] = [started('staging')]
    await resume(test, lines)
    await declare(test, 'lenteurs', 'staging', '2026-01-23T10:12:00.000Z')
    await resume(test, lines)
    const events = journal('2026-01-23T13:00:00Z', lines)
    const state = fold(events)
    assert.is(state.incidents[0]?.at, '2026-01-23T10:12:00.000Z')
    assert.ok((events.at(-1)?.at ?? '') > '2026-01-23T13', 'heard later')
    // Journals from before that was kept tell when the run heard of it.
    const older = lines.map((line) => {
      if (line.type !== 'incident-recorded') return line
      const {declaredAt: _, ...rest} = line
      return rest
    })
    assert.match(
      fold(journal('2026-01-23T13:00:00Z', older)).incidents[0]?.at ?? '',
      /^2026-01-23T13/,
    )
  }),
)

heard(
  'while a run waits are journalled and told once; those of before, or of elsewhere, are not',
  inRepository(async (test) => {
    const lines: EventBody[] = [started('staging')]
    await declare(test, 'of before', 'staging', '2026-01-22T10:00:00.000Z')
    assert.equal(await resume(test, lines), {warned: [], incidents: []})
    await declare(test, 'connexion impossible', 'staging')
    await declare(test, 'tout est en panne', null)
    await declare(test, 'ailleurs', 'production')
    // Its clock is behind; it was not there when the run began.
    await declare(test, 'horloge en retard', 'staging', '2026-01-20T10:00:00.000Z')
    const {warned, incidents} = await resume(test, lines)
    assert.equal([...incidents].sort(), [
      'connexion impossible',
      'horloge en retard',
      'tout est en panne',
    ])
    assert.is(warned.length, 3)
    assert.match(warned.join('\n'), 'incident CRITIQUE déclaré par Ada')
    const again = await resume(test, lines)
    assert.equal([again.warned, again.incidents.length], [[], 3])
  }),
)

heard(
  'are not heard with the remote away, which is no reason to stop',
  inRepository(async (test) => {
    const lines: EventBody[] = [started('staging')]
    await resume(test, lines)
    await declare(test, 'connexion impossible', 'staging')
    test.away()
    assert.equal((await resume(test, lines)).incidents, [])
  }),
)

heard.run()
