// What a status means, as people write it: `✅`, `PASS`, `🟡 En cours`, `NO-GO`, `✅ sous réserve`. Only a plain, unqualified
// yes is validated; what is not understood is unclear, never a pass.

export type MarkMeaning = 'validated' | 'refused' | 'unclear' | 'open'

export type Status = {readonly mark: MarkMeaning; readonly raw: string}

export type MarkedEntry = {
  readonly text: string
  readonly mark: MarkMeaning
  /** The mark as written: `[ ]`, `✅`, `PASS`; '' where there is none. */
  readonly raw: string
  readonly line: number
}

const emoji: Readonly<Record<Exclude<MarkMeaning, 'unclear'>, string>> = {
  validated: '✅☑✔✓🟢👍🆗',
  refused: '❌✗✘✖✕❎☒⛔🔴🚫🛑👎🆘',
  open: '⬜☐□◯⚪⏳⌛🔲◻▢⏸🔄🕐🕒🚧🔜',
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
    /^(PASS(ED|ES|ING)?|OK|GO|DONE|VALIDE(E|S|ES)?|VALIDATED|VALID|CONFORMES?|APPROVED|APPROUVE(E|S|ES)?|TERMINE(E|S|ES)?|COMPLETED?|COMPLETE?S?|COMPLETE(E|ES)|FAITE?S?|OUI|YES|SUCCES|SUCCESS|REUSSIE?S?|VERTE?S?|GREEN|ACCEPTED|ACCEPTE(E|S|ES)?|SIGNED|SIGNE(E|ES)?|VERIFIED|VERIFIE(E|S|ES)?|CHECKED|CONFIRMED|CONFIRME(E|S|ES)?)\b/,
  ],
]

const qualified =
  /\b(RESERVES?|PARTIEL(LE)?(MENT)?|PARTIAL(LY)?|CONDITION(AL|ALLY|NEL|NELLE|NELLEMENT)|RESERVATIONS?|EXCEPT(ED|ION|IONS)?|EXCEPTE|SAUF|WAIVED|WAIVER|DEROGATION|A CONFIRMER|TO BE CONFIRMED|QUALIFIED|PROVISOIRE(MENT)?|PROVISIONAL(LY)?|INCOMPLETE?|INCOMPLETS?)\b/

const emojiPattern = /\p{Extended_Pictographic}|[✗✘✕✓▢◻□◯☐☑☒⬜⚪]/u
const everyEmoji = new RegExp(emojiPattern.source, 'gu')

/** What one pictogram means; an unknown one is unclear. */
function emojiMeaning(character: string): MarkMeaning {
  if (emoji.validated.includes(character)) return 'validated'
  if (emoji.refused.includes(character)) return 'refused'
  return emoji.open.includes(character) ? 'open' : 'unclear'
}

const others = '⚠🟡🟠❓❔➖🔵'
const known = `${emoji.validated}${emoji.refused}${emoji.open}${others}`
const isKnown = (character: string) => known.includes(character)

/** The known status pictograms of a text, in their order. */
export function statusEmoji(text: string): readonly Status[] {
  return [...text.matchAll(everyEmoji)]
    .filter(([character]) => isKnown(character))
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
  `^(?:[${emoji.validated}${emoji.refused}${emoji.open}${others}☒□■◻◼⬛√✕🗹🗷🗸]|:(?:[a-z0-9_]*(?:check|cross_mark|ballot|square|hourglass|warning|no_entry|_circle|stop_sign)[a-z0-9_]*|x|o|ok|\\+1|-1|thumbsup|thumbsdown):)`,
  'u',
)

/** The status mark that a text starts with, as a pictogram, a drawn box or a forge's short code; null for other words. */
export function markAhead(text: string): string | null {
  return glyphs.exec(text)?.[0] ?? null
}

/** Whether the words take a yes back: "sous réserve", "partial", "3/5", "80 %". */
export function isQualified(text: string): boolean {
  if (qualified.test(plainWords(text))) return true
  return [...text.matchAll(/(?<![\d/.-])(\d+)\s*\/\s*(\d+)(?![\d/-])/g)].some(
    ([, done, all]) => Number(done) < Number(all),
  )
}

