#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'
// Verifies the recorded runs of a project: journal, anchors, approvals, tags and documents.

import {exitWith} from './lib/cli/exit.ts'

await exitWith(async () => {
  const {auditCommand} = await import('./lib/tools/audit/command.ts')
  return auditCommand(async () => (await import('./lib/catalogue.ts')).catalogue)
})
