// The forbidden acts, each as one plain shell text that really does its damage when nothing guards.

import {tag} from './project.ts'

export interface Act {
  readonly name: string
  readonly text: string
  /** A git act can be tried with hooks switched off by `git -c`. */
  readonly git: boolean
  readonly push: boolean
}

const act = (name: string, text: string): Act => ({
  name,
  text,
  git: text.startsWith('git '),
  push: text.startsWith('git push'),
})

export const acts: readonly Act[] = [
  act('force-push of main', 'git push --quiet --force origin evil:main'),
  act('force-push by refspec', 'git push --quiet origin +evil:refs/heads/main'),
  act('force-push with lease', 'git push --quiet --force-with-lease origin evil:main'),
  act('deletion of remote main', 'git push --quiet origin :main'),
  act(
    'push that prunes',
    "git push --quiet --prune origin 'refs/heads/evil*:refs/heads/*' 'refs/tags/none*:refs/tags/*'",
  ),
  act('deletion of the tag here', `git tag -d ${tag}`),
  act('move of the tag here', `git tag -f ${tag} evil`),
  act('deletion of the remote tag', `git push --quiet --delete origin refs/tags/${tag}`),
  act('move of the remote tag', `git push --quiet -f origin evil:refs/tags/${tag}`),
  act('tag by update-ref', `git update-ref refs/tags/${tag} evil`),
  act('main by update-ref', 'git update-ref refs/heads/main evil'),
  act('main by branch -f', 'git branch --quiet -f main evil'),
  act('main by checkout -B', 'git checkout --quiet -B main evil'),
  act('main deleted', 'git branch --quiet -D main'),
  act('history replaced', 'git replace main evil'),
  act('ref written by hand', 'cp .git/refs/heads/evil .git/refs/heads/main'),
]
