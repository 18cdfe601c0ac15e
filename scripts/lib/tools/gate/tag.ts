// A tag that a gate may be opened for: it exists, here and on the remote alike, and main contains it.

import {problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import type {Repository} from '../../store/git/repository.ts'

/** The tag's commit. Throws a `Problem` (3). */
export async function checkpointOnMain(repository: Repository, tag: string): Promise<string> {
  const {remote, branch} = repository
  const here = await repository.resolveTag(tag)
  const there = remote === null ? here : await repository.remoteTag(tag)
  if (there === null) {
    throw here === null
      ? refused(tag, {fr: 'ce tag n’existe pas', en: 'there is no such tag'}, listTags)
      : refused(
          tag,
          {fr: `il n’est pas sur ${remote}`, en: `it is not on ${remote}`},
          {
            fr: `le publier : git push ${remote} refs/tags/${tag}`,
            en: `publish it: git push ${remote} refs/tags/${tag}`,
          },
        )
  }
  if (here !== null && here.commit !== there.commit) {
    throw refused(
      tag,
      {
        fr: `il est sur ${here.commit} ici et sur ${there.commit} sur ${remote}`,
        en: `it is on ${here.commit} here and on ${there.commit} on ${remote}`,
      },
      {fr: 'trouver qui l’a déplacé', en: 'find out who moved it'},
    )
  }
  if (here === null) await repository.fetchCommit(`refs/tags/${tag}`)
  const main = await repository.remoteMain()
  if (main !== null) await repository.fetchCommit(main.sha)
  if (main === null || !(await repository.isAncestor(there.commit, main.sha))) {
    throw refused(
      tag,
      {
        fr: `son commit ${there.commit} n’est pas dans l’historique de ${branch}`,
        en: `its commit ${there.commit} is not in the history of ${branch}`,
      },
      {
        fr: `fusionner ce commit dans ${branch}, ou choisir un tag qui s’y trouve`,
        en: `merge this commit into ${branch}, or choose a tag that is on it`,
      },
    )
  }
  return there.commit
}

const listTags: Text = {
  fr: 'voir les tags : git tag --list',
  en: 'see the tags: git tag --list',
}

function refused(tag: string, why: Text, next: Text) {
  return problem({
    what: {
      fr: `Aucun Release Gate ne peut être ouvert pour ${tag}.`,
      en: `No Release Gate can be opened for ${tag}.`,
    },
    ...{why, next, exit: 3},
  })
}
