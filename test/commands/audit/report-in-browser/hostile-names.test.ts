import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect } from '@jest/globals'
import type { Page } from 'playwright-core'
import { admin, adminJson, temporaryDirectory } from '../../../support/admin.ts'
import { analyst, engineer } from '../../../support/arns.ts'
import { browserForTests, testInBrowser } from '../../../support/chromium.ts'
import { tamper } from '../../../support/sqlite.ts'

const directory = temporaryDirectory()
const database = join(directory, 'hostile.db')
const file = join(directory, 'report.html')
const open = browserForTests()

/** Names that the command line takes. */
const legal = [
  '<b>bold<b>',
  '"><svg><script>hacked=1<',
  "'onfocus=hacked=1'autofocus='",
  '=HYPERLINK("http_evil")',
  '+1+1',
  '@SUM(1+1)',
  '&lt;script&gt;',
  '&#60;img&#62;',
  '{{constructor.constructor("hacked=1")()}}',
  '$' + '{hacked=1}',
  '\\u003cscript\\u003e',
  '<!--',
  '-->'.padStart(4, 'x'),
  ']]>',
  '<plaintext>',
  '%3Cscript%3E',
  'CORP\\alice',
  'josé',
  'שלום-עולם',
  'مستخدم',
  '田中',
  '__proto__',
  'constructor',
  'x'.repeat(256),
]

/** Those that only somebody with rights to the database can put there. */
const forged = [
  '</script><script>window.hacked=1</script>',
  '<img src=x onerror="window.hacked=1">',
  '</style><style>body{display:none}</style>',
  '</title><script>window.hacked=1</script>',
  'javascript:window.hacked=1//',
  '<a href="javascript:window.hacked=1">press</a>',
  '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
  '--><!--<script>',
  'evil\u202egnp.exe',
  'zero\u200bwidth\u2028line\u2029',
  'tab\tbell\u0007escape\u001b[31m',
  `"' onmouseover="window.hacked=1" x="`,
]

