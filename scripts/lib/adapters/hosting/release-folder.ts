// What a folder of releases can lack, here or on another machine, with the line that mends it.

import {fail, type Judgement} from '../../domain/verdict.ts'

interface Unwritable {
  readonly place: string
  readonly user: string
  /** The command that makes the folder, or gives it to `user`. */
  readonly make: string
}

export const notWritable = ({place, user, make}: Unwritable): Judgement =>
  fail(
    {
      fr: `${place} n’existe pas ou ${user} ne peut pas y écrire`,
      en: `${place} does not exist or ${user} cannot write there`,
    },
    {next: {fr: `créez-le : ${make}`, en: `create it: ${make}`}},
  )

/**
 * A site that was served before Postgate came: what it serves becomes a release, behind the link, and goes on
 * being served. `typed` makes a shell's line of what is done in `root`'s machine; `root` stands in a shell.
 */
export function noLink(place: string, typed: (there: string) => string, root: string): Judgement {
  const move = typed(
    `cd ${root} && mkdir -p releases && mv -T current releases/before && ln -s releases/before current`,
  )
  return fail(
    {fr: `${place}/current n’est pas un lien`, en: `${place}/current is no link`},
    {
      next: {
        fr: `en faire une version, que le serveur web sert par un lien que Postgate bascule : ${move}`,
        en: `make it a release, which the web server serves by a link that Postgate switches: ${move}`,
      },
    },
  )
}
