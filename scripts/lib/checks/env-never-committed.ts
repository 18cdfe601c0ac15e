// The env file of the environment was never in git: not tracked now, ignored, and in no commit of any
// ref, here or on the remote, under its own name or another.

import {join, relative, sep} from 'node:path'
import {Problem} from '../domain/problem.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'

export const envNeverCommitted = check({
  name: 'env-never-committed',
  describe: {
    fr: 'Le fichier d’environnement est ignoré par git et n’a jamais été committé.',
    en: 'The env file is ignored by git and was never committed.',
  },
  parameters: {},
  async judge(context) {
    const {repository, project} = context.world
    const file = context.settings().envFile
    const path = relative(repository.root, join(project, file)).split(sep).join('/')
    if (await repository.isTracked(path)) {
      return fail(
        {fr: `${file} est suivi par git`, en: `${file} is tracked by git`},
        {
          next: {
            fr: `lancer : git rm --cached ${file}, committer, puis changer chaque secret qu’il contient`,
            en: `run: git rm --cached ${file}, commit, then change every secret in it`,
          },
        },
      )
    }
    try {
      const found = await repository.trackedEver(path)
      if (found !== null) {
        const at = `${found.sha.slice(0, 12)} (${found.subject})`
        return fail(
          {
            fr: `${file} est dans l’historique : ${at}`,
            en: `${file} is in the history: ${at}`,
          },
          {
            next: {
              fr: 'changer chaque secret de ce fichier, puis en faire un nouveau qui ne soit pas committé, sous un autre nom dans postgate.yaml',
              en: 'change every secret in this file, then keep the new ones in a file that was never committed, under another name in postgate.yaml',
            },
          },
        )
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return unknown(error.parts.what, {...(error.parts.next && {next: error.parts.next})})
    }
    if (!(await repository.isIgnored(path))) {
      return fail(
        {fr: `${file} n’est pas ignoré par git`, en: `${file} is not ignored by git`},
        {next: {fr: `ajouter ${file} à .gitignore`, en: `add ${file} to .gitignore`}},
      )
    }
    return pass({
      fr: `${file} : ignoré, dans aucun commit`,
      en: `${file}: ignored, in no commit`,
    })
  },
})
