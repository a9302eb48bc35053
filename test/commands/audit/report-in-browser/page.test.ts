import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect } from '@jest/globals'
import type { Page } from 'playwright-core'
import { fillStore } from '../../../../bench/fill-store.ts'
import { admin, adminJson, temporaryDirectory } from '../../../support/admin.ts'
import { browserForTests, testInBrowser } from '../../../support/chromium.ts'
import { seedStore } from '../../../support/seeded-store.ts'

const PEOPLE = 260
const directory = temporaryDirectory()
const database = join(directory, 'seeded.db')
const file = join(directory, 'report.html')
const open = browserForTests()

beforeAll(async () => {
  await seedStore(database, PEOPLE)
  await admin(['audit', 'report', '--output', file, '--database', database])
})

interface AssignmentRow {
  readonly username: string
  readonly role_arn: string
  readonly account_id: string
}

async function assignments(): Promise<readonly AssignmentRow[]> {
  return (await adminJson(['audit', 'assignments', '--database', database])).json
}

/** The names in the rows that are there. */
function names(page: Page, table = '#people'): Promise<readonly string[]> {
  return page.locator(`${table} tbody th bdi`).allTextContents()
}

function figure(page: Page, id: string): Promise<string | null> {
  return page.locator(`[data-figure="${id}"]`).textContent()
}

