/** Put here by the build, from `page.css` and `browser/`. */
declare const PAGE_STYLE: string
declare const PAGE_SCRIPT: string

export const pageStyle = PAGE_STYLE
export const pageScript = PAGE_SCRIPT
