// The help of the tools beside the scenarios.

const tools = {
  decide: {
    fr: [
      'Lequel des trois scénarios peut partir, lequel non et pourquoi, et qui décide.',
      '[--json] [--gate FICHIER]',
    ],
    en: [
      'Which of the three scenarios may run, which not and why, and who decides.',
      '[--json] [--gate FILE]',
    ],
  },
} as const

export type Tool = keyof typeof tools

export function toolHelp(tool: Tool, lang: 'fr' | 'en'): string {
  const [what, flags] = tools[tool][lang]
  const common =
    lang === 'fr'
      ? '[--project DOSSIER] [--sandbox] [--lang fr|en] [--help]'
      : '[--project DIR] [--sandbox] [--lang fr|en] [--help]'
  return `${what}\n\n  npx zx scripts/${tool}.ts ${flags} ${common}\n`
}
