// `--status` and status.ts: how far a run is, what it waits for, what is owed. Needs neither lock nor
// services, and with the remote away says what is known here.

import type {Scenario} from '../../domain/event.ts'
import {inLang} from '../../domain/text.ts'
import type {Workplace} from '../session.ts'
import {statusLines} from './lines.ts'
import {readStatus} from './state.ts'

/** Shows where things stand; `scenario` only orders what is shown. Exit code 0. */
export async function showStatus(workplace: Workplace, scenario?: Scenario): Promise<number> {
  const status = await readStatus(workplace)
  const {terminal} = workplace
  if (terminal.json) terminal.result(status)
  else {
    const lines = statusLines(status, scenario).map((line) => inLang(line, terminal.lang))
    process.stdout.write(workplace.mask.mask(`${lines.join('\n')}\n`))
  }
  return 0
}
