// stub
export declare function escapeProse(value: string): string
export declare function escapeCell(value: string): string
export declare function codeSpan(value: string): string
export declare function fence(value: string, language?: string): string
export declare function escapeUrl(value: string): string
export declare function escapeMermaid(value: string): string
/** `[label](url)` for http(s), the label alone otherwise. */
export declare function link(label: string, url: string): string
