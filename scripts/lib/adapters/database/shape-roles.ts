// The roles that a shape names (owners, grantees, those of policies and default privileges) and the rights that it
// gives them. PROD's roles and STAGING's may have other names; which stands for which is said in postgate.yaml,
// never guessed.

import type {ShapeSection} from './shape.ts'

const name = `"(?:[^"]|"")+"|[\\w$\\u0080-\\uffff]+`
const patterns: readonly {readonly types: RegExp; readonly pattern: RegExp}[] = [
  {types: /./, pattern: new RegExp(`(\\bOWNER TO )(${name})(?=;)`, 'g')},
  {types: /ACL$/, pattern: new RegExp(`((?:^|\\b)(?:TO|FROM|FOR ROLE) )(${name})`, 'gi')},
  {
    types: /^POLICY$/,
    pattern: new RegExp(`( TO )((?:${name})(?:, (?:${name}))*)(?= USING| WITH CHECK|;|$)`, 'gim'),
  },
]

/** Every role that these sections name, with what it is named as. */
export function rolesOf(
  sections: readonly ShapeSection[],
): ReadonlyMap<string, 'owner' | 'grantee'> {
  const roles = new Map<string, 'owner' | 'grantee'>()
  for (const section of sections) {
    edited(section, (role, index) => {
      if (index === 0) roles.set(role, 'owner')
      else if (!roles.has(role)) roles.set(role, 'grantee')
      return role
    })
  }
  for (const word of ['public', 'PUBLIC', 'current_user', 'CURRENT_USER']) roles.delete(word)
  return roles
}

/** The same sections with STAGING's names of PROD's roles. */
export function withRoles(
  sections: readonly ShapeSection[],
  names: Readonly<Record<string, string>>,
): readonly ShapeSection[] {
  if (Object.keys(names).length === 0) return sections
  return sections.map((section) => ({
    ...section,
    owner: names[section.owner] ?? section.owner,
    sql: edited(section, (role) => names[role] ?? role),
  }))
}

const rights = /^(.*\b(?:GRANT|REVOKE)(?: GRANT OPTION FOR)? )([A-Z,]+)( ON .*;)$/gm

/** The same sections without the right that a server of this version does not have: MAINTAIN came with 17. */
export function withKnownRights(
  sections: readonly ShapeSection[],
  version: number,
): readonly ShapeSection[] {
  if (version >= 17) return sections
  const known = (_: string, verb: string, list: string, rest: string) => {
    const left = list.split(',').filter((right) => right !== 'MAINTAIN')
    return left.length === 0 ? '' : `${verb}${left.join(',')}${rest}`
  }
  return sections.map((section) =>
    section.type.endsWith('ACL') ? {...section, sql: section.sql.replace(rights, known)} : section,
  )
}

function edited({type, sql}: ShapeSection, use: (role: string, pattern: number) => string): string {
  let text = sql
  patterns.forEach(({types, pattern}, index) => {
    if (!types.test(type)) return
    text = text.replace(pattern, (_, before: string, list: string) => {
      const roles = list.match(new RegExp(name, 'g')) ?? []
      return before + roles.map((role) => written(use(plain(role), index), role)).join(', ')
    })
  })
  return text
}

const plain = (role: string): string =>
  role.startsWith('"') ? role.slice(1, -1).replaceAll('""', '"') : role

const written = (role: string, as: string): string =>
  plain(as) === role ? as : `"${role.replaceAll('"', '""')}"`
