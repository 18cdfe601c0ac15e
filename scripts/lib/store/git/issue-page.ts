// Where a forge shows an issue that a commit names. A forge that is not known gets no link: a wrong one
// is worse than the number alone.

export type Forge = 'github' | 'gitlab' | 'bitbucket' | 'gitea'

/** By its host, or by the CI that the project names. */
export function forgeOf(repository: string, ci?: string): Forge | null {
  if (!URL.canParse(repository)) return null
  const {hostname} = new URL(repository)
  if (hostname.includes('gitlab')) return 'gitlab'
  if (hostname.includes('bitbucket')) return 'bitbucket'
  if (/gitea|forgejo|^codeberg\.org$/.test(hostname)) return 'gitea'
  return hostname === 'github.com' || ci === 'github' ? 'github' : null
}

/** The page of `#12`, `owner/name#12`, `GH-12` or `!34`; null where nobody can say. */
export function issuePage(
  {repository, forge}: {readonly repository: string; readonly forge: Forge | null},
  reference: string,
): string | null {
  const [, elsewhere, sign, number] = /^([\w.-]+\/[\w.-]+)?(#|GH-|!)(\d+)$/.exec(reference) ?? []
  if (forge === null || number === undefined || !URL.canParse(repository)) return null
  const web = repository.replace(/\/+$/, '').replace(/\.git$/, '')
  const base = elsewhere === undefined ? web : `${new URL(web).origin}/${elsewhere}`
  switch (forge) {
    // GitHub leads from an issue's address to the pull request of that number, and Gitea does so too.
    case 'github':
    case 'gitea':
      return sign === '!' ? null : `${base}/issues/${number}`
    case 'gitlab':
      return `${base}/-/${sign === '!' ? 'merge_requests' : 'issues'}/${number}`
    case 'bitbucket':
      return sign === '!' ? null : `${base}/issues/${number}`
    default:
      return forge satisfies never
  }
}
