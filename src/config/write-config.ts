import type { SsoConfig } from './config.ts'

/** Above which key which words stand. */
type Comments = Readonly<Record<string, string>>

/** The section `sso` as a commented `config.yaml` that {@link readConfig} reads back. Every value is quoted as YAML needs it. */
export async function writeSsoConfig(sso: SsoConfig, heading: string, comments: Comments): Promise<string> {
  const { Document, isMap, isScalar } = await import('yaml')
  const document = new Document({ sso })
  document.commentBefore = ` ${heading}`
  const section = document.get('sso')
  for (const { key } of isMap(section) ? section.items : []) {
    const comment = isScalar(key) ? comments[String(key.value)] : undefined
    if (isScalar(key) && comment !== undefined) key.commentBefore = ` ${comment}`
  }
  return document.toString({ lineWidth: 0 })
}