describe('the page of a report', () => {
  testInBrowser('asks for nothing but itself and complains of nothing', async () => {
    const { page, requests, complaints } = await open(file)
    await page.getByRole('button', { name: 'Graph' }).click()
    expect(await page.locator('#graph .node').count()).toBeGreaterThan(10)
    expect({ requests, complaints }).toEqual({ requests: [`file://${file}`], complaints: [] })
  })

  testInBrowser('lets in no other script, no markup, no image and no connection', async () => {
    const { page } = await open(file)
    const broken = await page.evaluate(async () => {
      const violations: string[] = []
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective))
      const [script, image, style] = [
        document.createElement('script'),
        document.createElement('img'),
        document.createElement('style'),
      ]
      style.textContent = 'body { display: none }'
      image.src = 'file:///etc/hostname'
      document.body.append(image, style, script)
      const isMarkupRefused = (() => {
        try {
          document.body.innerHTML = '<b>'
        } catch {
          return true
        }
        return false
      })()
      const isFetchRefused = await fetch('http://127.0.0.1:9/').then(
        () => false,
        () => true,
      )
      await new Promise((resolve) => setTimeout(resolve))
      return { isMarkupRefused, isFetchRefused, violations: [...new Set(violations)].sort() }
    })
    expect(broken).toMatchObject({ isMarkupRefused: true, isFetchRefused: true })
    expect(broken.violations).toEqual(expect.arrayContaining(['connect-src', 'img-src', 'style-src-elem']))
    expect(await page.locator('body').isVisible()).toBe(true)
  })

  testInBrowser('shows the figures of audit assignments', async () => {
    const { page } = await open(file)
    const rows = await assignments()
    const distinct = (key: keyof AssignmentRow) => String(new Set(rows.map((row) => row[key])).size)
    expect(rows.length).toBeGreaterThan(300)
    expect(await figure(page, 'pairs')).toBe(String(rows.length))
    expect(await figure(page, 'people')).toBe(distinct('username'))
    expect(await figure(page, 'roles')).toBe(distinct('role_arn'))
    expect(await figure(page, 'accounts')).toBe(distinct('account_id'))
    await page.getByRole('button', { name: 'By role' }).click()
    const holders = await page.locator('#roles tbody td:nth-child(3)').allTextContents()
    expect(holders.reduce((sum, number) => sum + Number(number), 0)).toBe(rows.length)
  })

  testInBrowser(
    'is searched, walked through and opened by keyboard, and its address keeps what was looked for',
    async () => {
      const { page } = await open(file)
      const last = (await assignments()).at(-1)?.username ?? ''
      await page.keyboard.press('/')
      await page.keyboard.type(`user=${last}`)
      expect(await names(page)).toEqual([last])
      expect(await page.locator('#found').textContent()).toMatch(/^1 of \d+ people/)
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const arns = (await assignments()).filter(({ username }) => username === last).map(({ role_arn }) => role_arn)
      expect(await page.locator('#people .arns li').allTextContents()).toEqual(arns)
      const again = await open(file, { fragment: new URL(page.url()).hash })
      expect(await names(again.page)).toEqual([last])
    },
  )

  testInBrowser('of which people had to be left out says so to whoever looks for one of them', async () => {
    const names = [...new Set((await assignments()).map(({ username }) => username))]
    const { page } = await open(withFirstPeople(20))
    const found = () => page.locator('#found').textContent()
    const rest = `; ${names.length - 20} more people are not in this page`
    expect(await found()).toMatch(new RegExp(`^20 of the first 20 people by name, \\d+ different roles${rest}$`))
    await page.locator('#query').fill(`user=${names[0]}`)
    expect(await found()).toMatch(/^1 of the first 20 people by name, .* are not in this page$/)
    await page.locator('#query').fill(`user=${names.at(-1)}`)
    expect(await found()).toBe(`Nobody found among the first 20 people by name${rest}.`)
  })

  testInBrowser('turns pages under the keyboard, from the first row to the last', async () => {
    const { page } = await open(file)
    const all = [...new Set((await assignments()).map(({ username }) => username))]
    const focused = () => page.evaluate(() => document.activeElement?.textContent)
    await page.locator('#query').press('ArrowDown')
    await page.keyboard.press('PageDown')
    expect(await focused()).toBe(all[100])
    await page.keyboard.press('ArrowUp')
    expect(await focused()).toBe(all[99])
    await page.keyboard.press('End')
    expect(await focused()).toBe(all.at(-1))
    await page.keyboard.press('Home')
    expect(await focused()).toBe(all[0])
  })

  testInBrowser('finds roles within an account, and those who hold two roles', async () => {
    const { page } = await open(file)
    const rows = await assignments()
    const holders = (...wanted: readonly ((arn: string) => boolean)[]) => {
      const byPerson = Map.groupBy(rows, ({ username }) => username)
      return [...byPerson].filter(([, held]) => wanted.every((fits) => held.some(({ role_arn }) => fits(role_arn))))
        .length
    }
    const search = async (words: string) => {
      await page.locator('#query').fill(words)
      return Number.parseInt((await page.locator('#found').textContent()) ?? '', 10)
    }
    expect(await search('role:billing account=210987654321')).toBe(
      holders((arn) => arn.includes('::210987654321:') && arn.includes('billing')),
    )
    expect(await search('role:billing role:analyst')).toBe(
      holders(
        (arn) => arn.includes('billing'),
        (arn) => arn.includes('analyst'),
      ),
    )
    await page.locator('#query').fill('nobody-of-that-name')
    expect(await page.locator('#found').textContent()).toBe('Nobody found.')
  })

  testInBrowser('sorts by what is pressed, down at the second time', async () => {
    const { page } = await open(file)
    const head = page.locator('#people th[data-sort="set"]')
    const dates = () =>
      page
        .locator('#people tbody td:nth-child(4) time')
        .evaluateAll((times) => times.map((time) => time.getAttribute('datetime')))
    await head.getByRole('button').click()
    expect(await dates()).toEqual((await dates()).toSorted())
    await head.getByRole('button').click()
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    expect(await dates()).toEqual((await dates()).toSorted().reverse())
  })

  testInBrowser('leads from a finding to the people in the table', async () => {
    const { page } = await open(file)
    const finding = page.locator('[data-finding="not-lately"]')
    const total = await finding.locator('.total').textContent()
    await finding.locator('summary').click()
    await finding.getByRole('link', { name: 'Show them in the table' }).click()
    expect(await page.locator('#found').textContent()).toMatch(new RegExp(`^${total} of `))
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    testInBrowser(
      `is ${colorScheme} where the system is, with contrast for all words, until the button is pressed`,
      async () => {
        const { page } = await open(file, { colorScheme })
        const before = await contrasts(page)
        await page.locator('#theme').click()
        const after = await contrasts(page)
        expect(before.paper > 0.5).toBe(colorScheme === 'light')
        expect(after.paper > 0.5).toBe(colorScheme === 'dark')
        expect(Math.min(...before.ratios, ...after.ratios)).toBeGreaterThanOrEqual(4.5)
      },
    )
  }

  testInBrowser('prints every row and no control, and goes back to its pages', async () => {
    const { page, complaints } = await open(file)
    const people = new Set((await assignments()).map(({ username }) => username)).size
    await page.evaluate(() =>
      addEventListener('beforeprint', () => {
        document.body.dataset.rows = String(document.querySelectorAll('#people tbody tr').length)
        document.body.dataset.closed = String(document.querySelectorAll('details:not([open])').length)
      }),
    )
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
    expect(await page.evaluate(() => ({ ...document.body.dataset }))).toEqual({ rows: String(people), closed: '0' })
    expect(await names(page)).toHaveLength(100)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#filter, #page-controls, .pager').evaluateAll(areShown)).toEqual([])
    expect(await page.locator('#by-person, #by-role').evaluateAll(areShown)).toEqual(['by-person', 'by-role'])
    expect(complaints).toEqual([])
  })

  testInBrowser('tells the essentials without its script', async () => {
    const { page } = await open(file, { javaScriptEnabled: false })
    expect(await figure(page, 'pairs')).toBe(String((await assignments()).length))
    expect(await names(page)).toHaveLength(200)
    expect(await page.getByText('Without its script this page lists the first 200').isVisible()).toBe(true)
    expect(await page.locator('#filter').isVisible()).toBe(false)
  })

  testInBrowser('fits a narrow screen', async () => {
    const { page } = await open(file, { viewport: { width: 360, height: 700 } })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  })

  for (const width of [1280, 420]) {
    testInBrowser(`keeps wide numbers clear of words, and events whole, on ${width} pixels`, async () => {
      const { page } = await open(file, { viewport: { width, height: 900 } })
      const overlaps = await page.locator('.finding summary').evaluateAll((summaries) =>
        summaries.filter((summary) => {
          const [number, title] = summary.querySelectorAll('b, .title')
          if (number === undefined || title === undefined) return true
          number.textContent = '1,234,567'
          const words = document.createRange()
          words.selectNodeContents(number)
          return words.getBoundingClientRect().right >= title.getBoundingClientRect().left
        }),
      )
      const beyond = await page
        .locator('.events td')
        .evaluateAll((cells) => cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth).length)
      expect([overlaps.length, beyond]).toEqual([0, 0])
    })
  }

  testInBrowser('serves ten thousand people', async () => {
    const [store, large] = [join(directory, 'large.db'), join(directory, 'large.html')]
    fillStore(store, 10_000)
    const run = await admin(['audit', 'report', '--output', large, '--database', store])
    const { page, complaints } = await open(large)
    expect(run.exitCode).toBe(0)
    expect(await figure(page, 'pairs')).toBe('30,000')
    expect(await names(page)).toHaveLength(100)
    await page.locator('#query').fill('user=user-10000')
    expect(await names(page)).toEqual(['user-10000'])
    await page.locator('#query').fill('role:bench-77')
    await page.getByRole('button', { name: 'Graph' }).click()
    expect(await page.locator('#graph').textContent()).toContain('A part only')
    expect(complaints).toEqual([])
  })
})