beforeAll(async () => {
  const store = { env: { ADMIN_DATABASE: database } }
  for (const name of legal) {
    const reason = `${name.slice(0, 100)} </script><script>window.hacked=1</script> <img src=x onerror=window.hacked=1>`
    await admin(['set-aws-role-arns', name, `${analyst},${engineer}`, '--reason', reason], store)
  }
  copyFileSync(database, join(directory, 'legal.db'))
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`
  tamper(
    database,
    ...forged.flatMap((name, index) => [
      `INSERT INTO users (id, username, subject, role_session_name, last_sso_login) VALUES (${1000 + index}, ${[name, name, name, name].map(text)})`,
      `INSERT INTO roles (id, arn, "partition", account_id, path, name) VALUES (${1000 + index}, ${text(`arn:aws:iam::${name}:role/${name}`)}, 'aws', '', '/', '')`,
      `INSERT INTO assignments (user_id, source, set_at, set_by, expires_at) VALUES (${1000 + index}, 'cli', ${text(name)}, ${text(name)}, ${text(`zz${name}`)})`,
      `INSERT INTO assignment_roles (user_id, position, role_id) VALUES (${1000 + index}, 1, ${1000 + index})`,
      `UPDATE events SET actor = ${text(name)}, host = ${text(name)}, reason = ${text(name)}, at = ${text(name)} WHERE id = ${index + 1}`,
    ]),
    `UPDATE events SET after = '{"source":"cli","roleArns":["<script>window.hacked=1</script>"],"expiresAt":"<img src=x onerror=window.hacked=1>"}' WHERE id = 13`,
  )
  const title = '</title><script>window.hacked=1</script>'
  await admin(['audit', 'report', '--output', file, '--title', title, '--database', database])
})

/** What the page has that is not ours, and what ran. */
function intruders(page: Page) {
  return page.evaluate(() => {
    const elements = [...document.querySelectorAll('*')]
    const ours =
      'html head meta title style body script header main section footer nav form label input select option button noscript'
    const known = new Set(
      `${ours} h1 h2 h3 p a b strong small span div code kbd dl dt dd ul ol li details summary table thead tbody tr th td time bdi figure svg rect g line text path title`.split(
        ' ',
      ),
    )
    const attributes = elements.flatMap((element) =>
      [...element.attributes].map(({ name, value }) => ({ name, value })),
    )
    return {
      hacked: 'hacked' in window,
      strangers: elements.map(({ localName }) => localName).filter((name) => !known.has(name)),
      scripts: document.scripts.length,
      styles: document.styleSheets.length,
      handlers: attributes.filter(({ name }) => name.startsWith('on') || name === 'style' || name === 'src'),
      links: attributes.filter(({ name, value }) => /href|action/.test(name) && !value.startsWith('#')),
      controls: [...document.querySelectorAll('header, main, footer')].filter(({ textContent }) =>
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(textContent ?? ''),
      ).length,
    }
  })
}

const clean = { hacked: false, strangers: [], scripts: 2, styles: 1, handlers: [], links: [], controls: 0 }

describe('the report of a hostile store', () => {
  testInBrowser('runs nothing of theirs, in any view', async () => {
    const { page, complaints, requests, dialogs } = await open(file)
    expect(await intruders(page)).toEqual(clean)
    const openers = page.locator('#people .opener')
    for (let index = 0; index < (await openers.count()); index += 1) await openers.nth(index).press('Enter')
    expect(await intruders(page)).toEqual(clean)
    for (const view of ['By role', 'Graph', 'By person']) {
      await page.getByRole('button', { name: view }).click()
      expect(await intruders(page)).toEqual(clean)
    }
    expect({ complaints, dialogs, requests }).toEqual({ complaints: [], dialogs: [], requests: [`file://${file}`] })
  })

  testInBrowser('shows each name letter by letter, with what is invisible spelled out', async () => {
    const { page } = await open(file)
    const shown = await page.locator('#people tbody th bdi').allTextContents()
    const escaped = (name: string) =>
      name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`)
    expect(shown.toSorted()).toEqual([...legal, ...forged].map((name) => escaped(name.normalize('NFC'))).toSorted())
    expect(shown).toContain('evil\\u{202e}gnp.exe')
  })

  testInBrowser('tells that somebody edited it', async () => {
    const { page } = await open(file)
    expect(await page.locator('[data-verified]').getAttribute('data-verified')).toBe('false')
    expect(await page.getByText('chain broken at event 1', { exact: false }).isVisible()).toBe(true)
  })

  testInBrowser('counts what audit assignments lists', async () => {
    const { page } = await open(file)
    const { json } = await adminJson(['audit', 'assignments', '--database', database])
    expect(await page.locator('[data-figure="pairs"]').textContent()).toBe(String(json.length))
    expect(await page.locator('[data-figure="people"]').textContent()).toBe(String(legal.length + forged.length))
  })

  testInBrowser('finds people of hostile names by them, also from an address', async () => {
    const { page } = await open(join(directory, 'report.html'))
    for (const name of legal) {
      await page.locator('#query').fill(`user=${name}`)
      expect(await page.locator('#people tbody th bdi').allTextContents()).toEqual([name.normalize('NFC')])
    }
    const fragment = `#q=${encodeURIComponent('"><img src=x onerror=hacked=1>')}&view=<script>&sort=__proto__&show=%00&account=<b>`
    const other = await open(file, { fragment })
    expect({ ...(await intruders(other.page)), complaints: other.complaints }).toEqual({ ...clean, complaints: [] })
  })

  testInBrowser('keeps a name of 256 letters within the page', async () => {
    const { page } = await open(file)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280)
    const width = await page
      .locator('#people th', { hasText: 'xxxxxxxx' })
      .evaluate((cell) => cell.getBoundingClientRect().width)
    expect(width).toBeLessThan(400)
  })

  testInBrowser('is as harmless without the script', async () => {
    const { page, dialogs, requests } = await open(file, { javaScriptEnabled: false })
    expect(await page.locator('#people tbody th').count()).toBe(legal.length + forged.length)
    expect({ dialogs, requests }).toEqual({ dialogs: [], requests: [`file://${file}`] })
    expect(await page.locator('img, iframe, body > style').count()).toBe(0)
  })
})
