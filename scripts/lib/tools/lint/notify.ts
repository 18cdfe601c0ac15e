// What lint says of the channels to the team: none, or one whose address is not set where lint runs. It may
// be set elsewhere, so this is told and is nothing to mend.

import type {Project} from '../../domain/project.ts'
import type {Text} from '../../domain/text.ts'

export function notifyNotes(
  {notify}: Project,
  variables: Readonly<Record<string, string | undefined>>,
): readonly Text[] {
  if (notify.length === 0) {
    return [
      {
        fr: 'Notifications : aucun canal dans postgate.yaml (notify), personne n’est prévenu',
        en: 'Notifications: no channel in postgate.yaml (notify), nobody is told',
      },
    ]
  }
  return notify.flatMap(({urlFrom}) =>
    typeof urlFrom !== 'string' || (variables[urlFrom] ?? '') !== ''
      ? []
      : [
          {
            fr: `Notifications : ${urlFrom} n’est pas défini ici ; sans lui aucun message ne part`,
            en: `Notifications: ${urlFrom} is not set here; without it no message leaves`,
          },
        ],
  )
}
