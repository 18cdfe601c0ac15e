// What a status means, as people write it: `✅`, `PASS`, `🟡 En cours`, `NO-GO`, `✅ sous réserve`. Only a plain, unqualified
// yes is validated; what is not understood is unclear, never a pass.

export type MarkMeaning = 'validated' | 'refused' | 'unclear' | 'open'

export type Status = {readonly mark: MarkMeaning; readonly raw: string}

const emoji: Readonly<Record<Exclude<MarkMeaning, 'unclear'>, string>> = {
  validated: '✅☑✔✓🟢👍🆗',
  refused: '❌✗✘✖❎⛔🔴🚫🛑👎🆘',
  open: '⬜☐⚪⏳⌛🔲◻▢⏸🔄🕐🕒🚧🔜',
}

// Words without accents, upper case, underscores as spaces. Refusals first: NO-GO holds GO.
const words: readonly (readonly [MarkMeaning, RegExp])[] = [
  [
    'refused',
    /^(NO ?GO|FAIL(ED|URE|S|ING)?|KO|NOK|NOT OK|BLOCK(ED|ER|ING)?( [A-Z]+)*|BLOQU(E|EE|ES|EES|ANT|ANTE)|REFUSE(E|S|ES)?|REFUSED|REJECTED|REJETE(E|S|ES)?|ECHECS?|ECHOUE(E|S|ES)?|NON|NO|NON (VALIDE|CONFORME|PASSE)E?S?|NOT (VALIDATED|PASSED|APPROVED|COMPLIANT)|ROUGE|RED|INVALIDE?|ERREUR|ERROR)\b/,
  ],
  [
    'open',
    /^(PENDING|TO ?DO|TBD|A FAIRE|A VALIDER|A VERIFIER|EN ATTENTE|EN COURS|IN PROGRESS|ONGOING|NOT (STARTED|RUN|DONE|TESTED)|NON (COMMENCE|DEMARRE|FAIT|TESTE|EXECUTE)E?S?|PAS (COMMENCE|FAIT|TESTE)E?S?|OPEN|OUVERTE?|WIP|WAITING|UNTESTED)\b/,
  ],
  [
    'unclear',
    /^(PARTIAL(LY)?|PARTIEL(LE)?(MENT)?|N ?A|NOT APPLICABLE|NON APPLICABLE|SANS OBJET|SKIPPED|IGNORED?|WARN(ING|INGS)?|ATTENTION|SOUS RESERVES?|CONDITION(AL|NEL|NELLE)|FLAKY|UNKNOWN|INCONNU|ORANGE|JAUNE|YELLOW|AMBER)\b/,
  ],
  [
    'validated',
    /^(PASS(ED|ES|ING)?|OK|GO|DONE|VALIDE(E|S|ES)?|VALIDATED|VALID|CONFORMES?|APPROVED|APPROUVE(E|S|ES)?|TERMINE(E|S|ES)?|COMPLETED?|COMPLETE?S?|COMPLETE(E|ES)|FAITE?S?|OUI|YES|SUCCES|SUCCESS|REUSSIE?S?|VERTE?S?|GREEN|ACCEPTED|ACCEPTE(E|S|ES)?|SIGNED|SIGNE(E|ES)?)\b/,
  ],
]

const qualified =
  /\b(RESERVES?|PARTIEL(LE)?(MENT)?|PARTIAL(LY)?|CONDITION(AL|ALLY|NEL|NELLE|NELLEMENT)|RESERVATIONS?|EXCEPT(ED|ION|IONS)?|EXCEPTE|SAUF|WAIVED|WAIVER|DEROGATION|A CONFIRMER|TO BE CONFIRMED|QUALIFIED|PROVISOIRE(MENT)?|PROVISIONAL(LY)?|INCOMPLETE?|INCOMPLETS?)\b/

const emojiPattern = /\p{Extended_Pictographic}|[✗✘✓▢◻☐☑⬜⚪]/u
const everyEmoji = new RegExp(emojiPattern.source, 'gu')

