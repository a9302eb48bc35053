/** What kind of database it is, and so which client speaks to it. */
export const engines = ['postgres', 'mysql', 'mariadb'] as const

export type Engine = (typeof engines)[number]

/** Where RDS puts a database of it unless somebody says otherwise (Amazon RDS API reference, CreateDBInstance, Port). */
export function usualPort(engine: Engine): number {
  return engine === 'postgres' ? 5432 : 3306
}

/** As a person calls it. */
export function engineName(engine: Engine): string {
  return { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB' }[engine]
}
