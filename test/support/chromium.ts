import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, test } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'
import { isRoot } from './people.ts'

const PROGRAM = '/usr/bin/chromium'
/** What Debian calls them; without a font a page has no width. */
const PACKAGES = 'chromium fonts-dejavu-core'

/** Quiet on the network, and no sandbox: root has none. */
const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What a page did beside showing itself. */
export interface Watched {
  /** What it said on the console, threw, or was refused. */
  readonly complaints: string[]
  /** Addresses of all that it asked for, itself included. */
  readonly requests: string[]
  /** What it asked the person. */
  readonly dialogs: string[]
}

export interface PageOptions {
  readonly colorScheme?: 'light' | 'dark'
  readonly javaScriptEnabled?: boolean
  readonly viewport?: { readonly width: number; readonly height: number }
  /** With its `#`. */
  readonly fragment?: string
}

/** Opens files in a browser of the test file's own, and watches them. */
export function browserForTests() {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (isThere) browser = await chromium.launch({ executablePath: PROGRAM, args: SWITCHES })
  })
  afterAll(() => browser?.close())
  return async (file: string, options: PageOptions = {}): Promise<Watched & { readonly page: Page }> => {
    if (browser === undefined) throw new Error('no browser was started')
    const { fragment = '', ...context } = options
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context })).newPage()
    const watched = watch(page)
    await page.goto(`file://${file}${fragment}`)
    return { page, ...watched }
  }
}

/** A test that needs a browser. Where none is and none can be installed it is skipped, and says so. */
export function testInBrowser(title: string, work: () => Promise<void>): void {
  if (!isThere) process.stderr.write(`SKIPPED, as it needs ${PROGRAM} (apt-get install ${PACKAGES}): ${title}\n`)
  const declare = isThere ? test : test.skip
  declare(title, work)
}

const isThere = installOnce()

/** Root on Debian gets it from Debian. Several test files may want that at once. */
function installOnce(): boolean {
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    const install = `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends ${PACKAGES}`
    const script = `dpkg-query -W -f '\${db:Status-Status}\\n' ${PACKAGES} 2>/dev/null | grep -c '^installed$' | grep -qx 2 || { ${install}; }`
    try {
      execFileSync('flock', ['/tmp/admin-chromium.lock', 'bash', '-c', script], { stdio: ['ignore', 'ignore', 'pipe'] })
    } catch (error) {
      process.stderr.write(`${PACKAGES} could not be installed: ${error instanceof Error ? error.message : error}\n`)
    }
  }
  return existsSync(PROGRAM)
}

function watch(page: Page): Watched {
  const [complaints, requests, dialogs]: [string[], string[], string[]] = [[], [], []]
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => requests.push(request.url()))
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    return dialog.dismiss()
  })
  return { complaints, requests, dialogs }
}
