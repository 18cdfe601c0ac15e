// HTML as values: whatever is put between tags is text, unless it is markup itself. Every text passes
// through the mask before it is escaped.

export interface Markup {
  readonly html: string
}

type Content = Markup | string | number | null | readonly Content[]

export type Html = (parts: TemplateStringsArray, ...values: readonly Content[]) => Markup

/** The template tag of one page. An attribute's value stands between double quotes. */
export function htmlWith(mask: (text: string) => string): Html {
  const written = (value: Content): string => {
    if (value === null) return ''
    if (typeof value === 'string' || typeof value === 'number') return escaped(mask(`${value}`))
    return 'html' in value ? value.html : value.map(written).join('')
  }
  return (parts, ...values) => ({
    html: parts.map((part, index) => part + written(values[index] ?? null)).join(''),
  })
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')
