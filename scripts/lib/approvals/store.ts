// Where approvals lie: one ref each on the remote, named by its nonce and created only if absent, so that
// any clone can read it and none can be put in the place of another.

import {problem} from '../domain/problem.ts'
import {writeCommit, writeFlatTree} from '../store/git/objects.ts'
import {changeRefs, refStore} from '../store/git/ref-store.ts'
import {remoteAway} from '../store/git/remote-problem.ts'
import type {Repository} from '../store/git/repository.ts'
import {type ApprovalStatement, parseStatement, serialise} from './statement.ts'

export const prefix = 'refs/postgate/approvals/'

export interface SignedApproval {
  /** The ref's last part; the statement has to carry the same. */
  readonly nonce: string
  /** The signed bytes, exactly. */
  readonly text: string
  readonly signature: string
  /** null where the bytes are no statement. */
  readonly statement: ApprovalStatement | null
}

/** Publishes an approval. Throws a `Problem` (3) where the remote did not take it, or its nonce is taken. */
export async function publishApproval(
  repository: Repository,
  {statement, signature}: {readonly statement: ApprovalStatement; readonly signature: string},
): Promise<string> {
  const {git} = repository
  const ref = `${prefix}${statement.nonce}`
  const commit = await writeCommit({
    git,
    tree: await writeFlatTree(git, {
      'statement.json': serialise(statement),
      'statement.sig': signature,
    }),
    parents: [],
    message: `Approval of ${statement.tag} for ${statement.scenario}\n\n${statement.role}: ${statement.name}\n`,
    date: new Date(statement.issuedAt),
    identity: await repository.identity(),
  })
  const store = refStore(repository)
  const {now, words: said} = await changeRefs(store, [{ref, from: null, to: commit}])
  const there = now.get(ref)
  if (there === commit) return ref
  if (there === undefined && repository.remote !== null) throw remoteAway(repository.remote, said)
  throw problem({
    what: {
      fr: 'L’approbation n’a pas pu être publiée.',
      en: 'The approval could not be published.',
    },
    why: there === undefined ? said : {fr: `${ref} existe déjà`, en: `${ref} exists already`},
    next: {fr: 'relancer la même commande', en: 'run the same command again'},
    exit: 3,
  })
}

/** All approvals that the remote holds. Throws `RemoteAway` (3). */
export async function readApprovals(repository: Repository): Promise<SignedApproval[]> {
  const refs =
    repository.remote === null
      ? await repository.localRefs(prefix)
      : await repository.remoteRefs([`${prefix}*`])
  await repository.fetchObjects([...refs.values()])
  const found: SignedApproval[] = []
  for (const [ref, commit] of refs) {
    const text = (await repository.showFile(commit, 'statement.json')) ?? ''
    const signature = (await repository.showFile(commit, 'statement.sig')) ?? ''
    found.push({nonce: ref.slice(prefix.length), text, signature, statement: parseStatement(text)})
  }
  return found
}
