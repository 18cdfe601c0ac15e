// Where people see a repository on the web, as far as its git address tells.

/** `https://host/owner/name` for an address as git has it; null for a path, or what is no forge. */
export function webAddressOf(
  address: string,
): {readonly host: string; readonly path: string} | null {
  const match =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/git@|git@)([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?\/?$/.exec(
      address,
    )
  const [, host, path] = match ?? []
  return host === undefined || path === undefined ? null : {host, path}
}

/** A file or folder of a branch as the forge shows it: GitHub's way, or GitLab's; null of no web address. */
export function filePage(
  repository: string,
  {branch, path}: {readonly branch: string; readonly path: string},
): string | null {
  if (!URL.canParse(repository)) return null
  const web = repository.replace(/\/+$/, '').replace(/\.git$/, '')
  const named = [branch, path].map((name) => name.split('/').map(encodeURIComponent).join('/'))
  const between = new URL(web).hostname.includes('gitlab') ? '/-/blob/' : '/blob/'
  return `${web}${between}${named.join('/')}`
}

/** The page on which a person asks for the merge of `head` into `base`: GitHub's, or GitLab's. */
export function mergePage(
  repository: string,
  {head, base}: {readonly head: string; readonly base: string},
): string | null {
  if (!URL.canParse(repository)) return null
  const web = repository.replace(/\/+$/, '').replace(/\.git$/, '')
  const {hostname} = new URL(web)
  if (hostname.includes('gitlab')) {
    const query = new URLSearchParams({
      'merge_request[source_branch]': head,
      'merge_request[target_branch]': base,
    })
    return `${web}/-/merge_requests/new?${query}`
  }
  const named = [base, head].map((name) => name.split('/').map(encodeURIComponent).join('/'))
  return `${web}/compare/${named.join('...')}?expand=1`
}
