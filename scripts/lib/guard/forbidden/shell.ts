// Walks a shell text down to each command that would run: through lists, functions, substitutions,
// wrappers (`env`, `xargs`, `sudo`, `find -exec`) and texts handed to another shell.
// What cannot be read counts as forbidden: a guard that guesses is none.

import type {Command, SyntaxNode} from 'unbash'
import {known} from '../authorised/known-programs.ts'
import {constant, markPlaceholders, marks, unbash} from '../authorised/words.ts'
import type {ForbiddenAct, ForbiddenOptions} from './act.ts'
import {deploys} from './deploy.ts'
import {gitActs} from './git.ts'
import {type Arg, scan} from './options.ts'
import {findActs, forgeActs, gitFolderActs, interpreterActs, mirrorActs} from './programs.ts'
import {
  bypass,
  declaring,
  deferring,
  dropping,
  executed,
  forbiddenAct,
  guardedVariable,
  inGitFolder,
  interpreters,
  isReadableFile,
  leadsToCommand,
  nameOf,
  namesGitFolder,
  otherGits,
  quietPrograms,
  runsThings,
  shells,
  texts,
  wrappedCommand,
  wrappers,
  xargs,
} from './words.ts'

const depthMax = 8

export async function findForbidden(
  commandText: string,
  options: ForbiddenOptions,
): Promise<readonly ForbiddenAct[]> {
  const {parse, forEachChild} = await unbash()
  const found = new Map<string, ForbiddenAct>()
  const add = (act: ForbiddenAct) => void found.set(JSON.stringify(act), act)
  const note = (acts: readonly ForbiddenAct[]) => acts.forEach(add)
  const refuse = (fr: string, en: string) => note(bypass(fr, en))
  const text = options.placeholders ? markPlaceholders(commandText).source : commandText
  function look(source: string, depth: number): void {
    if (depth > depthMax) {
      refuse('des shells trop imbriqués pour être lus', 'shells nested too deeply to be read')
      return
    }
    const script = parse(source)
    const error = script.errors?.[0]
    if (error) refuse(`illisible : ${error.message}`, `unreadable: ${error.message}`)
    visit(script, depth)
  }

  function visit(node: SyntaxNode, depth: number): void {
    if (node.type === 'Command') command(node, depth)
    if (node.type === 'For' || node.type === 'Select') assigned(node.name.text)
    if (node.type === 'Redirect' && node.target) redirected(argOf(node.target), node.operator)
    forEachChild(node, (child) => visit(child, depth))
  }

  function argOf(word: Parameters<typeof constant>[0]): Arg {
    const read = constant(word)
    return 'value' in read ? read.value : null
  }

  function command(node: Command, depth: number): void {
    for (const part of node.prefix) {
      if (part.type !== 'Assignment') continue
      assigned(part.name)
      // `EDITOR='git push -f' git tag -a x`.
      const value = part.value.type === 'Word' ? argOf(part.value) : null
      if (value !== null && leadsToCommand(part.name)) look(value, depth + 1)
    }
    const args: Arg[] = node.name ? [argOf(node.name)] : []
    for (const part of node.suffix) {
      if (part.type === 'Word') args.push(argOf(part))
      if (part.type === 'Assignment') {
        const value = part.value.type === 'Word' ? argOf(part.value) : null
        args.push(value === null ? null : `${part.name}=${value}`)
        if (declaring.has(String(args[0]))) assigned(part.name)
      }
    }
    if (args.length > 0) run(args, depth)
  }

  /** Looks at the words of one command, and at the command inside it where it is a wrapper. */
  function run(args: readonly Arg[], depth: number, dropsEnvironment = false): void {
    const [first] = args
    if (first === undefined) return
    if (first === null || marks.test(first)) {
      refuse('un mot de commande que seul le shell connaît', 'a command word only the shell knows')
      return
    }
    if (depth > depthMax) {
      refuse('trop d’enveloppes pour être lues', 'too many wrappers to be read')
      return
    }
    // /proc/self/exe is the shell itself, or whatever else runs just then.
    if (/^\/(proc|dev)\//.test(first)) {
      refuse('un programme que seul le système connaît', 'a program only the system knows')
      return
    }
    const name = nameOf(first)
    const rest = args.slice(1)
    if (name === 'git' || name.startsWith('git-')) {
      if (dropsEnvironment) refuse('git sans ses garde-fous', 'git without its guards')
      const words = name === 'git' ? rest : [name.slice(4), ...rest]
      note(gitActs(words, {shellText: actsOf(depth)}))
      return
    }
    note(gitFolderActs(name, rest))
    note(forgeActs(name, rest))
    note(mirrorActs(name, rest))
    if (otherGits.has(name)) {
      refuse(`\`${name}\` écrit des références à côté de git`, `\`${name}\` writes refs beside git`)
    }
    if (deferring.has(name)) {
      refuse(
        `\`${name}\` lance plus tard, quand plus rien n’est comparé`,
        `\`${name}\` runs later, when nothing is compared any more`,
      )
    }
    if (options.mode === 'READ-ONLY' && deploys(name, rest)) {
      add(
        forbiddenAct('deployment-without-validation', {
          fr: `\`${name}\` déploie dans une phase READ-ONLY`,
          en: `\`${name}\` deploys in a READ-ONLY phase`,
        }),
      )
    }
    if (shells.has(name)) {
      shell(name, rest, depth)
      return
    }
    const inner = innerOf(name, rest, depth)
    if (inner !== undefined) {
      if (inner.length > 0) run(inner, depth + 1, dropsEnvironment || dropping.has(name))
      return
    }
    if (quietPrograms.has(name)) {
      const at = name === 'printf' ? rest.indexOf('-v') : -1
      if (at >= 0) assigned(rest[at + 1] ?? '')
      return
    }
    // An unknown wrapper: whatever git or shell stands further on in its words.
    const at = rest.findIndex((arg) => arg !== null && runsThings(nameOf(arg)))
    if (at >= 0) run(rest.slice(at), depth + 1, dropsEnvironment)
    // A program that is not known may run any of its words.
    if (texts.has(name) || !known.has(name)) for (const arg of rest) said(arg, depth)
  }

  /** A word that may hold a command: as a whole, and from each program on that it names. */
  function said(arg: Arg, depth: number): void {
    if (arg === null || !/git|sh\b/.test(arg)) return
    if (namesGitFolder.test(arg)) note(gitFolderActs('>', ['.git']))
    if (/\s/.test(arg) && !/^--?\w/.test(arg)) look(arg, depth + 1)
    for (const {index} of arg.matchAll(/(?<![\p{L}\p{N}_.-])(git|(ba|da|z|k)?sh)(?=\s)/gu)) {
      const [piece = ''] = arg.slice(index).split(/["'`;&|)\n]/)
      look(piece, depth + 1)
    }
  }

  const actsOf = (depth: number) => (inner: Arg) => {
    if (inner === null) refuse('un texte que seul le shell connaît', 'a text only the shell knows')
    else look(inner.replace(/^!/, ''), depth + 1)
    return []
  }

  /** The command that a wrapper runs; nothing where it runs none, undefined where it is no wrapper. */
  function innerOf(name: string, rest: readonly Arg[], depth: number): readonly Arg[] | undefined {
    switch (name) {
      case 'env':
        return env(rest, depth)
      case 'eval':
        actsOf(depth)(rest.includes(null) ? null : rest.join(' '))
        return []
      case 'trap':
        // Whatever is no signal's name, behind options too.
        if (rest.length > 1)
          for (const arg of rest)
            if (arg === null || !/^(--|-[lp]+|[A-Z0-9]+)$/.test(arg)) actsOf(depth)(arg)
        return []
      case 'source':
      case '.':
        if (!isReadableFile(rest[0]))
          refuse('un script que personne ne peut lire', 'an unreadable script')
        return []
      case 'set':
        switchedOff(rest)
        return []
      case 'shopt':
      case 'alias':
      case 'enable':
      case 'hash':
        if (rest.length > 0)
          refuse(
            `\`${name}\` change le sens des commandes`,
            `\`${name}\` changes what commands mean`,
          )
        return []
      case 'mapfile':
      case 'readarray':
        for (const {option, value} of scan(rest, {short: 'dnOsucC'}).values)
          if (option === 'C') actsOf(depth)(value)
        for (const arg of rest) if (arg) assigned(arg)
        return []
      case 'unset':
      case 'read':
      case 'getopts':
        for (const arg of rest) if (arg) assigned(arg)
        return []
      case 'xargs':
        return [...wrappedCommand(rest, xargs), null]
      case 'find':
        note(findActs(rest))
        for (const inside of executed(rest)) run(inside, depth + 1)
        return []
      case 'split':
        for (const {option, value} of scan(rest, {long: ['filter']}).values)
          if ('filter'.startsWith(option)) actsOf(depth)(value)
        return []
      case 'exec':
        if (scan(rest, {short: 'a', stopAtFirst: true}).shorts.has('c')) {
          refuse('`exec -c` vide l’environnement', '`exec -c` empties the environment')
        }
        return wrappedCommand(rest, {short: 'a'})
      case 'su':
      case 'runuser': {
        const grammar = {short: 'cgsGu', long: ['command', 'session-command', 'user', 'group']}
        for (const {option, value} of scan(rest, {...grammar, stopAtFirst: true}).values)
          if (/^(c|command|session-command)$/.test(option)) actsOf(depth)(value)
        // `runuser -u USER COMMAND`; what `su` is given behind the user goes to a shell.
        const inner = wrappedCommand(rest, grammar)
        if (name === 'runuser') return inner
        for (const {option, value} of scan(inner, grammar).values)
          if (/^(c|command)$/.test(option)) actsOf(depth)(value)
        return []
      }
      case 'npx':
      case 'bunx': {
        const grammar = {short: 'pc', long: ['package', 'call']}
        for (const {option, value} of scan(rest, {...grammar, stopAtFirst: true}).values)
          if (option === 'c' || 'call'.startsWith(option)) actsOf(depth)(value)
        return wrappedCommand(rest, grammar)
      }
      default:
        break
    }
    if (interpreters.has(name)) {
      note(interpreterActs(name, rest))
      return []
    }
    const grammar = wrappers[name]
    return grammar && wrappedCommand(rest, grammar)
  }

  function env(rest: readonly Arg[], depth: number): readonly Arg[] {
    const scanned = scan(rest, {
      short: 'uCS',
      long: ['unset', 'chdir', 'split-string'],
      stopAtFirst: true,
    })
    if (
      scanned.shorts.has('i') ||
      scanned.longs.some((option) => 'ignore-environment'.startsWith(option))
    ) {
      refuse('`env -i` vide l’environnement', '`env -i` empties the environment')
    }
    for (const {option, value} of scanned.values) {
      if (/^S|^split/.test(option)) {
        const tail = [value, ...scanned.positionals]
        actsOf(depth)(tail.includes(null) ? null : tail.join(' '))
        return []
      }
      if (/^u/.test(option)) assigned(value ?? '')
    }
    let at = 0
    for (; at < scanned.positionals.length; at++) {
      const word = scanned.positionals[at] ?? null
      if (word === '-') refuse('`env -` vide l’environnement', '`env -` empties the environment')
      else if (word !== null && /^\w+=/.test(word)) assigned(word.split('=', 1)[0] ?? '')
      else break
    }
    return scanned.positionals.slice(at)
  }

  function shell(name: string, rest: readonly Arg[], depth: number): void {
    // They take a text to run behind options of their own (`-Command`, `/c`); a file stands by its name.
    if (/^(pwsh|powershell|cmd|nu|elvish)$/.test(name)) {
      const file = rest.find((arg) => arg !== null && !/^[-/]/.test(arg))
      if (
        rest.some((arg) => arg === null || /^[-/](c|command|e\w*)$/i.test(arg)) ||
        !isReadableFile(file)
      ) {
        refuse(`du code dans les mots de \`${name}\``, `code in the words of \`${name}\``)
      }
      return
    }
    if (rest.some((arg) => arg !== null && /^\+[a-zA-Z]*[eu]/.test(arg))) switchedOff(rest)
    const words = rest.filter((arg) => arg === null || !/^\+/.test(arg))
    const scanned = scan(words, {short: 'oO', long: ['rcfile', 'init-file'], stopAtFirst: true})
    const [first] = scanned.positionals
    if (scanned.shorts.has('c')) return void actsOf(depth)(first ?? null)
    if (first === undefined && scanned.longs.some((option) => /^(version|help)$/.test(option)))
      return
    if (scanned.shorts.has('s') || !isReadableFile(first)) {
      refuse('un shell qui lit son texte d’ailleurs', 'a shell that reads its text from elsewhere')
    }
  }

  function switchedOff(rest: readonly Arg[]): void {
    for (const arg of rest) {
      if (arg === null || (/^\+/.test(arg) && arg !== '+x' && arg !== '+v')) {
        refuse('`set +…` coupe l’arrêt sur erreur', '`set +…` switches off the stop on errors')
      }
    }
  }

  function assigned(name: string): void {
    if (guardedVariable(name)) {
      refuse(
        `la variable \`${name}\` coupe ou détourne un garde-fou`,
        `the variable \`${name}\` switches a guard off`,
      )
    }
  }

  function redirected(target: Arg, operator: string): void {
    if (target !== null && operator.includes('>') && inGitFolder.test(target))
      note(gitFolderActs('>', [target]))
  }

  look(text, 0)
  return [...found.values()]
}
