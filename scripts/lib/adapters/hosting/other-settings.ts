// STAGING is never PRODUCTION: what only the host itself tells of a site that has several names.

import type {ProjectEnvironment} from '../../domain/project.ts'
import {fail, type Judgement} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'

/** The settings of the environment that is not acted on; undefined where the project has none. */
export const otherSettings = ({
  project,
  environment,
}: AdapterTools): ProjectEnvironment | undefined =>
  environment === 'production' ? project.environments.staging : project.environments.production

/** `own`: the place's names, as the host knows them. null where the other environment names none of them. */
export function namedByTheOther(
  own: readonly (string | null | undefined)[],
  other: readonly unknown[],
): Judgement | null {
  const name = own.find((each) => each != null && other.includes(each))
  return name == null
    ? null
    : fail(
        {
          fr: `${name} est aussi le site de l’autre environnement : STAGING et PRODUCTION s’y rencontrent`,
          en: `${name} is the other environment’s site, too: STAGING and PRODUCTION meet there`,
        },
        {
          next: {
            fr: 'donner à chacun le sien, dans postgate.yaml ou son fichier d’environnement',
            en: 'give each its own, in postgate.yaml or its env file',
          },
        },
      )
}
