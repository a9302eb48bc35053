import { hash } from 'node:crypto'
import { type Part, part, toHtml } from './markup.ts'
import { type PageData, packPeople } from './packed-people.ts'
import type { ReportData } from './report-data.ts'
import { changes } from './view/changes.ts'
import { figuresSection } from './view/figures.ts'
import { findingsSection } from './view/findings.ts'
import { footer } from './view/footer.ts'
import { header } from './view/header.ts'
import { holdingsSection } from './view/holdings-section.ts'

/** The texts that the build makes of the page's own files. */
export interface PageFiles {
  readonly style: string
  readonly script: string
}

/**
 * The whole page: it needs nothing from elsewhere and may load nothing (Content Security Policy, Level 3). Only our
 * style and our script are let in, by their hashes; what came from outside is text and data.
 */
export function renderPage(data: ReportData, { style, script }: PageFiles): string {
  const policy = [
    `default-src 'none'`,
    `style-src '${sourceHash(style)}'`,
    `script-src '${sourceHash(script)}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${toHtml(part('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }))}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
${toHtml(part('title', {}, data.title))}
<style>${style}</style>
</head>
<body>
${body(data).map(toHtml).join('\n')}
<script type="application/json" id="data">${embeddedJson(pageData(data))}</script>
<script>${script}</script>
</body>
</html>
`
}

function sourceHash(text: string): string {
  return `sha256-${hash('sha256', text, 'base64')}`
}

function body(data: ReportData): readonly Part[] {
  return [
    part('a', { class: 'skip', href: '#holdings' }, 'To who has what'),
    header(data),
    part(
      'main',
      {},
      figuresSection(data.figures),
      findingsSection(data.findings),
      holdingsSection(data),
      changes(data),
    ),
    footer(data),
  ]
}

/** JSON that can neither end the element that it stands in nor begin another (HTML, restrictions of script contents). */
function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function pageData({ roleArns, people, figures }: ReportData): PageData {
  return { roleArns, people: packPeople(people), total: figures.people }
}
