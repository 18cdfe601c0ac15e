// `--break NAME`: what goes wrong in this one command. Each break is a list of effects that know how to
// be undone; what a break needs from a service, the service does by its name (services/faults.ts).

import {join} from 'node:path'
import {didYouMean} from '../base/flags.ts'
import {nearest} from '../documents/nearest.ts'
import {problem} from '../domain/problem.ts'
import {type BreakName, breakNames} from '../words/break-names.ts'
import type {BreakContext, BreakEffect} from './break-effects.ts'
import {envFiles} from './env-files.ts'
import {textOf} from './file.ts'
import {commitAside, git, onMain} from './git.ts'
import {allowedSigners, director, pca, releaseManager, strangerTo} from './people.ts'

type Plan = (context: BreakContext) => Promise<readonly BreakEffect[]>

const byService: Plan = async () => []

/** By name, in the order of the scenarios that they belong to. */
export const breaks: Readonly<Record<BreakName, Plan>> = {
  // Scenario A, and B too.
  gate: unticked,
  tag: movedTag,
  nightly: byService,
  env: async (context) => [
    context.scenario === 'production'
      ? await emptied(context, envFiles.production, 'PROD_PROJECT_REF')
      : await emptied(context, envFiles.staging, 'STAGING_PROJECT_REF'),
  ],
  // The stand-in for Flutter reads these three from break.json.
  build: byService,
  size: byService,
  'secret-in-build': byService,
  // A file where the host's code wants a folder: fails for root as well, and what is served stays.
  deploy: async () => [
    {type: 'file', path: 'hosting/staging/incoming'},
    {type: 'file', path: 'hosting/production/incoming'},
  ],
  'partial-deploy': byService,
  smoke: byService,
  database: async () => [{type: 'sql', database: 'staging', ...leftRow}],
  // Scenario B.
  approval: foreignKeys,
  'env-committed': committedEnv,
  'staging-key-in-prod': wrongKey,
  'no-data': byService,
  errors: byService,
  outage: byService,
  rollback: byService,
  // Scenario C.
  drift: driftedCode,
  notify: byService,
}

/** The break of that name. Throws a `Problem` (2) for one that is not there. */
export function breakNamed(name: string): BreakName {
  const known = breakNames.find((each) => each === name)
  if (known !== undefined) return known
  const meant = nearest(name, breakNames, 3)
  throw problem({
    what: {fr: `--break ${name} n’existe pas.`, en: `There is no --break ${name}.`},
    ...(meant !== undefined && {why: didYouMean(meant)}),
    next: {
      fr: `choisir parmi : ${breakNames.join(', ')}`,
      en: `choose one of: ${breakNames.join(', ')}`,
    },
    exit: 2,
  })
}

/** An item of the gate's section 4 loses its tick, on main. */
async function unticked({paths, state}: BreakContext): Promise<BreakEffect[]> {
  const text = (await onMain(paths.project, state.gate)) ?? ''
  const was = /^- \[x\] \*\*CI nightly verte\*\*/m.exec(text)?.[0]
  const becomes = '- [ ] **CI nightly verte**'
  const replacements = was === undefined ? [] : [{was, becomes}]
  return [{type: 'commit', path: state.gate, replacements, message: 'SANDBOX : --break gate'}]
}

/** The validated tag on the remote points at the commit before. */
async function movedTag({paths, state}: BreakContext): Promise<BreakEffect[]> {
  const ref = `refs/tags/${state.tag}`
  const was = await git(paths.remote, ['rev-parse', ref])
  const becomes = await git(paths.remote, ['rev-parse', `${state.commit}^`])
  return [{type: 'ref', ref, was, becomes, clone: false}]
}

async function emptied({paths}: BreakContext, path: string, key: string): Promise<BreakEffect> {
  const was = (await envValue(join(paths.project, path), key)) ?? ''
  return {type: 'env', path, key, was, becomes: ''}
}

/** PROD's env file carries STAGING's public key. */
async function wrongKey({paths}: BreakContext): Promise<BreakEffect[]> {
  const path = envFiles.production
  const was = (await envValue(join(paths.project, path), 'PROD_ANON_KEY')) ?? ''
  const becomes = (await envValue(join(paths.project, envFiles.staging), 'STAGING_ANON_KEY')) ?? ''
  return [{type: 'env', path, key: 'PROD_ANON_KEY', was, becomes}]
}

async function envValue(file: string, key: string): Promise<string | undefined> {
  return new RegExp(`^${key}=(.*)$`, 'm').exec((await textOf(file)) ?? '')?.[1]
}

/** On main, those who may approve B have other keys than the ones they sign with. */
async function foreignKeys({paths}: BreakContext): Promise<BreakEffect[]> {
  const path = 'runbooks/allowed_signers'
  const text = (await onMain(paths.project, path)) ?? ''
  const known = (await allowedSigners(paths.keys)).split('\n')
  const foreign = (
    await allowedSigners(paths.keys, (person) =>
      person === pca || person === director ? strangerTo(person) : person.id,
    )
  ).split('\n')
  const replacements = known
    .map((was, index) => ({was, becomes: foreign[index] ?? ''}))
    .filter(({was, becomes}) => was !== becomes && text.includes(was))
  return [{type: 'commit', path, replacements, message: 'SANDBOX : --break approval'}]
}

/** PROD's env file in a commit of a forgotten branch. */
async function committedEnv({paths, now}: BreakContext): Promise<BreakEffect[]> {
  const text = (await textOf(join(paths.project, envFiles.production))) ?? 'PROD_URL=\n'
  const commit = await commitAside({
    project: paths.project,
    base: null,
    files: new Map([[envFiles.production, text]]),
    message: 'SANDBOX : essai de configuration',
    author: releaseManager,
    at: now(),
  })
  return [
    {type: 'ref', ref: 'refs/heads/essai-configuration', was: null, becomes: commit, clone: true},
  ]
}

/** Code arrives on main after the tag. */
async function driftedCode(): Promise<BreakEffect[]> {
  const was = "title: 'Dépôt Central',"
  return [
    {
      type: 'commit',
      path: 'lib/main.dart',
      replacements: [{was, becomes: "title: 'Dépôt Central !',"}],
      message: 'SANDBOX : changement de code après le tag (--break drift)',
    },
  ]
}

/**
 * Something still writes into STAGING: whoever rewrites its history of migrations finds a row in one of
 * the emptied tables right after the commit. All proofs inside the reset's transaction hold.
 */
const leftRow = {
  apply: `
    create schema if not exists sandbox;
    create or replace function sandbox.leave_a_row() returns trigger
    language plpgsql security definer as $$
    begin
      if to_regclass('public.notifications') is not null
        and not exists (select from public.notifications) then
        insert into public.notifications (titre) values ('SANDBOX : --break database');
      end if;
      return null;
    end $$;
    drop trigger if exists sandbox_leave_a_row on supabase_migrations.schema_migrations;
    create constraint trigger sandbox_leave_a_row
      after insert on supabase_migrations.schema_migrations
      deferrable initially deferred for each row execute function sandbox.leave_a_row();`,
  undo: `
    drop trigger if exists sandbox_leave_a_row on supabase_migrations.schema_migrations;
    drop schema if exists sandbox cascade;`,
}
