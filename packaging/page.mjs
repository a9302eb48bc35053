import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'

/** Style and script of the report's page as texts, under the names by which `page-files.ts` knows them. */
export async function pageTexts(root) {
  const folder = join(root, 'src', 'audit', 'report')
  const common = { charset: 'ascii', legalComments: 'none', minify: true, target: 'es2023' }
  const { outputFiles } = await build({
    ...common,
    bundle: true,
    entryPoints: [join(folder, 'browser', 'main.ts')],
    format: 'iife',
    logLevel: 'warning',
    platform: 'browser',
    write: false,
  })
  const style = await transform(readFileSync(join(folder, 'page.css'), 'utf8'), { loader: 'css', minify: true })
  return { PAGE_STYLE: JSON.stringify(style.code), PAGE_SCRIPT: JSON.stringify(outputFiles[0].text) }
}
