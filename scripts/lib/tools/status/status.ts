// `--status` and status.ts: how far a run is, what it waits for, what is owed. Needs neither lock nor
// services, and with the remote away says what is known here.

import {pasting} from '../../base/called-as.ts'
import {onScreen} from '../../base/screen.ts'
import type {Scenario} from '../../domain/event.ts'
import {inLang} from '../../domain/text.ts'
import type {Workspace} from '../../run/session.ts'
import {statusLines} from './lines.ts'
import {type ProjectStatus, readProjectStatus} from './state.ts'

/** Shows where things stand; `scenario` only orders what is shown. Exit code 0. */
export async function showStatus(workspace: Workspace, scenario?: Scenario): Promise<number> {
  const status = await readProjectStatus(workspace)
  const {terminal} = workspace
  if (terminal.json) terminal.result('status', status)
  else process.stdout.write(`${shown(workspace, status, scenario)}\n`)
  return 0
}

/** The same lines as one text. */
export const statusText = async (workspace: Workspace): Promise<string> =>
  shown(workspace, await readProjectStatus(workspace))

function shown(
  {terminal, mask, world}: Workspace,
  status: ProjectStatus,
  scenario?: Scenario,
): string {
  const lines = statusLines(status, scenario).map((line) => inLang(line, terminal.lang))
  return onScreen(pasting(world)(mask.mask(lines.join('\n'))))
}
