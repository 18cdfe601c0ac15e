// stub
export type ViewValue =
  | string
  | number
  | boolean
  | null
  | readonly ViewValue[]
  | {readonly [name: string]: ViewValue}

export type View = {readonly [name: string]: ViewValue}

/** Filters: code, code_cell, url, link: label, path, fence: language, mermaid, cell, markdown. Throws DocumentError. */
export declare function renderTemplate(source: string, path: string, view: View): Promise<string>
