// What every host with a CLI can lack, found before anything starts, with the command that mends it.

import {fail, type Judgement, unknown} from '../../domain/verdict.ts'

export const cliMissing = (program: string, install: string): Judgement =>
  fail(
    {fr: `${program} est introuvable dans PATH`, en: `${program} was not found on PATH`},
    {next: {fr: `installez-le : ${install}`, en: `install it: ${install}`}},
  )

interface HostRefusal {
  /** What the host answered, where it was asked over HTTP; 0: a CLI said nothing that is known. */
  readonly status?: number
  /** What the program printed. */
  readonly words?: string | undefined
}

/** `mend` is the command. What is no refusal of who asks is no sign that nobody is signed in: unknown. */
export function signedOut(
  program: string,
  mend: string,
  {status, words}: HostRefusal = {},
): Judgement {
  const said = [
    ...(status === undefined || status === 0 ? [] : [`HTTP ${status}`]),
    ...(words === undefined || words === '' ? [] : [words]),
  ].join(', ')
  const beside = said === '' ? '' : ` (${said})`
  if (status !== undefined && status !== 401 && status !== 403) {
    return unknown(
      {
        fr: `${program} : pas de réponse utilisable${beside}`,
        en: `${program}: no answer that can be used${beside}`,
      },
      {next: {fr: `si vous n’êtes pas connecté : ${mend}`, en: `if you are signed out: ${mend}`}},
    )
  }
  return fail(
    {fr: `${program} : non connecté${beside}`, en: `${program}: signed out${beside}`},
    {next: {fr: `connectez-vous : ${mend}`, en: `sign in: ${mend}`}},
  )
}
