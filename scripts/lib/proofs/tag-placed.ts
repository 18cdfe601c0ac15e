// The gate's tag stands on the gate's commit, here and on the remote. Asked by the tag's full name:
// once an outcome tag sits on the same commit, `git describe` may answer with that one.

import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {isRemoteAway} from '../store/git/remote-problem.ts'

/** Whether the gate's tag is on the gate's commit, here and on the remote. */
export async function tagPlaced(context: Context): Promise<Judgement> {
  const {repository} = context.world
  const {tag: name, commit: written} = context.gate
  if (!/^[0-9a-f]{7,64}$/i.test(written)) return notPinned(written)
  const here = await repository.resolveTag(name)
  if (here === null) return missingHere(context)
  const commits = await repository.commitsStarting(written.toLowerCase())
  if (commits.length > 1) return ambiguous(written, commits)
  if (here.commit !== commits[0]) {
    return fail(
      {
        fr: `${name} est ici sur ${here.commit}, le gate dit ${written}`,
        en: `${name} is on ${here.commit} here, the gate says ${written}`,
      },
      corrected,
    )
  }
  return onRemote(context, here.commit)
}

async function onRemote({world, gate}: Context, commit: string): Promise<Judgement> {
  const {remote, remoteTag} = world.repository
  if (remote === null) {
    return pass({
      fr: `${gate.tag} → ${commit} (pas de dépôt distant)`,
      en: `${gate.tag} → ${commit} (no remote)`,
    })
  }
  try {
    const there = await remoteTag(gate.tag)
    if (there === null) {
      return fail(
        {
          fr: `${gate.tag} n’existe pas sur ${remote}`,
          en: `${gate.tag} does not exist on ${remote}`,
        },
        {
          next: {
            fr: `pousser le tag : git push ${remote} refs/tags/${gate.tag}`,
            en: `push the tag: git push ${remote} refs/tags/${gate.tag}`,
          },
        },
      )
    }
    if (there.commit !== commit) {
      return fail(
        {
          fr: `${gate.tag} est sur ${there.commit} sur ${remote}, ici sur ${commit}`,
          en: `${gate.tag} is on ${there.commit} on ${remote}, on ${commit} here`,
        },
        corrected,
      )
    }
  } catch (error) {
    if (!isRemoteAway(error)) throw error
    return unknown(
      {
        fr: `${gate.tag} → ${commit} ici ; ${remote} ne répond pas`,
        en: `${gate.tag} → ${commit} here; ${remote} does not answer`,
      },
      {...(error.parts.next && {next: error.parts.next})},
    )
  }
  return pass({
    fr: `${gate.tag} → ${commit}, ici et sur ${remote}`,
    en: `${gate.tag} → ${commit}, here and on ${remote}`,
  })
}

const corrected = {
  next: {
    fr: 'un tag validé ne bouge pas : trouver qui l’a déplacé, et refaire un Release Gate si le code a changé',
    en: 'a validated tag does not move: find out who moved it, and make a new Release Gate if the code changed',
  },
}

const notPinned = (written: string): Judgement =>
  fail(
    {
      fr: `le gate nomme « ${written} », qui n’est pas l’identifiant d’un commit`,
      en: `the gate names "${written}", which is no commit id`,
    },
    {
      next: {
        fr: 'écrire dans le gate au moins 7 chiffres hexadécimaux du commit',
        en: 'write at least 7 hexadecimal digits of the commit into the gate',
      },
    },
  )

const ambiguous = (written: string, commits: readonly string[]): Judgement =>
  fail(
    {
      fr: `${written} désigne ${commits.length} commits : ${commits.join(', ')}`,
      en: `${written} stands for ${commits.length} commits: ${commits.join(', ')}`,
    },
    {
      next: {
        fr: 'écrire l’identifiant entier dans le gate',
        en: 'write the whole id into the gate',
      },
    },
  )

function missingHere({gate, world}: Context): Judgement {
  const {remote} = world.repository
  return fail(
    {
      fr: `le tag ${gate.tag} n’existe pas ici`,
      en: `the tag ${gate.tag} does not exist here`,
    },
    {
      next:
        remote === null
          ? {fr: 'créer le tag validé par le gate', en: 'create the tag that the gate validated'}
          : {
              fr: `s’il est sur le dépôt distant : git fetch ${remote} tag ${gate.tag}`,
              en: `if the remote has it: git fetch ${remote} tag ${gate.tag}`,
            },
    },
  )
}
