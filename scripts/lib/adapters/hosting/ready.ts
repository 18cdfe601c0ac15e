// What every host with a CLI can lack, found before anything starts, with the command that mends it.

import {fail, type Judgement} from '../../domain/verdict.ts'

export const cliMissing = (program: string, install: string): Judgement =>
  fail(
    {fr: `${program} est introuvable dans PATH`, en: `${program} was not found on PATH`},
    {next: {fr: `installez-le : ${install}`, en: `install it: ${install}`}},
  )

/** `mend` is the command; `status` what the host answered, where it was asked. */
export const signedOut = (program: string, mend: string, status?: number): Judgement =>
  fail(
    {
      fr: `${program} : non connecté${status === undefined ? '' : ` (HTTP ${status})`}`,
      en: `${program}: signed out${status === undefined ? '' : ` (HTTP ${status})`}`,
    },
    {next: {fr: `connectez-vous : ${mend}`, en: `sign in: ${mend}`}},
  )