const unfinished =
  /\b(TODO|TBD|WIP|FIXME|A (FAIRE|CONFIRMER|VALIDER|VERIFIER|REVOIR|COMPLETER|TESTER|REFAIRE|REJOUER|CORRIGER|DEFINIR|PLANIFIER|PRECISER)|RESTE(NT)? A|EN (COURS|ATTENTE|SUSPENS)|EN PARTIE|PENDING|IN PROGRESS|ONGOING|TO (BE )?(CONFIRM|DO|FIX|REDO|CHECK|VERIFY|REVIEW|VALIDATE|COMPLETE|DEFINE)(ED|D)?|TO BE (DONE|TESTED|DEFINED|REVIEWED|CHECKED)|REPORTEE?S?|POSTPONED|DEFERRED|DIFFEREE?S?|DEMAIN|TOMORROW|BIENTOT|SOON|LATER|PLUS TARD|PAS ENCORE|NOT YET|MANQUE(NT|S)?|MANQUANTE?S?|MISSING|HORMIS|UNTESTED|NON (FAIT|TESTE|VALIDE|VERIFIE|CONFORME|PASSE|EXECUTE|JOUE|REALISE|TERMINE)E?S?|(PAS|NOT) (FAIT|TESTE|VALIDE|VERIFIE|CONFORME|PASSE|EXECUTE|JOUE|TERMINE|DONE|TESTED|VALIDATED|VERIFIED|PASSED|RUN|OK|GO|APPROVED|SIGNED|COMPLETE)E?S?|PRESQUE|ALMOST|EXPIREE?S?|ANNULEE?S?|CANCELL?ED|SUSPENDUE?S?)\b/
const unfinishedEnd = new RegExp(`${unfinished.source}( w+)?$`)
/** Of a status they take the yes back; in an entry's words they may well be what was done. */
const planned = /\b(PREVUE?S?|PLANIFIEE?S?|PLANNED|SCHEDULED)\b/
const refusals =
  /(?<![\w-])(NO[ -]?GO|KO|NOK|FAIL(?:ED|URE)?|BLOCKED(?:_[A-Z]+)?|REFUSÉE?S?|REJECTED|REJETÉE?S?|BLOQUÉE?S?)(?![\w-])/g
