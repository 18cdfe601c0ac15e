// Which commands put something before users, whatever host: forbidden in a READ-ONLY phase.

import type {Arg} from './options.ts'

const verbs: Readonly<Record<string, RegExp>> = {
  firebase: /^(deploy|hosting:(clone|disable|channel:deploy)|functions:delete)$/,
  'firebase-tools': /^(deploy|hosting:(clone|disable|channel:deploy))$/,
  netlify: /^(deploy|restoreSiteDeploy|rollbackSiteDeploy|lockDeploy|unlockDeploy|updateSite)$/,
  'netlify-cli': /^(deploy|restoreSiteDeploy|rollbackSiteDeploy)$/,
  vercel: /^(deploy|promote|rollback|alias|redeploy|rolling-release|--prod|--target=production)$/,
  wrangler: /^(deploy|publish|rollback)$/,
  supabase: /^(push|reset|deploy|restore)$/,
  flyctl: /^(deploy)$/,
  fly: /^(deploy)$/,
  heroku: /^(deploy|releases:rollback|rollback|container:release)$/,
  gcloud: /^(deploy|set-traffic|update-traffic)$/,
  kubectl: /^(apply|create|delete|patch|replace|rollout|scale|set)$/,
  helm: /^(install|upgrade|rollback|uninstall)$/,
  terraform: /^(apply|destroy)$/,
  docker: /^(push)$/,
  npm: /^(publish)$/,
  aws: /^(sync|cp|rm|mv|deploy|update-distribution|create-invalidation)$/,
  gsutil: /^(rsync|cp|rm|mv)$/,
  surge: /./,
  'gh-pages': /./,
}

/** Whether a command deploys, restores or withdraws a version. */
export function deploys(name: string, args: readonly Arg[]): boolean {
  if (name === 'rsync' || name === 'scp' || name === 'sftp') {
    return args.some((arg) => arg === null || /^[^/-][^/]*:/.test(arg))
  }
  if (name === 'vercel' && !args.some((arg) => arg !== null && /^[a-z]/.test(arg))) return true
  const verb = verbs[name]
  return verb !== undefined && args.some((arg) => arg === null || verb.test(arg))
}
