import { AdminError } from '../errors.ts'
import { quote, shellQuote } from '../iam/quote.ts'
import type { Engine } from './engine.ts'

type Client = 'psql' | 'mysql'

interface Options {
  /** They take no value. */
  readonly alone: ReadonlySet<string>
  /** Their value is the rest of the word or the next word, which may be anything. */
  readonly valued: ReadonlySet<string>
  /** Their value is behind a `=`, if there is one. */
  readonly attached: ReadonlySet<string>
}

const PSQL: Options = {
  alone: names(
    `-a -A -b -e -E -H -l -n -q -s -S -t -V -x -X -z -0 -1 --csv --echo-all --echo-errors --echo-hidden --echo-queries
    --expanded --field-separator-zero --html --list --no-align --no-psqlrc --no-readline --quiet --record-separator-zero
    --single-line --single-step --single-transaction --tuples-only --version`,
  ),
  valued: names(
    `-c -f -F -L -o -P -R -T -v --command --field-separator --file --log-file --output --pset --record-separator --set
    --table-attr --variable`,
  ),
  attached: names(''),
}

/** Letters and names that mean the same to the clients of MySQL and MariaDB. */
const MYSQL: Options = {
  alone: names(
    `-A -b -B -c -E -f -G -H -i -L -n -N -o -q -r -s -t -v -V -w -X --batch --binary-as-hex --binary-mode --column-names
    --column-type-info --comments --force --html --ignore-spaces --line-numbers --named-commands --no-auto-rehash --no-beep
    --one-database --quick --raw --safe-updates --show-warnings --sigint-ignore --silent --skip-auto-rehash
    --skip-column-names --skip-comments --skip-line-numbers --table --unbuffered --verbose --version --vertical --wait --xml`,
  ),
  valued: names(
    `-D -e --connect-timeout --database --default-character-set --delimiter --execute --init-command --max-allowed-packet
    --max-join-size --net-buffer-length --prompt --select-limit --tee`,
  ),
  attached: names('--local-infile --pager'),
}

const OPTIONS: Readonly<Record<Client, Options>> = { psql: PSQL, mysql: MYSQL }

/**
 * Words for the client may not lead the token to another server, nor to one that has not proved who it is. What is not
 * known to be harmless is refused. Words are taken apart as both clients do it, but for names that are cut short or have
 * other dashes, of which none is taken.
 *
 * @throws AdminError USAGE_ARGUMENT
 */
export function refuseRedirection(words: readonly string[], engine: Engine): void {
  const client = engine === 'postgres' ? 'psql' : 'mysql'
  let isValue = false
  for (const word of words) {
    const next: Reading = isValue ? 'done' : readWord(word, client)
    if (typeof next === 'object') throw notForClient(next.refused, client)
    isValue = next === 'value follows'
  }
}

type Reading = 'done' | 'value follows' | { readonly refused: string }

function readWord(word: string, client: Client): Reading {
  if (word.startsWith('--')) return readName(word, OPTIONS[client])
  if (/^-./s.test(word)) return readLetters(word.slice(1), OPTIONS[client])
  const isDatabase = client === 'mysql' && /^[\w$][\w$-]*$/.test(word)
  return isDatabase ? 'done' : { refused: word.replace(/[:=].*$/s, '…') }
}

function readName(word: string, { alone, valued, attached }: Options): Reading {
  const [name, ...value] = word.split('=')
  const isAttached = value.length > 0
  if (valued.has(name ?? '')) return isAttached ? 'done' : 'value follows'
  const isKnown = attached.has(name ?? '') || (alone.has(word) && !isAttached)
  return isKnown ? 'done' : { refused: isAttached ? `${name}=…` : word }
}

/** As `-qtAc`: what follows a letter that takes a value is its value. */
function readLetters(letters: string, { alone, valued }: Options): Reading {
  for (const [index, letter] of [...letters].entries()) {
    const option = `-${letter}`
    if (valued.has(option)) return index === letters.length - 1 ? 'value follows' : 'done'
    if (!alone.has(option)) return { refused: option }
  }
  return 'done'
}

function notForClient(refused: string, client: Client): AdminError {
  if (/^[\w$][\w$-]*$/.test(refused)) return isDatabase(refused)
  const { alone, valued, attached } = OPTIONS[client]
  const lines = [
    `${quote(refused)} is not for the client: where to connect to, as whom and how is said before the --`,
    `the database is named by --dbname before the --; what ${client} may be given behind it, by its whole name:`,
    `without a value ${[...alone].join(' ')}`,
    `with a value ${[...valued, ...attached].join(' ')}`,
  ]
  const suggestions = ['admin rds connect --dbname DATABASE …', 'admin rds connect --help']
  return new AdminError('USAGE_ARGUMENT', lines.join('\n'), { suggestions })
}

function isDatabase(word: string): AdminError {
  const message = `${quote(word)} is not for the client: a database is named by --dbname, before the --`
  return new AdminError('USAGE_ARGUMENT', message, {
    suggestions: [`admin rds connect --dbname ${shellQuote(word)} …`],
  })
}

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((name) => name !== ''))
}