/** The same page where fewer people than there are had a place. */
function withFirstPeople(most: number): string {
  const page = readFileSync(file, 'utf8').replace(
    /(<script type="application\/json" id="data">)(.*?)(<)/s,
    (_, ...parts) => {
      const data = JSON.parse(parts[1])
      const rows = data.people.rows.slice(0, most)
      return `${parts[0]}${JSON.stringify({ ...data, people: { ...data.people, rows } })}${parts[2]}`
    },
  )
  const cut = join(directory, 'cut.html')
  writeFileSync(cut, page)
  return cut
}

function areShown(elements: readonly Element[]): readonly string[] {
  return elements.filter((element) => element.checkVisibility()).map(({ id }) => id)
}

/** Luminance of the paper, and how each colour of words stands out from it and from the shaded rows (WCAG 2.2, 1.4.3). */
function contrasts(page: Page): Promise<{ readonly paper: number; readonly ratios: readonly number[] }> {
  return page.evaluate(() => {
    const style = getComputedStyle(document.documentElement)
    const luminance = (name: string) => {
      const digits = style.getPropertyValue(`--${name}`).trim().slice(1)
      const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
      const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((start) => {
        const share = Number.parseInt(full.slice(start, start + 2), 16) / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const ratio = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    const words = ['ink', 'quiet', 'accent', 'set', 'ended', 'sso', 'refused', 'alarm'].map(luminance)
    const grounds = ['paper', 'sheet'].map(luminance)
    return { paper: grounds[0] ?? 0, ratios: words.flatMap((word) => grounds.map((ground) => ratio(word, ground))) }
  })
}