const denied =
  /\b(aucune?s?|sans|ni|no|zero|zéro|0|pas|plus|jamais|never|without|any)\s+(?:de\s+|d[’'])?(?:\S+\s+)?$/i

/** Whether a status cell's words leave nothing but its yes: no doubt, no plan, no part of the whole. */
export function takesBack(text: string): boolean {
  if (isQualified(text) || /\?(?!\S)/.test(text) || isPart(text)) return true
  const words = plainWords(text)
  return unfinished.test(words) || planned.test(words) || saysNo(text)
}

/** Whether words that describe an entry end by taking its yes back: `Recette : KO`, `… (sous réserve)`, `… TODO`. */
export function endsByTakingBack(text: string): boolean {
  if (saysNo(text) || isQualified(text) || /\?[\s*_]*$/.test(text)) return true
  const inside = [...text.matchAll(/\(([^()]*)\)/g)].map(([, words = '']) => words)
  const parts = text.split(/\s[–—-]\s|\s?[:;,→]\s|->|=>|\.\s/)
  const tail = (parts.length > 1 ? parts.at(-1) : undefined) ?? ''
  if (isPart(text) && /^\D{0,3}\d+(?:[.,]\d+)?\s*%$/.test(tail.trim())) return true
  if ([...inside, tail].some((part) => isBrief(part) && isUnfinished(part))) return true
  // Without a separator only the last words can take the rest back: "… TODO Safari", "… à rejouer".
  const words = plainWords(text)
  return unfinishedEnd.test(words) && !deniedWords.test(words)
}

/** Whether a note beside a yes opens by taking it back: "à refaire après correctif". */
export function beginsByTakingBack(text: string): boolean {
  const words = plainWords(text)
  return isBrief(text) && (unfinished.exec(words)?.index === 0 || planned.exec(words)?.index === 0)
}

/** Words of a plan or of a part done, unless they are denied. */
function isUnfinished(part: string): boolean {
  const words = plainWords(part)
  return (unfinished.test(words) || planned.test(words)) && !deniedWords.test(words)
}

/** `80 %` of something that is done by parts; a measure is none. */
function isPart(text: string): boolean {
  if (measure.test(text)) return false
  return [...text.matchAll(/(\d+(?:[.,]\d+)?)\s*%/g)].some(
    ([, part = '']) => Number(part.replace(',', '.')) < 100,
  )
}

const measure =
  /couverture|coverage|taux|rate\b|ratio|cpu|m[ée]moire|memory|disponibilit|availab|uptime|sla\b|seuil|threshold|[<>≤≥]/i
const deniedWords = /\b(AUCUNE?S?|SANS|NI|NO|ZERO|0|PLUS|WITHOUT)\b/

/** A refusal in capitals or by a mark, unless the words deny it: "aucun test KO", "sans ❌". */
function saysNo(text: string): boolean {
  for (const {0: word, index} of text.matchAll(refusals)) {
    const before = text.slice(0, index)
    if (
      !denied.test(before) &&
      !/\d\s*$/.test(before) &&
      !/^\s*:?\s*0\b/.test(text.slice(index + word.length))
    )
      return true
  }
  return [...text.matchAll(everyEmoji)].some(({0: character, index}) => {
    const known = isKnown(character)
    return known && emojiMeaning(character) !== 'validated' && !denied.test(text.slice(0, index))
  })
}

const isBrief = (text: string) => text.trim().split(/\s+/).length <= 8

/** What a text says that is one status word and no more: `NO-GO`, `Refusé`; null for any other. */
export function statusAlone(text: string): MarkMeaning | null {
  const plain = plainWords(text)
  const found = words.find(([, pattern]) => pattern.exec(plain)?.[0] === plain)
  return found?.[0] ?? null
}

/** Whether the text is a status word, alone or with more words after it. */
export function startsWithStatus(text: string): boolean {
  const plain = plainWords(text)
  return words.some(([, pattern]) => pattern.test(plain))
}

/** The whole text read as a status, such as a table's status cell. Empty is open. */
export function readStatus(text: string): Status {
  const raw = text.trim()
  const boxes = readBoxes(raw)
  if (boxes !== null) return {mark: boxes, raw}
  if (/^[\s_.…–—-]*$/.test(raw)) return {mark: 'open', raw}
  const marks = statusEmoji(raw).map(({mark}) => mark)
  const unknownEmoji = (raw.match(everyEmoji)?.length ?? 0) > marks.length
  const plain = plainWords(raw)
  const word = words.find(([, pattern]) => pattern.test(plain))
  if (word !== undefined) marks.push(word[0])
  for (const worst of ['refused', 'unclear', 'open'] as const) {
    if (marks.includes(worst)) return {mark: worst, raw}
  }
  if (marks.length === 0 || unknownEmoji || takesBack(raw)) return {mark: 'unclear', raw}
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

const drawnBox = /\[([^\][]{0,8})\](?!\()/gu

/** What boxes say, alone or one for each answer (`[x] GO [ ] NO-GO`); null where the text does not begin with one. */
export function readBoxes(text: string): MarkMeaning | null {
  if (!/^[\s*_~]*\[/.test(text)) return null
  const found = [...text.matchAll(drawnBox)]
  if (found.length === 0 || !isDrawn(found[0]?.[1] ?? '')) return null
  const answers = found.map((match, index) => ({
    ticked: isTicked(match[1] ?? ''),
    blank: /^\s*$/.test(match[1] ?? ''),
    words: text.slice(match.index + match[0].length, found[index + 1]?.index).trim(),
  }))
  const ticked = answers.filter((answer) => answer.ticked)
  if (ticked.length === 0) return answers.every(({blank}) => blank) ? 'open' : 'unclear'
  if (answers.some((answer) => !answer.ticked && !answer.blank)) return 'unclear'
  const chosen = ticked.map(({words: said}) => (said === '' ? 'validated' : readStatus(said).mark))
  if (answers.length === 1) {
    const [said = ''] = ticked.map((answer) => answer.words)
    if (said === '' || !startsWithStatus(said))
      return endsByTakingBack(said) ? 'unclear' : 'validated'
    return chosen[0] ?? 'unclear'
  }
  if (chosen.includes('refused')) return 'refused'
  const pairs = answers.every(({words: said}) => startsWithStatus(said))
  return ticked.length === 1 && pairs && chosen[0] === 'validated' ? 'validated' : 'open'
}

const isTicked = (inside: string) => /^\s*[xX✓✔√]\s*$/u.test(inside)
const isDrawn = (inside: string) =>
  [...inside.trim()].length <= 1 || /^[^\p{L}\p{N}]+$/u.test(inside) || startsWithStatus(inside)

/** Forges' short codes as the pictograms that they are drawn as. */
export function asPictograms(text: string): string {
  if (!text.includes(':')) return text
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => codes[name] ?? whole)
}

const codes: Readonly<Record<string, string>> = {
  ...{white_check_mark: '✅', heavy_check_mark: '✔', ballot_box_with_check: '☑', check: '✓'},
  ...{check_mark: '✔', check_mark_button: '✅', green_circle: '🟢', thumbsup: '👍', '+1': '👍'},
  ...{x: '❌', cross_mark: '❌', heavy_multiplication_x: '✖', negative_squared_cross_mark: '❎'},
  ...{no_entry: '⛔', no_entry_sign: '🚫', red_circle: '🔴', octagonal_sign: '🛑', stop_sign: '🛑'},
  ...{thumbsdown: '👎', '-1': '👎', white_large_square: '⬜', white_medium_square: '◻'},
  ...{black_square_button: '🔲', white_circle: '⚪', hourglass: '⌛', construction: '🚧'},
  ...{hourglass_flowing_sand: '⏳', soon: '🔜', warning: '⚠', yellow_circle: '🟡'},
  ...{orange_circle: '🟠', question: '❓', grey_question: '❔', large_blue_circle: '🔵'},
}

function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()
}