/** What one pictogram means; an unknown one is unclear. */
function emojiMeaning(character: string): MarkMeaning {
  if (emoji.validated.includes(character)) return 'validated'
  if (emoji.refused.includes(character)) return 'refused'
  return emoji.open.includes(character) ? 'open' : 'unclear'
}

/** The known status pictograms of a text, in their order. */
export function statusEmoji(text: string): readonly Status[] {
  const known = `${emoji.validated}${emoji.refused}${emoji.open}⚠🟡🟠❓❔➖🔵`
  return [...text.matchAll(everyEmoji)]
    .filter(([character]) => known.includes(character))
    .map(([character]) => ({mark: emojiMeaning(character), raw: character}))
}

/** The pictogram that a text starts with, with what follows it; null where it starts with anything else. */
export function leadingEmoji(text: string): (Status & {rest: string}) | null {
  const match = new RegExp(`^\\s*(${emojiPattern.source})[\\uFE0E\\uFE0F]?\\s*`, 'u').exec(text)
  if (match?.[1] === undefined) return null
  const raw = match[1]
  return {mark: emojiMeaning(raw), raw, rest: text.slice(match[0].length)}
}

const glyphs = new RegExp(
  `^(?:[${emoji.validated}${emoji.refused}${emoji.open}⚠🟡🟠❓❔🔵☒□■◻◼⬛√✕🗹🗷🗸]|:(?:[a-z0-9_]*(?:check|cross_mark|ballot|square|hourglass|warning|no_entry|_circle|stop_sign)[a-z0-9_]*|x|o|ok|\\+1|-1|thumbsup|thumbsdown):)`,
  'u',
)

/** The status mark that a text starts with, as a pictogram, a drawn box or a forge's short code; null for other words. */
export function markAhead(text: string): string | null {
  return glyphs.exec(text)?.[0] ?? null
}

/** Whether the words take a yes back: "sous réserve", "partial", "3/5". */
export function isQualified(text: string): boolean {
  if (qualified.test(plainWords(text))) return true
  return [...text.matchAll(/(?<![\d/.-])(\d+)\s*\/\s*(\d+)(?![\d/-])/g)].some(
    ([, done, all]) => Number(done) < Number(all),
  )
}

/** Whether the text is a status word, alone or with more words after it. */
export function startsWithStatus(text: string): boolean {
  const plain = plainWords(text)
  return words.some(([, pattern]) => pattern.test(plain))
}

/** The whole text read as a status, such as a table's status cell. Empty is open. */
export function readStatus(text: string): Status {
  const raw = text.trim()
  const box = /^\[([ \u00A0xX]?)\]$/.exec(raw)
  if (box !== null) return {mark: /x/i.test(box[1] ?? '') ? 'validated' : 'open', raw}
  if (/^[\s_.…–—-]*$/.test(raw)) return {mark: 'open', raw}
  const marks = statusEmoji(raw).map(({mark}) => mark)
  const unknownEmoji = (raw.match(everyEmoji)?.length ?? 0) > marks.length
  const plain = plainWords(raw)
  const word = words.find(([, pattern]) => pattern.test(plain))
  if (word !== undefined) marks.push(word[0])
  for (const worst of ['refused', 'unclear', 'open'] as const) {
    if (marks.includes(worst)) return {mark: worst, raw}
  }
  if (marks.length === 0 || unknownEmoji || isQualified(raw)) return {mark: 'unclear', raw}
  const rest = word === undefined ? plain : plain.replace(word[1], '').trim()
  // A word says yes only by itself; a tick may have a note beside it, unless the note takes it back.
  const justWord = marks.length === 1 && word !== undefined
  if (justWord && !/^(?:VALIDATED|VALIDE|PASS|PASSED|OK|GO|\d+| )*$/.test(rest)) {
    return {mark: 'unclear', raw}
  }
  return {
    mark: /\b(NO|NOT|NON|PAS|MAIS|BUT|AVEC|WITH|SANS|WITHOUT)\b/.test(rest)
      ? 'unclear'
      : 'validated',
    raw,
  }
}

function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()
}
