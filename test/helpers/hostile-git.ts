// A person's git configuration that changes as much as it may of what git prints, checks out and prunes.

import {execFileSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

/** Writes the configuration below `folder` and answers the variables under which git reads it. */
export function hostileGit(folder: string): Record<string, string> {
  mkdirSync(folder, {recursive: true})
  const key = join(folder, 'signing-key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const attributes = join(folder, 'attributes')
  writeFileSync(attributes, '* text eol=crlf ident\n')
  const path = join(folder, 'gitconfig')
  writeFileSync(
    path,
    `[core]
	autocrlf = true
	eol = crlf
	safecrlf = true
	attributesFile = ${attributes}
	quotePath = true
	abbrev = 4
	logAllRefUpdates = false
[i18n]
	logOutputEncoding = ISO-8859-1
	commitEncoding = ISO-8859-1
[color]
	ui = always
[log]
	showRoot = false
	showSignature = true
	follow = true
	decorate = full
	date = relative
	diffMerges = off
[diff]
	external = false
	noprefix = true
	mnemonicPrefix = true
	renames = copies
	ignoreSubmodules = all
	orderFile = ${attributes}
[status]
	showUntrackedFiles = no
	relativePaths = false
	branch = true
	short = true
	renames = copies
[fetch]
	prune = true
	pruneTags = true
	recurseSubmodules = on-demand
	output = compact
[remote "origin"]
	prune = true
	pruneTags = true
	tagOpt = --tags
[push]
	default = nothing
	followTags = true
	recurseSubmodules = check
	autoSetupRemote = true
[pull]
	rebase = true
[merge]
	ff = false
	conflictStyle = diff3
	verifySignatures = true
[branch]
	autoSetupMerge = always
	autoSetupRebase = always
	sort = -committerdate
[tag]
	sort = -taggerdate
	gpgSign = true
[commit]
	gpgSign = true
	verbose = true
	cleanup = scissors
[gpg]
	format = ssh
[user]
	signingKey = ${key}.pub
	useConfigOnly = true
[submodule]
	recurse = true
[column]
	ui = always
[init]
	defaultBranch = trunk
[transfer]
	fsckObjects = true
[advice]
	detachedHead = false
[alias]
	status = log
`,
  )
  return {GIT_CONFIG_GLOBAL: path, GIT_CONFIG_NOSYSTEM: '1'}
}
